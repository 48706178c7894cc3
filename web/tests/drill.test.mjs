// A drill: the demo town is planned and simulated; an hour later counts come in that were held back, and a bridge is closed.
// Re-planned, compared, decided about and handed on, all by hand.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { planFolder, syntheticCounts } from "./observed.mjs";
import { click, colours, drawn, dropFile, onScreen, open, PATIENCE_MS, serve, signIn, steps } from "./setup.mjs";

const step = steps(test, () => seen);
const HOUR = 60;
let server;
let seen;
let held;
let lost;
let old;
let fresh;

before(async () => {
  server = await serve(["--demo"]);
  seen = await open(server.address, { viewport: { width: 1280, height: 900 } });
});
after(async () => {
  await seen?.close();
  await server?.end();
});

const picture = (name) => seen.page.screenshot({ path: new URL(`out/${name}.png`, import.meta.url).pathname });
const ask = (path) => seen.page.request.get(server.address + path).then(async (response) => {
  assert.ok(response.ok(), `${path}: ${response.status()}`);
  const body = await response.body();
  return { json: () => JSON.parse(body), arrayBuffer: () => body };
});
const plans = async () => (await ask("/api/projects/1/versions")).json().filter((one) => one.kind === "plan");

step("the demo town is planned and simulated", async () => {
  const { page } = seen;
  await signIn(page, "Ada");
  await page.locator(".list button").first().click();
  for (;;) {
    const ready = page.getByTestId("number-simulated").filter({ hasText: /\d/ });
    if (await ready.waitFor({ timeout: 3000 }).then(() => true, () => false)) break;
    await page.reload();
  }
  [old] = await plans();
  const folder = await planFolder(ask, old.id);
  held = syntheticCounts(server.program, folder, 1);
  assert.match(held, /SYNTHETIC/);
});

step("the slider goes to one hour, and a new plan begins there", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Over time" }).click();
  const bar = page.getByTestId("timebar");
  await bar.getByTestId("legend").waitFor();
  await bar.getByRole("slider").focus();
  for (let times = 0; times < HOUR; times++) await page.keyboard.press("ArrowRight");
  await page.locator(`[data-testid="timebar"][data-step="${HOUR}"]`).waitFor();
  await bar.getByRole("button", { name: "Re-plan from here" }).click();
  const form = page.getByTestId("replan-form");
  await form.getByTestId("count").first().waitFor();
  assert.equal(await form.getByLabel("Hours", { exact: true }).inputValue(), "1");
  assert.equal(await form.getByLabel("Minutes", { exact: true }).inputValue(), "0");
  await picture("drill-form");
});

step("a file with faults: each is said in words at its row, and nothing is computed", async () => {
  const { page } = seen;
  const wrong = held.replace(/waiting,Z1,\d+/, "waiting,Z1,many").replace(/waiting,Z2,\d+/, "waiting,Z2,99999");
  await dropFile(page, "Choose a file with counts", "wrong.csv", wrong);
  const form = page.getByTestId("replan-form");
  await form.getByText("These rows could not be read").waitFor();
  await form.getByText(/wrong\.csv · row 2 .*people · many: .*whole number/).waitFor();
  assert.ok(await page.getByTestId("replan-go").isDisabled());
  const [{ files }] = [{ files: (await ask("/api/projects/1/files")).json() }];
  assert.equal(files[0].name, "wrong.csv", "what was given is kept");
  // What can be read is in the table; whether it can be true is said when all can be read.
  assert.equal(await form.locator('[data-testid="count"][data-id="Z2"] input').first().inputValue(), "99999");
  await form.getByRole("button", { name: "Go on without these rows" }).click();
  await page.getByTestId("replan-go").click();
  const fault = form.getByTestId("row-fault").first();
  await fault.waitFor();
  assert.match(await fault.textContent(), /99999.*people/);
  await form.getByText("Mend what stands in red first").waitFor();
  await picture("drill-faults");
  assert.equal((await plans()).length, 1);
});

step("the counts that were held back are dropped in, one is typed, a bridge is closed on the map", async () => {
  const { page } = seen;
  await dropFile(page, "Choose a file with counts", "counts.csv", held);
  const form = page.getByTestId("replan-form");
  await form.getByTestId("counts-file").filter({ hasText: "counts.csv" }).waitFor();
  const z2 = form.locator('[data-testid="count"][data-id="Z2"] input');
  assert.equal(await z2.first().inputValue(), /waiting,Z2,(\d+)/.exec(held)[1]);
  const age = z2.nth(2);
  await age.fill("5");
  await form.getByLabel("Who counted").fill("wardens of the drill");

  await page.getByRole("searchbox").fill("Siltasaarenkatu");
  await page.keyboard.press("Enter");
  await page.locator("li button", { hasText: "Road Siltasaarenkatu" }).first().click();
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
  await drawn(page);
  // The search has brought it onto the map: it is clicked where it sets the bound.
  const { bottlenecks } = (await ask(`/api/versions/${old.id}/overview`)).json();
  lost = bottlenecks.find((one) => one.element === "link" && one.name === "Siltasaarenkatu");
  await click(page, lost.at);
  const report = page.getByTestId("report-place");
  await page.getByTestId("picked").getByRole("heading", { name: /Siltasaarenkatu/ }).waitFor();
  await report.getByLabel("What has become of it").selectOption("closed");
  await report.getByLabel("For how long, min").fill("10");
  await report.getByLabel("Where you know it from").fill("police of the drill");
  await report.getByRole("button", { name: "Report it" }).click();
  await page.getByTestId("picked").getByText(lost.id).first().waitFor();
  await form.getByTestId("reported").getByText("Siltasaarenkatu").first().waitFor();
  await picture("drill-reported");
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
});

