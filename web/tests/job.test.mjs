// The whole job with mouse and keyboard: from a map to an answer, over time, a closed bridge, compared, audited, commented, exported.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bridge, osm, westernTown } from "./town.mjs";
import { click, colours, drawn, give, open, PATIENCE_MS, serve, signIn, steps } from "./setup.mjs";

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

step("a name, a project, a road map: its roads are on the map", async () => {
  const { page } = seen;
  await signIn(page, "Ada");
  await page.getByLabel("Name", { exact: true }).fill("River town");
  await page.getByRole("button", { name: "Create" }).click();
  await give(page, "Choose a road map", "town.osm", osm());
  await page.getByTestId("roads").waitFor();
  await page.getByTestId("roads").filter({ hasText: "links" }).waitFor();
  await drawn(page);
  const canvas = await colours(page, await page.getByTestId("map").boundingBox());
  assert.ok(canvas.different > 20 && canvas.most < 0.995, `the map is blank: ${JSON.stringify(canvas)}`);
  await page.getByText("© OpenStreetMap contributors").first().waitFor();
});

step("an area is drawn click by click, a corner taken back, and it is closed", async () => {
  const { page } = seen;
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  const corners = westernTown();
  for (const corner of corners.slice(0, 3)) await click(page, corner);
  // One that is wrong, and back.
  await click(page, bridge(4));
  await page.getByRole("button", { name: "Undo corner" }).click();
  await click(page, corners[3]);
  await click(page, corners[0]);
  await page.getByText("Polygons: 1").waitFor();
  await page.getByText("Saved", { exact: true }).waitFor();
});

step("a number with its source, one button, and the answer has three numbers and its cause", async () => {
  const { page } = seen;
  await page.getByTestId("people").fill("20,000");
  await page.getByLabel("At least").fill("15 000");
  await page.getByLabel("At most").fill("24000");
  await page.getByLabel("Where the number is from").fill("assumed for this test");
  // Without a start the page says what that means; with one every time in the answer is by the clocks of the place.
  const start = page.getByTestId("start");
  await start.getByText("assumed start").waitFor();
  await start.getByLabel("Time zone").fill("Europe/Helsinki");
  await start.getByLabel("Date", { exact: true }).fill("2026-06-01");
  await start.getByLabel("Time of day").fill("08:00");
  await start.getByLabel("Time of day").blur();
  await start.getByText("assumed start").waitFor({ state: "hidden" });
  await page.getByLabel("Name of this plan").fill("As it is");
  await page.getByRole("button", { name: "Find the answer" }).click();
  await page.locator('[data-testid="job"]').first().waitFor();
  await page.getByTestId("number-simulated").filter({ hasText: /\d/ }).waitFor();
  const [bound, plan, simulated] = await Promise.all(
    ["bound", "plan", "simulated"].map(async (kind) => seconds(await page.getByTestId(`number-${kind}`).textContent())),
  );
  assert.ok(bound > 3600 && bound <= plan, `bound ${bound} s, plan ${plan} s`);
  assert.ok(simulated >= bound, `simulated ${simulated} s`);
  // The same times, to the second, as in the program's own words.
  const words = plain(await page.getByTestId("sentences").textContent());
  for (const kind of ["bound", "plan"]) {
    const time = plain(await page.getByTestId(`number-${kind}`).textContent());
    assert.ok(words.includes(`(${time} after the start)`), `${kind} ${time} is not in: ${words}`);
  }
  const overview = await overviewOf(page);
  assert.deepEqual([overview.start, overview.time_zone, overview.start_assumed], ["2026-06-01T08:00:00+03:00", "Europe/Helsinki", false]);
  assert.equal(await page.getByTestId("start-assumed").count(), 0);
  await page.getByRole("button", { name: /South Bridge/ }).waitFor();
  await page.getByRole("button", { name: /North Bridge/ }).waitFor();
});

step("zones are ranked by their 90 % time, the last first", async () => {
  const { page } = seen;
  const table = page.getByRole("region", { name: "Zones, the last first" });
  const times = await table.locator("tbody tr td:nth-child(2)").allTextContents();
  const all = times.map(seconds);
  assert.ok(all.length > 3);
  assert.deepEqual(all, [...all].sort((a, b) => b - a));
});

