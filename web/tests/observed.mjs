// What wardens could have counted in a town of our own: one member of an ensemble of the program's own simulation, by its seed. SYNTHETIC: nobody
// has counted anybody.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SEED = 7;
const MEMBER = 3;
/** How far a count may be off: this share of it, and a handful of people. */
const UNSURE = 0.05;

/** Rows of a plain table without quoted commas. */
function table(path) {
  const [header, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])));
}

/** The files of a plan in a folder, byte for byte. */
export async function planFolder(ask, plan) {
  const folder = join(mkdtempSync(join(tmpdir(), "clearway-drill-")), "plan");
  for (const { name } of await (await ask(`/api/versions/${plan}/files`)).json()) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(await (await ask(`/api/versions/${plan}/files/${name}`)).arrayBuffer()));
  }
  return folder;
}

/**
 * People who are still in each zone after some whole hours, as `counts.csv`: those of the plan's table less those who have entered a road. Of
 * people who pass a zone's own junctions later on as many enter them as leave them.
 */
export function syntheticCounts(program, plan, hours) {
  const simulated = join(dirname(plan), "member");
  const how = ["--member", String(MEMBER), "--seed", String(SEED), "--figures", "central"];
  execFileSync(program, ["simulate", plan, "--out", simulated, ...how], { stdio: "pipe" });
  const scenario = (name) => table(join(plan, "scenario", name));
  const links = new Map(scenario("link.csv").map((link) => [link.link_id, link]));
  const doors = new Map();
  for (const one of scenario("connectors.csv").filter((one) => one.place === "zone")) {
    doors.set(one.place_id, (doors.get(one.place_id) ?? new Set()).add(one.node_id));
  }
  const left = new Map();
  for (const row of table(join(simulated, "link_zone_hours.csv"))) {
    if (Number(row.from_s) >= hours * 3600) continue;
    const { from_node_id: from, to_node_id: to } = links.get(row.link_id);
    // People whom nobody has asked to leave are of no zone.
    const own = doors.get(row.zone_id);
    if (!own) continue;
    const net = (own.has(from) ? 1 : 0) - (own.has(to) ? 1 : 0);
    left.set(row.zone_id, (left.get(row.zone_id) ?? 0) + net * Number(row.people));
  }
  const source = `SYNTHETIC: member ${MEMBER} of seed ${SEED} of our own simulation`;
  const rows = scenario("zones.csv").map((zone) => {
    const people = Math.min(Number(zone.people), Math.max(0, Number(zone.people) - (left.get(zone.zone_id) ?? 0)));
    return `waiting,${zone.zone_id},${Math.round(people)},${Math.ceil(people * UNSURE) + 10},0,${source}`;
  });
  return `what,id,people,uncertainty_people,age_min,source\n${rows.join("\n")}\n`;
}