step("the new plan comes out beside the old one, with its own bound and all options", async () => {
  const { page } = seen;
  const form = page.getByTestId("replan-form");
  await form.getByLabel("Deadline").fill("6");
  await page.getByTestId("replan-go").click();
  const result = page.getByTestId("replanned");
  await result.waitFor();
  const numbers = page.getByTestId("old-and-new");
  await simulated(page);
  const cells = async (figure) => (await numbers.locator(`[data-figure="${figure}"] td`).allTextContents()).map(seconds);
  const [bound, plan] = [await cells("bound"), await cells("plan")];
  assert.ok(bound[0] <= plan[0] && bound[1] <= plan[1], `${bound} ${plan}`);
  assert.ok(bound[1] > 3600, "the new bound counts from the start of the old plan");
  [fresh] = await plans();
  assert.equal(fresh.parent, old.id);
  const report = (await ask(`/api/versions/${fresh.id}/files/replan.json`)).json();
  assert.equal(Math.floor(report.bound.clearance_s + report.at_ms / 1000 + 0.001), bound[1]);
  const taken = page.locator('[data-testid="options"] tr[data-taken="true"]');
  assert.equal(await taken.getAttribute("data-option"), report.chosen);
  const options = await page.locator('[data-testid="options"] tbody tr').allTextContents();
  assert.equal(options.length, 3);
  const sentences = await page.getByTestId("replan-sentences").textContent();
  assert.match(sentences, /Siltasaarenkatu.*(lost|closed)/);
  assert.match(sentences, /places were counted/);
  const table = page.getByRole("region", { name: "Who is told something else" });
  const told = report.instructions.reduce((sum, row) => sum + row.people, 0);
  const shown = (await table.locator("tbody td:nth-child(2)").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
  assert.equal(shown.reduce((sum, people) => sum + people, 0), told);
  await drawn(page);
  await picture("drill-result");
});

step("what changes is on the map, and a zone that is clicked says how many are told something else", async () => {
  const { page } = seen;
  const map = await page.getByTestId("map").boundingBox();
  const clip = { ...map, height: map.height * 0.8 };
  await drawn(page);
  const coloured = await page.screenshot({ clip });
  await page.getByTestId("changes-on-map").uncheck();
  await drawn(page);
  assert.notDeepEqual(await page.screenshot({ clip }), coloured, "the map looks the same without the changes");
  await page.getByTestId("changes-on-map").check();
  await drawn(page);
  const overview = (await ask(`/api/versions/${fresh.id}/overview`)).json();
  const report = (await ask(`/api/versions/${fresh.id}/files/replan.json`)).json();
  const sums = new Map();
  for (const row of report.instructions) sums.set(row.zone_id, (sums.get(row.zone_id) ?? 0) + row.people);
  const box = await page.getByTestId("map").boundingBox();
  const shown = [];
  for (const zone of overview.zones.filter((one) => sums.has(one.id) && one.at)) {
    const [x, y] = await onScreen(page, zone.at);
    const isIn = x > box.x + 40 && x < box.x + box.width - 40 && y > box.y + 40 && y < box.y + box.height - 40;
    if (isIn) shown.push({ zone, x, y });
  }
  assert.ok(shown.length > 0, "no zone that changes is on the map");
  // One that no other circle covers.
  const alone = shown.find((one) => shown.every((other) => other === one || Math.hypot(one.x - other.x, one.y - other.y) > 24)) ?? shown[0];
  await page.mouse.click(alone.x, alone.y);
  const people = sums.get(alone.zone.id).toLocaleString("en");
  await page.getByTestId("picked").getByText(`${people} people here are told something else.`).waitFor();
  await page.getByTestId("picked").getByRole("button", { name: "Close", exact: true }).click();
});

step("old and new lie over each other at the same moment, with a line to move", async () => {
  const { page } = seen;
  await page.getByRole("button", { name: "Old and new over each other over time" }).click();
  const bar = page.getByTestId("timebar");
  await bar.getByTestId("legend").waitFor();
  const line = page.getByTestId("swipe");
  await line.waitFor();
  await bar.getByRole("slider").focus();
  for (let times = 0; times < HOUR + 15; times++) await page.keyboard.press("ArrowRight");
  await page.locator(`[data-testid="timebar"][data-step="${HOUR + 15}"]`).waitFor();
  const beside = page.locator('[data-testid="map-beside"][data-state="idle"]');
  await beside.waitFor();
  await drawn(page);
  const map = await page.getByTestId("map").boundingBox();
  const clip = { x: map.x + 20, y: map.y + 40, width: map.width - 80, height: map.height - 120 };
  await line.focus();
  await page.keyboard.press("Home");
  assert.equal(await line.getAttribute("aria-valuenow"), "0");
  await beside.waitFor();
  const second = await page.screenshot({ clip });
  await page.keyboard.press("End");
  assert.equal(await line.getAttribute("aria-valuenow"), "100");
  await drawn(page);
  const first = await page.screenshot({ clip });
  assert.notDeepEqual(first, second, "the two plans look the same");
  // With the mouse as well.
  const handle = await line.boundingBox();
  await page.mouse.move(handle.x + handle.width / 2 - 4, handle.y + handle.height / 2, { steps: 2 });
  await page.mouse.down();
  await page.mouse.move(map.x + map.width / 2, map.y + map.height / 2, { steps: 6 });
  await page.mouse.up();
  assert.ok(Math.abs(Number(await line.getAttribute("aria-valuenow")) - 50) < 6);
  await picture("drill-swipe");
  const canvas = await colours(page, clip);
  assert.ok(canvas.different > 20, JSON.stringify(canvas));
});

step("another option is taken from what was ordered, and stands beside the first", async () => {
  const { page } = seen;
  await page.getByRole("tab", { name: "Answer" }).click();
  await page.getByRole("combobox", { name: /^Plan/ }).selectOption(String(fresh.id));
  await page.getByTestId("number-plan").filter({ hasText: /\d/ }).waitFor();
  await page.getByRole("tab", { name: "Re-plan" }).click();
  const other = page.locator('[data-testid="options"] tr[data-taken="false"]').first();
  const wanted = await other.getAttribute("data-option");
  await other.getByRole("button", { name: "Take this one" }).click();
  await page.locator(`[data-testid="options"] tr[data-option="${wanted}"][data-taken="true"]`).waitFor();
  await page.locator('[data-testid="decision"][data-review="draft"]').waitFor();
  const [newest] = await plans();
  assert.equal(newest.parent, old.id);
  const report = (await ask(`/api/versions/${newest.id}/files/replan.json`)).json();
  assert.equal(report.chosen, wanted);
  await simulated(page);
  for (;;) {
    const before = (await plans()).find((one) => one.id === fresh.id);
    if (before.review === "discarded") break;
    await new Promise((done) => setTimeout(done, 200));
  }
  fresh = newest;
});

step("it is submitted; its author cannot accept it, somebody else does: it is the current plan", async () => {
  const { page } = seen;
  const decision = page.getByTestId("decision");
  await decision.getByRole("button", { name: "Submit it" }).click();
  await decision.getByText("Waits for somebody else").waitFor();
  assert.equal(await decision.getByRole("button", { name: "Accept" }).count(), 0);

  const other = await (await seen.browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })).newPage();
  other.setDefaultTimeout(PATIENCE_MS);
  await other.goto(server.address);
  await signIn(other, "Grace");
  await other.locator(".list button").first().click();
  await other.getByTestId("number-plan").waitFor();
  await other.getByRole("tab", { name: "Re-plan" }).click();
  const theirs = other.getByTestId("decision");
  await theirs.getByRole("button", { name: "Accept: it becomes the current plan" }).scrollIntoViewIfNeeded();
  await other.screenshot({ path: new URL("out/drill-phone.png", import.meta.url).pathname });
  await theirs.getByRole("button", { name: "Accept: it becomes the current plan" }).click();
  await other.locator('[data-testid="decision"][data-review="accepted"][data-baseline="true"]').waitFor();
  await theirs.getByText("this is the current plan").waitFor();
  await other.context().close();
  await page.reload();
  await page.getByTestId("number-plan").waitFor();
  assert.equal(await page.getByRole("combobox", { name: /^Plan/ }).inputValue(), String(fresh.id), "the page begins with the current plan");
});