step("a bridge that is clicked shows its figures, each with source, by hour and zone", async () => {
  const { page } = seen;
  await page.getByRole("button", { name: /South Bridge/ }).click();
  await drawn(page);
  // On the side on which those drive who leave.
  const [lng, lat] = bridge(2);
  await click(page, [lng, lat - 0.00003]);
  const picked = page.getByTestId("picked");
  await picked.getByText("South Bridge", { exact: false }).first().waitFor();
  await picked.getByText("OpenStreetMap", { exact: false }).first().waitFor();
  await picked.getByText("People who enter, by hour").waitFor();
});

step("a comment is pinned to it", async () => {
  const { page } = seen;
  const comments = page.getByTestId("picked").getByTestId("comments");
  await comments.getByText("Comments").click();
  await comments.getByLabel("New comment").fill("Is the deck open to lorries?");
  await comments.getByRole("button", { name: "Write" }).click();
  await comments.getByText("Is the deck open to lorries?").first().waitFor();
});

step("the slider moves through time, with the keyboard too, and the map changes its colours", async () => {
  const { page } = seen;
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("tab", { name: "Over time" }).click();
  const bar = page.getByTestId("timebar");
  await bar.getByTestId("legend").waitFor();
  const slider = bar.getByRole("slider");
  await slider.focus();
  for (let times = 0; times < 6; times++) await page.keyboard.press("ArrowRight");
  await page.locator('[data-testid="timebar"][data-step="6"]').waitFor();
  await drawn(page);
  const box = await page.getByTestId("map").boundingBox();
  const clip = { ...box, height: box.height * 0.5 };
  const six = await page.screenshot({ clip });
  await page.keyboard.press("Home");
  await page.locator('[data-testid="timebar"][data-step="0"]').waitFor();
  await drawn(page);
  assert.notDeepEqual(await page.screenshot({ clip }), six, "the roads look the same at both times");
  // Where roads are on the screen is found anew when the map moves.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 4);
  await page.mouse.wheel(0, -240);
  await page.waitForFunction((before) => document.querySelector('[data-testid="map"]').dataset.bounds !== before, await page.getByTestId("map").getAttribute("data-bounds"));
  await drawn(page);
  const near = await page.screenshot({ clip });
  await slider.focus();
  for (let times = 0; times < 6; times++) await page.keyboard.press("ArrowRight");
  await page.locator('[data-testid="timebar"][data-step="6"]').waitFor();
  await drawn(page);
  assert.notDeepEqual(await page.screenshot({ clip }), near, "the roads look the same at both times, nearer");
  await page.keyboard.press("Home");
  await page.locator('[data-testid="timebar"][data-step="0"]').waitFor();
  await bar.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="timebar"]').dataset.step) >= 3);
  await bar.getByRole("button", { name: "Pause" }).click();
});

