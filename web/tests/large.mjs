// How fast a map of very many links is:  node tests/large.mjs [COLUMNS]
//
// A grid of streets, two links a street (137 columns: 74,528 links), is imported by the server. What is measured is the page with its
// software renderer: from the click on the project to the drawn map, and from one step of time to the next. Steps are made up here, one
// byte a link, as a plan of such a map takes minutes; the server answers everything else.

import { readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { drawn, open, serve, signIn } from "./setup.mjs";

const columns = Number(process.argv[2] ?? 137);
const STEPS = 40;
const STEP = 0.001;

function grid() {
  const id = (column, row) => 1 + row * columns + column;
  const lines = [];
  for (let row = 0; row < columns; row++)
    for (let column = 0; column < columns; column++)
      lines.push(`<node id="${id(column, row)}" version="1" lat="${(50 + row * STEP).toFixed(7)}" lon="${(10 + column * STEP * 1.5).toFixed(7)}"/>`);
  const way = (refs, number, main) => {
    const kind = main ? "primary" : "residential";
    const nds = refs.map((ref) => `<nd ref="${ref}"/>`).join("");
    lines.push(`<way id="${10_000_000 + number}" version="1">${nds}<tag k="highway" v="${kind}"/><tag k="name" v="${number}. Street"/></way>`);
  };
  const all = Array.from({ length: columns }, (_, at) => at);
  for (const at of all) {
    way(all.map((column) => id(column, at)), at, at % 8 === 0);
    way(all.map((row) => id(at, row)), columns + at, at % 8 === 0);
  }
  return `<?xml version="1.0"?>\n<osm version="0.6">${lines.join("\n")}</osm>\n`;
}

const server = await serve();
const { page, close } = await open(server.address);
const load = () => loadavg()[0].toFixed(1);
const memory = () => {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return ["VmRSS", "VmHWM"].map((key) => `${key} ${Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]) / 1024)} MB`).join(", ");
};
/** Seconds of processor that the browser has used: unlike time it does not depend on what else the machine does. */
const processor = () => {
  const all = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
      all.set(pid, { parent: fields[1], ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It is gone by now.
    }
  const isOurs = (pid) => pid !== undefined && (pid === String(process.pid) || isOurs(all.get(pid)?.parent));
  const ours = [...all].filter(([pid]) => pid !== String(process.pid) && pid !== String(server.pid) && isOurs(pid));
  return ours.reduce((sum, [, { ticks }]) => sum + ticks, 0) / 100;
};
await signIn(page, "Ada");
const ask = async (method, path, body, type = "application/json") =>
  (await page.request.fetch(server.address + path, { method, data: body, headers: { "content-type": type, origin: server.address } })).json();
const { id } = await ask("POST", "/api/projects", JSON.stringify({ name: "Large" }));
const given = await ask("POST", `/api/projects/${id}/files?name=grid.osm`, Buffer.from(grid()), "application/octet-stream");
let job;
do {
  await new Promise((done) => setTimeout(done, 500));
  job = await ask("GET", `/api/jobs/${given.job}`);
} while (["queued", "running"].includes(job.state));
if (job.state !== "done") throw new Error(job.words);
const roads = job.result;
const { links } = await ask("GET", `/api/versions/${roads}/map`);
console.log(`${links} links; server after the import: ${memory()}; load ${load()}`);

// The roads stand in for a plan over time.
const json = (answer) => (route) => route.fulfill({ json: answer });
const [version] = await ask("GET", `/api/projects/${id}/versions`);
await page.route(`**/api/projects/${id}/versions`, json([version, { ...version, id: roads, kind: "plan", name: "Made up" }]));
await page.route(`**/api/versions/${roads}/overview`, json({
  version: roads, has_orders: true, simulation: null, sentences: [], rows: [], bottlenecks: [], zones: [], sites: [],
  replay_of: "everybody", start: "", time_zone: "", assumptions: [], standing: [],
}));
await page.route(`**/api/versions/${roads}/curve`, json({ time_s: [0, 6000], bound: [0, 9], plan: [0, 9], departed: [], simulated: [], without_plan: [] }));
await page.route(`**/api/versions/${roads}/files/**`, (route) => route.fulfill({ status: 404, json: { message: "none", faults: [] } }));
await page.route(`**/api/versions/${roads}/steps`, json({ count: STEPS, step_s: 300, links, people: [], measures: [], simulated: false }));
// Made beforehand: while steps are measured this program has nothing to do but to send them.
const bytes = Array.from({ length: STEPS }, (_, step) => Buffer.from(Uint8Array.from({ length: links }, (_, row) => (row * 7 + step * 31) % 251)));
await page.route(`**/api/versions/${roads}/steps/**`, (route) =>
  route.fulfill({ body: bytes[Number(route.request().url().split("/").at(-1))], contentType: "application/octet-stream" }),
);

await page.reload();
for (const times of ["first", "second"]) {
  await page.locator(".list button").first().waitFor();
  const begun = Date.now();
  await page.locator(".list button").first().click();
  await page.locator('[data-testid="map"][data-bounds]').waitFor();
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="map"]').dataset.bounds.split(",")[0]) > 5);
  await drawn(page);
  console.log(`${times} map: ${Date.now() - begun} ms; server ${memory()}; load ${load()}`);
  if (times === "first") {
    await page.getByRole("button", { name: "All projects" }).click();
    await page.reload();
  }
}

await page.getByRole("tab", { name: "Over time" }).click();
await page.getByTestId("legend").waitFor();
await page.getByRole("slider").focus();
await page.keyboard.press("ArrowRight");
await drawn(page);
const before = processor();
const took = await page.evaluate(async (steps) => {
  const slider = document.querySelector('[data-testid="timebar"] [role="slider"]');
  const map = document.querySelector('[data-testid="map"]');
  const times = [];
  for (let at = 0; at < steps - 3; at++) {
    const begun = performance.now();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    // Busy once it draws, idle once it has. Who asks in every frame makes the browser draw every frame.
    await new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (map.dataset.state !== "idle") return;
        watch.disconnect();
        done();
      });
      watch.observe(map, { attributeFilter: ["data-state"] });
    });
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b);
}, STEPS);
const share = (part) => took[Math.min(took.length - 1, Math.floor(part * took.length))].toFixed(0);
console.log(`step of time, drawn: median ${share(0.5)} ms, nine of ten ${share(0.9)} ms, most ${share(1)} ms, processor ${((1000 * (processor() - before)) / took.length).toFixed(0)} ms; load ${load()}`);
await page.screenshot({ path: new URL("out/large.png", import.meta.url).pathname });
await close();
await server.end();
