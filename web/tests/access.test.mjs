// For everybody: without a mouse, on a telephone, from right to left, and without faults that axe-core calls serious.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { crossing, osm, westernTown } from "./town.mjs";
import { colours, drawn, onScreen, open, serve, signIn } from "./setup.mjs";

let server;


before(async () => {
  server = await serve();
  await planned(server.address);
});
after(() => server?.end());

test("from a new project to an answer with the keyboard alone", async () => {
  const { page, close } = await open(server.address);
  await signIn(page, "Keyboard");
  await reach(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("By hand");
  await reach(page, page.getByRole("button", { name: "Create" }));
  await page.keyboard.press("Enter");
  await reach(page, page.getByRole("button", { name: "Choose a road map" }));
  const [asked] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
  await asked.setFiles({ name: "town.osm", mimeType: "text/xml", buffer: Buffer.from(osm()) });
  await page.getByTestId("roads").filter({ hasText: "links" }).waitFor();
  await drawn(page);

  await reach(page, page.getByText("Without a mouse"));
  await page.keyboard.press("Enter");
  await reach(page, page.getByRole("button", { name: "Cross", exact: true }));
  await page.keyboard.press("Enter");
  for (const corner of westernTown()) {
    await moveMap(page, corner);
    await reach(page, page.getByRole("button", { name: "Set a corner here" }));
    await page.keyboard.press("Enter");
  }
  await reach(page, page.getByRole("button", { name: "Close the area" }));
  await page.keyboard.press("Enter");
  await page.getByText("Polygons: 1").waitFor();

  await reach(page, page.getByTestId("people"));
  await page.keyboard.type("4000");
  await reach(page, page.getByRole("button", { name: "Find the answer" }));
  await page.keyboard.press("Enter");
  await page.getByTestId("number-simulated").filter({ hasText: /\d/ }).waitFor();
  await close();
});

test("counts are typed in and a new plan is made with the keyboard alone", async () => {
  const { page, close } = await open(server.address);
  await signIn(page, "Keyboard");
  await openProject(page);
  await reach(page, page.getByRole("tab", { name: "Answer" }));
  for (let times = 0; times < 2; times++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const form = page.getByTestId("replan-form");
  await form.getByTestId("count").first().waitFor();
  await reach(page, form.getByLabel("Minutes", { exact: true }));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("20");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Make the new plan from 20 min on" }).waitFor();
  const row = form.getByTestId("count").first();
  const expected = Number((await row.locator("td").first().textContent()).replaceAll(",", ""));
  await reach(page, row.locator("input").first());
  await page.keyboard.type(String(Math.round(expected * 0.9)));
  await reach(page, page.getByTestId("replan-go"));
  await page.keyboard.press("Enter");
  await page.getByTestId("old-and-new").locator('[data-figure="simulated"] td:last-child').filter({ hasNotText: "not yet computed" }).waitFor();
  await reach(page, page.getByRole("button", { name: "Discard" }));
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="decision"][data-review="discarded"]').waitFor();
  await close();
});

for (const language of ["en", "ar"])
  test(`axe-core finds nothing serious on any tab (${language})`, async () => {
    const { page, close } = await open(server.address);
    await signIn(page, "Axe");
    await page.locator("header select").selectOption(language);
    await look(page, "projects");
    await openProject(page);
    const tabs = page.getByRole("tab");
    for (let at = 0; at < (await tabs.count()); at++) {
      await tabs.nth(at).click();
      if (at === 2) await page.getByTestId("legend").waitFor();
      await drawn(page);
      await look(page, `${language}, tab ${at}`);
    }
    await close();
  });

test("on a telephone nothing is wider than the screen and the map is there", async () => {
  const { page, close } = await open(server.address, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await signIn(page, "Phone");
  await openProject(page);
  // Words are longer in other languages.
  for (const language of ["fr", "es", "ar", "en"]) {
    await page.locator("header select").selectOption(language);
    const tabs = page.getByRole("tab");
    for (let at = 0; at < (await tabs.count()); at++) {
      await tabs.nth(at).click();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, `${await tabs.nth(at).textContent()} is wider than the screen by ${wide} pixels`);
    }
  }
  await drawn(page);
  const box = await page.getByTestId("map").boundingBox();
  assert.ok(box.height > 200);
  const canvas = await colours(page, box);
  assert.ok(canvas.different > 20, JSON.stringify(canvas));
  await close();
});

test("from right to left the panel is on the right, and times stay in one piece", async () => {
  const { page, close } = await open(server.address);
  await signIn(page, "Right");
  await page.locator("header select").selectOption("ar");
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await openProject(page);
  const panel = await page.locator("main").boundingBox();
  const map = await page.getByTestId("map").boundingBox();
  assert.ok(panel.x > map.x, "the panel stands where reading begins");
  const [x] = await onScreen(page, crossing(0, 0));
  const [east] = await onScreen(page, crossing(7, 0));
  assert.ok(east > x, "east stays on the right of the map");
  await page.getByRole("tab", { name: "الجواب" }).click();
  assert.match(await page.getByTestId("number-plan").textContent(), /\d+\s*h/);
  await close();
});

/** Goes on with Tab until something has the focus, as somebody without a mouse does. */
async function reach(page, wanted) {
  await wanted.waitFor();
  for (let times = 0; times < 150; times++) {
    if (await wanted.evaluate((element) => element === document.activeElement || element.closest("summary") === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${wanted} cannot be reached with Tab`);
}

/** Moves the map with the arrow keys until a place is in its middle. */
async function moveMap(page, place) {
  const canvas = page.locator("canvas.maplibregl-canvas");
  await reach(page, canvas);
  const box = await page.getByTestId("map").boundingBox();
  for (let times = 0; times < 60; times++) {
    await drawn(page);
    const [x, y] = await onScreen(page, place);
    const dx = x - (box.x + box.width / 2);
    const dy = y - (box.y + box.height / 2);
    if (Math.abs(dx) <= 55 && Math.abs(dy) <= 55) return;
    const key = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? "ArrowRight" : "ArrowLeft") : dy > 0 ? "ArrowDown" : "ArrowUp";
    const before = await page.getByTestId("map").getAttribute("data-bounds");
    await page.keyboard.press(key);
    await page.waitForFunction((was) => document.querySelector('[data-testid="map"]').dataset.bounds !== was, before);
  }
  assert.fail("the map does not come to the place");
}

async function look(page, where) {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(found, [], where);
}

async function openProject(page) {
  await page.locator(".list button", { hasText: "Access" }).click();
  await page.getByTestId("number-plan").filter({ hasText: /\d/ }).waitFor();
  await drawn(page);
}

/** A project with a simulated plan, made through the same interface that the page uses. */
async function planned(address) {
  let cookie = "";
  const ask = async (method, path, body, type = "application/json") => {
    const response = await fetch(address + path, {
      method,
      headers: { origin: address, cookie, ...(body === undefined ? {} : { "content-type": type }) },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return text ? JSON.parse(text) : null;
  };
  const over = async (job) => {
    for (;;) {
      const now = await ask("GET", `/api/jobs/${job}`);
      if (!["queued", "running"].includes(now.state)) {
        assert.equal(now.state, "done", `${now.kind}: ${now.words} ${JSON.stringify(now.faults)}`);
        return now.result;
      }
      await new Promise((done) => setTimeout(done, 150));
    }
  };
  await ask("POST", "/api/session", { name: "Ada" });
  const { id } = await ask("POST", "/api/projects", { name: "Access" });
  const given = await ask("POST", `/api/projects/${id}/files?name=town.osm`, osm(), "application/octet-stream");
  await over(given.job);
  const ring = westernTown();
  const area = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
  const features = { type: "FeatureCollection", features: [{ type: "Feature", properties: { role: "area", source: "test" }, geometry: area }] };
  await ask("PUT", `/api/projects/${id}/draft`, { base: 0, note: "test", draft: { features, people: 8000, people_source: "test" } });
  const order = async (body) => over((await ask("POST", `/api/projects/${id}/jobs`, body)).id);
  const scenario = await order({ kind: "compose", name: "Access" });
  const plan = await order({ kind: "plan", of: scenario, name: "First plan" });
  await order({ kind: "simulate", of: plan, name: "First plan, simulated" });
  return { id, plan };
}
