// Zones and hazards by hand, a file that is changed afterwards, roads corrected before the first plan, two windows that both change
// something, plans over each other, and who may do what.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bridge, crossing, osm, westernTown } from "./town.mjs";
import { click, drawn, dropFile, give, open, serve, signIn, steps } from "./setup.mjs";
import { zippedShapefile } from "./shapefile.mjs";

const step = steps(test, () => seen);
let server;
let seen;

before(async () => {
  server = await serve();
  seen = await open(server.address);
});
after(async () => {
  await seen?.close();
  await server?.end();
});

/** The draft as the server has it. */
async function stored() {
  const response = await seen.page.request.get(`${server.address}/api/projects/1/draft`);
  return (await response.json()).draft;
}

const ofRole = (draft, role) => draft.features.features.filter((one) => one.properties.role === role);

step("a road that the map has wrong is corrected before the first plan, with who and when", async () => {
  const { page } = seen;
  await signIn(page, "Ada");
  await page.getByLabel("Name", { exact: true }).fill("Drawn by hand");
  await page.getByRole("button", { name: "Create" }).click();
  await give(page, "Choose a road map", "town.osm", osm());
  await page.getByTestId("roads").filter({ hasText: "links" }).waitFor();
  await drawn(page);
  const [lng, lat] = bridge(2);
  await click(page, [lng, lat - 0.00003]);
  const actions = page.getByTestId("road-actions");
  await actions.getByText("Correct this road").click();
  await actions.getByLabel("Where you know it from").fill("seen on the spot");
  await actions.getByLabel("Lanes").fill("1");
  await actions.getByLabel("Capacity (pcu/h)").fill("900");
  await actions.getByRole("button", { name: "Change lanes, speed or capacity" }).click();
  await page.getByTestId("corrections").getByText("Roads corrected: 1").waitFor();
  await page.getByText("Saved", { exact: true }).waitFor();
  const [change] = (await stored()).changes;
  assert.deepEqual([change.what.lanes, change.what.capacity_pcu_h, change.source], [1, 900, "seen on the spot"]);
  assert.match(change.note, /South Bridge: corrected by Ada, \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
});

step("two zones that are drawn side by side share their corners", async () => {
  const { page } = seen;
  const zones = page.getByTestId("zones");
  await zones.locator("summary").first().click();
  const rim = 0.0005;
  const [west, south] = crossing(0, 0);
  const [middle, north] = crossing(4, 8);
  const [east] = crossing(7, 0);
  const left = [[west - rim, south - rim], [middle, south - rim], [middle, north + rim], [west - rim, north + rim]];
  await zones.getByRole("button", { name: "Draw a zone" }).click();
  for (const corner of [...left, left[0]]) await click(page, corner);
  await page.getByText("Zones of your own: 1").waitFor();
  await zones.getByRole("button", { name: "Draw a zone" }).click();
  // A few pixels beside the corners that are there.
  const near = 0.00006;
  const right = [[middle + near, south - rim + near], [east + rim, south - rim], [east + rim, north + rim], [middle - near, north + rim - near]];
  for (const corner of right) await click(page, corner);
  await click(page, left[1]);
  await page.getByText("Zones of your own: 2").waitFor();
  for (const [at, [name, people]] of [["Harbour", "6,000"], ["Hill", "5000"]].entries()) {
    const zone = zones.getByTestId("zone").nth(at);
    await zone.getByLabel("What it is called").fill(name);
    await zone.getByLabel("People", { exact: true }).fill(people);
    await zone.getByLabel("Where you know it from").fill("register of residents");
  }
  await page.keyboard.press("Tab");
  await page.getByText("Saved", { exact: true }).waitFor();
  const [harbour, hill] = ofRole(await stored(), "zone");
  assert.deepEqual([harbour.properties.name, harbour.properties.people, hill.properties.people], ["Harbour", 6000, 5000]);
  const corners = (zone) => zone.geometry.coordinates[0].map(String);
  const shared = corners(hill).filter((corner) => corners(harbour).includes(corner));
  assert.ok(new Set(shared).size >= 2, `no shared border: ${corners(harbour)} and ${corners(hill)}`);
});

step("a hazard has its time, and what was drawn is taken back and comes back", async () => {
  const { page } = seen;
  const hazards = page.getByTestId("hazards");
  await hazards.locator("summary").first().click();
  await hazards.getByRole("button", { name: "Draw a hazard" }).click();
  const [lng, lat] = bridge(6);
  const around = [[lng - 0.0006, lat - 0.0004], [lng + 0.0006, lat - 0.0004], [lng + 0.0006, lat + 0.0004], [lng - 0.0006, lat + 0.0004]];
  for (const corner of [...around, around[0]]) await click(page, corner);
  await page.getByText("Hazards over time: 1").waitFor();
  const hazard = hazards.getByTestId("hazard");
  await hazard.getByText("A hazard needs a time").waitFor();
  await hazard.getByLabel("What it is called").fill("Flood");
  await hazard.getByLabel("From, hours after the start").fill("0.5");
  await page.keyboard.press("Tab");
  await hazard.getByLabel("What it closes").selectOption("entry");
  await page.getByText("Saved", { exact: true }).waitFor();
  const [flood] = ofRole(await stored(), "hazard");
  assert.deepEqual([flood.properties.from_ms, flood.properties.kind, flood.properties.name], [1_800_000, "entry", "Flood"]);
  assert.equal(ofRole(await stored(), "zone").length, 2, "the zones are as they were");
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  while (!(await page.getByText("Hazards over time: 0").isVisible())) await undo.click();
  const redo = page.getByRole("button", { name: "Redo", exact: true });
  // The last one may be on its way when it is looked at.
  while (await redo.isEnabled()) await redo.click({ timeout: 2000 }).catch(() => {});
  await page.getByText("Hazards over time: 1").waitFor();
  const picture = new URL("out/drawn.png", import.meta.url).pathname;
  await drawn(page);
  await page.screenshot({ path: picture });
});

step("the plan is of these zones, this hazard and the corrected road", async () => {
  const { page } = seen;
  await page.getByLabel("Name of this plan").fill("By hand");
  await page.getByRole("button", { name: "Find the answer" }).click();
  await page.getByTestId("number-simulated").filter({ hasText: /\d/ }).waitFor();
  const table = page.getByRole("region", { name: "Zones, the last first" });
  assert.deepEqual((await table.locator("tbody th").allTextContents()).map((text) => text.trim()).sort(), ["Harbour", "Hill"]);
  const { request } = page;
  const versions = await (await request.get(`${server.address}/api/projects/1/versions`)).json();
  const scenario = versions.find((one) => one.kind === "scenario").id;
  const file = async (name) => (await request.get(`${server.address}/api/versions/${scenario}/files/${name}`)).text();
  assert.match(await file("closures.csv"), /1800000/);
  assert.match(await file("sources.csv"), /corrected by Ada/);
});

step("a file of other programs is loaded and can be changed", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Prepare" }).click();
  const ring = westernTown().map(([lng, lat]) => `${lng},${lat}`);
  const kml = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>West</name><Polygon><outerBoundaryIs><LinearRing><coordinates>${[...ring, ring[0]].join(" ")}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`;
  await give(page, "Choose a file with the area", "west.kml", kml);
  await page.getByText("Polygons: 1").waitFor();
  const before = ofRole(await waitSaved(page), "area")[0].geometry.coordinates[0];
  await page.getByRole("button", { name: "Change", exact: true }).first().click();
  // A corner is dragged a little inwards.
  const [from, to] = [before[0], [before[0][0] + 0.003, before[0][1] + 0.002]];
  await click(page, crossing(2, 1));
  const { onScreen } = await import("./setup.mjs");
  const [x, y] = await onScreen(page, from);
  const [toX, toY] = await onScreen(page, to);
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.down();
  await page.mouse.move((x + toX) / 2, (y + toY) / 2, { steps: 4 });
  await page.mouse.move(toX, toY, { steps: 4 });
  await page.mouse.up();
  await page.getByText("Not saved yet").or(page.getByText("Saving")).first().waitFor();
  const changed = ofRole(await waitSaved(page), "area")[0].geometry.coordinates[0];
  assert.notDeepEqual(changed, before);
});

step("a zipped shapefile is dropped in, and its corners are those of the area", async () => {
  const { page } = seen;
  const [west, south] = crossing(1, 1);
  const [east, north] = crossing(6, 7);
  const corners = [[west, south], [east, south], [east, north], [west, north]];
  await dropFile(page, "Choose a file with the area", "quarter.zip", zippedShapefile("quarter", corners));
  await page.getByText("Not saved yet").or(page.getByText("Saving")).first().waitFor();
  const [area, ...more] = ofRole(await waitSaved(page), "area");
  assert.equal(more.length, 0);
  const given = new Set(area.geometry.coordinates[0].map(([lng, lat]) => `${lng.toFixed(6)},${lat.toFixed(6)}`));
  assert.deepEqual(given, new Set(corners.map(([lng, lat]) => `${lng.toFixed(6)},${lat.toFixed(6)}`)));
});

async function waitSaved(page) {
  await page.getByText("Saved", { exact: true }).waitFor();
  return stored();
}

step("two windows that change the same project: nothing is written over in silence", async () => {
  const { page } = seen;
  const other = await seen.page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("tab", { name: "Prepare" }).click();
  await other.getByTestId("people").fill("777");
  await other.keyboard.press("Tab");
  await other.getByText("Saved", { exact: true }).waitFor();
  await page.getByTestId("people").fill("555");
  await page.keyboard.press("Tab");
  await page.getByTestId("conflict").waitFor();
  assert.equal((await stored()).people, 777);
  await page.getByRole("button", { name: "Save mine" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  assert.equal((await stored()).people, 555);
  await other.close();
});

step("nothing went wrong in the page", () => {
  assert.deepEqual(seen.foreign, []);
  assert.deepEqual(seen.troubles.filter((one) => !/status of 409/.test(one)), []);
});

step("the first account makes everybody sign in; viewers have no tools that would be refused", async () => {
  const { page } = seen;
  const password = "long enough for this";
  await page.getByRole("button", { name: "All projects" }).click();
  const accounts = page.getByTestId("accounts");
  await accounts.locator("summary").click();
  await accounts.getByLabel("Name", { exact: true }).fill("Ada");
  await accounts.getByLabel("Password, at least").fill(password);
  await accounts.getByRole("button", { name: "Make the account" }).click();
  await page.getByLabel("Password").waitFor();
  await page.getByTestId("who").fill("Ada");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await accounts.locator("summary").click();
  await accounts.getByLabel("Name", { exact: true }).fill("Vera");
  await accounts.getByLabel("Password, at least").fill(password);
  await accounts.getByRole("button", { name: "Make the account" }).click();
  await accounts.getByTestId("account").nth(1).waitFor();
  await page.screenshot({ path: new URL("out/accounts.png", import.meta.url).pathname });
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByTestId("who").fill("Vera");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  const refused = [];
  page.on("response", (response) => response.status() >= 400 && refused.push(response.url()));
  await page.locator(".list button").first().click();
  await page.getByTestId("number-plan").filter({ hasText: /\d/ }).waitFor();
  await drawn(page);
  assert.deepEqual(await page.getByRole("tab").allTextContents().then((all) => all.map((text) => text.trim())), ["Answer", "Over time", "Compare", "Versions"]);
  for (const name of ["Over time", "Compare", "Versions", "Answer"]) {
    await page.getByRole("tab", { name }).click();
    await drawn(page);
  }
  for (const name of ["Audit", "Needs", "Submit for review", "Write", "Create"])
    assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
  assert.deepEqual(refused, []);
});