step("the accepted plan is exported, and verified on the command line", async () => {
  const { page } = seen;
  const coming = page.waitForEvent("download");
  await page.getByTestId("export").click();
  const archive = join(mkdtempSync(join(tmpdir(), "clearway-drill-")), "plan.zip");
  await (await coming).saveAs(archive);
  assert.match(execFileSync(server.program, ["verify", archive], { encoding: "utf8" }), /holds|verified|every/i);
});

step("nothing was asked of another host, and nothing went wrong in the page", () => {
  assert.deepEqual(seen.foreign, []);
  assert.deepEqual(seen.troubles, []);
});

/** Waits until the new plan is simulated, whatever comes out. */
async function simulated(page) {
  const cell = page.getByTestId("old-and-new").locator('[data-figure="simulated"] td:last-child');
  await cell.filter({ hasNotText: "not yet computed" }).waitFor();
}

/** `2 h 47 min 10 s` in seconds. */
function seconds(text) {
  const parts = [...text.matchAll(/(\d+)\s*(d|h|min|s)\b/g)];
  assert.ok(parts.length > 0, `no duration: ${text}`);
  const unit = { d: 86400, h: 3600, min: 60, s: 1 };
  return parts.reduce((sum, [, value, name]) => sum + Number(value) * unit[name], 0);
}