step("what stands beside a moment is how things are at that moment, in the plan and in the simulation", async () => {
  const { page } = seen;
  const { version, simulation, sites } = await overviewOf(page);
  const get = async (path) => (await page.request.get(`${server.address}/api/versions/${path}`)).json();
  const [curve, steps] = await Promise.all([get(`${version}/curve`), get(`${simulation}/steps`)]);
  const whole = (value) => new Intl.NumberFormat("en").format(value);
  const ends = steps.people.map((_, step) => (step + 1) * steps.step_s);
  // Rows of the curve while people arrive, one of each kind of step.
  const rows = curve.time_s.map((_, row) => row).filter((row) => ends.includes(curve.time_s[row]) && curve.plan[row] > 0);
  assert.ok(rows.length > 3, `${rows.length} moments in both`);
  const slider = page.getByTestId("timebar").getByRole("slider");
  await slider.focus();
  for (const row of rows.slice(0, 2)) {
    const step = ends.indexOf(curve.time_s[row]);
    await page.keyboard.press("Home");
    for (let times = 0; times < step; times++) await page.keyboard.press("ArrowRight");
    await page.locator(`[data-testid="timebar"][data-step="${step}"]`).waitFor();
    const minutes = Math.floor(curve.time_s[row] / 60);
    const at = `+${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    await page.getByTestId("people-now").filter({ hasText: `At ${at}: ` }).filter({ hasText: `arrived ${whole(curve.plan[row])} people` }).waitFor();
    await page.getByTestId("simulated-now").filter({ hasText: `: ${whole(curve.simulated[row])} people` }).waitFor();
    const list = page.getByRole("region", { name: `Destinations at ${at}` }).getByRole("listitem");
    const there = (await list.locator(".number").allTextContents()).map((text) => Number(text.split("/")[0].replace(/\D/g, "")));
    assert.equal(there.length, sites.length);
    assert.equal(there.reduce((sum, people) => sum + people, 0), curve.plan[row], `at ${at}`);
  }
});

step("what is seen is saved as a picture, on paper", async () => {
  const { page } = seen;
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByTestId("timebar").getByRole("button", { name: "Save picture" }).click()]);
  const base64 = readFileSync(await saved.path()).toString("base64");
  const shares = await page.evaluate(async (png) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0))], { type: "image/png" }));
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    let [paper, nothing] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === 0xf3 && data[at + 1] === 0xf1 && data[at + 2] === 0xec) paper++;
      if (data[at + 3] === 0) nothing++;
    }
    return { paper: (4 * paper) / data.length, nothing };
  }, base64);
  assert.ok(shares.paper > 0.1 && shares.nothing === 0, JSON.stringify(shares));
});

step("the bridge is closed on the map, planned anew and compared", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Answer" }).click();
  await page.getByRole("button", { name: /South Bridge/ }).click();
  const actions = page.getByTestId("road-actions");
  await actions.getByText("What if this road").click();
  await actions.getByLabel("Where you know it from").fill("assumed for this test");
  await actions.getByRole("button", { name: "Close it, both directions" }).click();
  await page.getByTestId("changes").getByText("South Bridge closed").waitFor();
  await page.getByLabel("Name of this plan").fill("South Bridge closed");
  await page.getByRole("button", { name: "Plan with these changes" }).click();
  const comparison = page.getByTestId("comparison");
  await comparison.waitFor();
  const heads = await comparison.locator("thead th").allTextContents();
  assert.deepEqual(heads.slice(1), ["As it is", "South Bridge closed"]);
  const bounds = await comparison
    .locator("tbody tr", { hasText: /bound|no plan/i })
    .first()
    .locator("td")
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent));
  assert.ok(seconds(bounds[1]) > seconds(bounds[0]), `the bound with one bridge is later: ${bounds}`);
});

step("the plan is checked, and the page says that it holds", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Answer" }).click();
  await page.getByRole("button", { name: "Check it" }).click();
  const verdict = page.getByRole("status").filter({ hasText: "the plan holds" });
  await verdict.locator('[data-holds="true"]').waitFor();
  await verdict.getByText("every figure").waitFor();
});

step("the plan is audited", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Answer" }).click();
  await page.getByRole("button", { name: "Audit", exact: true }).click();
  await page.locator('.result[data-kind="audit"]').waitFor();
});

step("findings that have a place are on the map, and say there what is missing", async () => {
  const { page } = seen;
  const plan = Number(await page.getByRole("combobox", { name: /^Plan/ }).inputValue());
  const overview = await (await page.request.get(`${server.address}/api/versions/${plan}/overview`)).json();
  // Somebody else has it audited with what is at hand.
  const site = overview.sites[0];
  const supplies = { name: "supplies.csv", content: `place_id,kind,item,amount,from_h,until_h\n${site.id},flow,water,1,,\n` };
  const order = { kind: "audit", of: plan, request: { supplies }, name: "Audit with supplies" };
  const { id } = await (await page.request.post(`${server.address}/api/projects/1/jobs`, { data: order })).json();
  for (let state = ""; state !== "done"; ) {
    ({ state } = await (await page.request.get(`${server.address}/api/jobs/${id}`)).json());
    assert.ok(!["failed", "interrupted"].includes(state));
    await new Promise((done) => setTimeout(done, 200));
  }
  await page.reload();
  await page.getByTestId("number-plan").filter({ hasText: /\d/ }).waitFor();
  await page.getByRole("combobox", { name: /^Plan/ }).selectOption(String(plan));
  const result = page.locator('.result[data-kind="audit"]', { hasText: "Audit with supplies" });
  await result.getByRole("button", { name: "Findings on the map" }).click();
  await result.getByText(/Places with findings: [1-9]/).waitFor();
  const audit = (await (await page.request.get(`${server.address}/api/versions/${await newestAudit(page)}/files/places.csv`)).text()).split("\n");
  const column = audit[0].split(",").indexOf("place_id");
  const ids = new Set(audit.slice(1).map((line) => line.split(",")[column]));
  const places = [...overview.zones, ...overview.sites].filter((one) => ids.has(one.id) && one.at);
  assert.ok(places.length > 0, audit.join("\n"));
  const [wanted] = places;
  await page.getByRole("searchbox").fill(wanted.name || wanted.id);
  await page.keyboard.press("Enter");
  await page.locator("main li button", { hasText: wanted.name || wanted.id }).first().click();
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
  await drawn(page);
  await click(page, wanted.at);
  await page.getByTestId("findings-here").locator("li").first().waitFor();
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
});

/** Figures of the plan that is looked at. */
async function overviewOf(page) {
  const versions = await (await page.request.get(`${server.address}/api/projects/1/versions`)).json();
  const plan = versions.filter((one) => one.kind === "plan").sort((a, b) => b.id - a.id)[0].id;
  return (await page.request.get(`${server.address}/api/versions/${plan}/overview`)).json();
}

async function newestAudit(page) {
  const versions = await (await page.request.get(`${server.address}/api/projects/1/versions`)).json();
  return versions.filter((one) => one.kind === "audit").sort((a, b) => b.id - a.id)[0].id;
}

step("it is submitted; the author cannot accept it, somebody else can", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Versions" }).click();
  const version = page.locator('[data-testid="version"][data-kind="plan"]').first();
  await version.getByText("Name, review, comments").click();
  await version.getByRole("button", { name: "Submit for review" }).click();
  await version.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("alert").getByRole("button", { name: "Close" }).click();
  await page.locator('[data-testid="version"][data-review="submitted"]').waitFor();

  const other = await (await seen.browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  other.setDefaultTimeout(PATIENCE_MS);
  await other.goto(server.address);
  await signIn(other, "Grace");
  await other.locator(".list button", { hasText: "River town" }).click();
  await other.getByRole("tab", { name: "Versions" }).click();
  const theirs = other.locator('[data-testid="version"][data-review="submitted"]');
  await theirs.getByText("Name, review, comments").click();
  await theirs.getByRole("button", { name: "Accept" }).click();
  await other.locator('[data-testid="version"][data-review="accepted"]').waitFor();
  await other.context().close();
});

step("what is exported is verified on the command line", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Answer" }).click();
  const coming = page.waitForEvent("download");
  await page.getByTestId("export").click();
  const folder = join(tmpdir(), `clearway-export-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, "plan.zip");
  await (await coming).saveAs(archive);
  const said = execFileSync(server.program, ["verify", archive], { encoding: "utf8" });
  assert.match(said, /holds|verified|every/i);
});

step("a reload finds everything again", async () => {
  const { page } = seen;
  await page.reload();
  await page.getByTestId("number-plan").filter({ hasText: /\d/ }).waitFor();
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "River town");
});

step("nothing was asked of another host, and nothing went wrong in the page", () => {
  assert.deepEqual(seen.foreign, []);
  // What the server refuses on purpose is said in the console as well.
  assert.deepEqual(seen.troubles.filter((one) => !/status of 40[039]/.test(one)), []);
});

function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** `2 h 47 min 10 s` in seconds. */
function seconds(text) {
  const parts = [...text.matchAll(/(\d+)\s*(d|h|min|s)\b/g)];
  assert.ok(parts.length > 0, `no duration: ${text}`);
  const unit = { d: 86400, h: 3600, min: 60, s: 1 };
  return parts.reduce((sum, [, value, name]) => sum + Number(value) * unit[name], 0);
}
