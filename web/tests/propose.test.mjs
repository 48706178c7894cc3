// Places of the road map are proposed, ticked and taken over; what the map says of junctions is asked for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bounds, osm } from "./town.mjs";
import { click, drawn, give, onScreen, open, serve, signIn, steps } from "./setup.mjs";

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

/** The town with two halls in the east, of about 100 m x 100 m. */
function withHalls() {
  const [, south, east] = bounds;
  const hall = (at, name) => {
    const [west, low] = [east - 0.006 + at * 0.003, south + 0.0004];
    const corners = [[0, 0], [0.0014, 0], [0.0014, 0.0009], [0, 0.0009]];
    const id = 50001 + at * 10;
    const nodes = corners.map(([x, y], of) => `<node id="${id + of}" version="1" lat="${low + y}" lon="${west + x}"/>`).join("");
    const refs = [0, 1, 2, 3, 0].map((of) => `<nd ref="${id + of}"/>`).join("");
    return `${nodes}<way id="${90001 + at}" version="1">${refs}<tag k="leisure" v="sports_hall"/><tag k="name" v="${name}"/></way>`;
  };
  return osm().replace("</osm>", `${hall(0, "West &lt;Hall&gt;")}${hall(1, "East Hall")}</osm>`);
}

async function stored() {
  const response = await seen.page.request.get(`${server.address}/api/projects/1/draft`);
  return (await response.json()).draft;
}

step("places are proposed around the area", async () => {
  const { page } = seen;
  await signIn(page, "Ada");
  await page.getByLabel("Name", { exact: true }).fill("Halls");
  await page.getByRole("button", { name: "Create" }).click();
  await give(page, "Choose a road map", "town.osm", withHalls());
  await page.getByTestId("roads").filter({ hasText: "links" }).waitFor();
  await drawn(page);
  await page.getByText("More of your own data").click();
  const proposed = page.getByTestId("proposed-sites");
  assert.equal(await proposed.getByTestId("propose-sites").isDisabled(), true, "around what?");
  const [west, south, east, north] = bounds;
  const middle = west + (east - west) / 2;
  const area = [[[west, south], [middle, south], [middle, north], [west, north], [west, south]]];
  const path = `${server.address}/api/projects/1/draft`;
  const { revision } = await (await page.request.get(path)).json();
  const features = { type: "FeatureCollection", features: [{ type: "Feature", properties: { role: "area" }, geometry: { type: "Polygon", coordinates: area } }] };
  await page.request.put(path, { data: { base: revision, note: "area", draft: { features, people: 2000 } } });
  await page.reload();
  await page.getByText("More of your own data").click();
  await proposed.getByTestId("propose-sites").click();
  await proposed.getByText("2 places").waitFor();
  assert.equal(await proposed.getByTestId("accept-sites").isDisabled(), true, "nothing counts unasked");
  await proposed.getByLabel("West <Hall>").check();
  await proposed.getByText("1 ticked").waitFor();
  await proposed.getByLabel("West <Hall>").uncheck();
  await proposed.getByText("0 ticked").waitFor();
});

step("they are on the map, where a click says what is known of one and ticks it", async () => {
  const { page } = seen;
  const legend = page.getByTestId("proposed-legend");
  await legend.getByText("proposed place").waitFor();
  assert.equal(await legend.getByText("in a hazard").count(), 0, "there is none");
  const files = await (await page.request.get(`${server.address}/api/projects/1/files`)).json();
  const table = await page.request.get(`${server.address}/api/files/${files.find((one) => one.name === "proposed sites.csv").id}`);
  const [names, ...rows] = (await table.text()).trim().split("\n").map((line) => line.split(","));
  const row = rows.find((one) => one.join(",").includes("West <Hall>"));
  const field = (name) => row[names.indexOf(name)];
  await drawn(page);
  await click(page, [Number(field("lon")), Number(field("lat"))]);
  const place = page.getByTestId("proposed-place");
  await place.getByText("West <Hall>").waitFor();
  await place.getByText(field("site_id"), { exact: true }).waitFor();
  const people = Number(field("capacity_people")).toLocaleString("en");
  await place.getByText(`${people} people`, { exact: false }).waitFor();
  const [x, y] = await onScreen(page, [Number(field("lon")), Number(field("lat"))]);
  const dot = { x: x - 4, y: y - 4, width: 8, height: 8 };
  const white = await page.screenshot({ clip: dot });
  await place.getByRole("checkbox").check();
  await page.getByTestId("proposed-sites").getByText("1 ticked").waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid="map"]').dataset.state === "idle");
  await drawn(page);
  assert.notDeepEqual(await page.screenshot({ clip: dot }), white, "a ticked place looks as before");
  await page.screenshot({ path: new URL("out/proposed.png", import.meta.url).pathname });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, "wider than a telephone");
  await drawn(page);
  await page.screenshot({ path: new URL("out/proposed-phone.png", import.meta.url).pathname });
  await page.setViewportSize(size);
  await drawn(page);
  await place.getByRole("button", { name: "Close" }).click();
  await place.waitFor({ state: "detached" });
});

step("those that are ticked become the destinations", async () => {
  const { page } = seen;
  const proposed = page.getByTestId("proposed-sites");
  await proposed.getByTestId("accept-sites").click();
  await page.getByText("accepted sites.csv").waitFor();
  await page.getByText("Saved", { exact: true }).waitFor();
  const file = await page.request.get(`${server.address}/api/files/${(await stored()).sites_file}`);
  const rows = (await file.text()).trim().split("\n");
  assert.deepEqual(rows.map((row) => row.split(",")[0]), ["use", "yes"]);
  await page.reload();
  await page.getByText("More of your own data").click();
  await proposed.getByText("1 ticked").waitFor();
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByTestId("proposed-legend").waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "Prepare" }).click();
  await page.getByTestId("proposed-legend").waitFor();
  await page.getByText("More of your own data").click();
});

step("the words are those of the language that is chosen, marked as translated by machine", async () => {
  const { page } = seen;
  const chosen = [
    ["fr", "Traduction automatique.", "lieu proposé", "Proposer des lieux de la carte routière"],
    ["es", "Traducción automática.", "lugar propuesto", "Proponer lugares del mapa de carreteras"],
    ["ar", "ترجمة آلية.", "مكان مقترح", "اقترح أماكن من خريطة الطرق"],
  ];
  for (const [language, machine, dot, button] of chosen) {
    await page.locator("header select").selectOption(language);
    await page.getByText(machine, { exact: false }).waitFor();
    await page.getByTestId("proposed-legend").getByText(dot).waitFor();
    assert.equal((await page.getByTestId("propose-sites").textContent()).trim(), button);
    await page.screenshot({ path: new URL(`out/proposed-${language}.png`, import.meta.url).pathname });
  }
  await page.locator("header select").selectOption("en");
});

step("what the map says of junctions is asked for with a tick", async () => {
  const { page } = seen;
  assert.equal((await stored()).junctions, false);
  const tick = page.getByTestId("junctions");
  await page.locator("details", { has: tick }).locator("summary").click();
  await tick.check();
  await page.waitForResponse((response) => response.url().endsWith("/draft") && response.request().method() === "PUT");
  assert.equal((await stored()).junctions, true);
});
