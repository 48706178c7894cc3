// What the page knows, without a browser: saves that race, jobs and what comes after them, answers that come late, projects that are left.
// The modules are those of the page; the server is one whose answers come when a test says so.

import assert from "node:assert/strict";
import { after, before, beforeEach, mock, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

let vite;
let server;
let state;

before(async () => {
  vite = await createServer({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "error",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    appType: "custom",
  });
});
after(() => vite?.close());

beforeEach(async () => {
  mock.timers.reset();
  server = new Server();
  const kept = new Map();
  globalThis.localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, String(value)),
    removeItem: (key) => kept.delete(key),
  };
  globalThis.document = { documentElement: {} };
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"], locks: new Locks() }, configurable: true, writable: true });
  globalThis.location = new URL("http://127.0.0.1/");
  globalThis.history = { replaceState() {} };
  globalThis.EventSource = Events;
  Events.open = [];
  globalThis.fetch = (path, init = {}) => server.answer(init.method ?? "GET", path, init.body);
  state = await fresh();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** The modules as a page that has just been loaded has them. */
async function fresh() {
  vite.moduleGraph.invalidateAll();
  const load = async (name) => vite.ssrLoadModule(`/src/state/${name}`);
  const { project } = await load("project.svelte.ts");
  const { jobs } = await load("jobs.svelte.ts");
  const { answer } = await load("answer.svelte.ts");
  const { chain } = await load("chain.svelte.ts");
  const { compared } = await load("compared.svelte.ts");
  const { changes } = await load("changes.svelte.ts");
  const { trouble } = await load("trouble.svelte.ts");
  const { replanning } = await load("replanning.svelte.ts");
  const { Latest } = await load("latest.ts");
  project.session = { name: "Ada", role: "planner", accounts: true, version: "0" };
  return { project, jobs, answer, chain, compared, changes, trouble, replanning, Latest };
}

/** All that waits for nothing but itself goes on. */
async function settle() {
  for (let times = 0; times < 40; times++) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
}

async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}

/** A stream of events that tests speak through. */
class Events {
  static open = [];
  #hears = [];
  constructor(path) {
    this.path = path;
    this.closed = false;
    Events.open.push(this);
  }
  addEventListener(_, hear) {
    this.#hears.push(hear);
  }
  say(job) {
    if (!this.closed) for (const hear of this.#hears) hear({ data: JSON.stringify(job) });
  }
  close() {
    this.closed = true;
  }
}

/** Locks as browsers have them, for one name at a time. */
class Locks {
  #held = new Map();
  async request(name, { ifAvailable }, work) {
    const before = this.#held.get(name);
    if (before && ifAvailable) return work(null);
    await before;
    const mine = Promise.resolve(work({ name }));
    this.#held.set(name, mine.catch(() => {}).finally(() => this.#held.delete(name)));
    return mine;
  }
}

/** Projects with drafts, versions and jobs. An answer that a test holds comes when it lets go. */
class Server {
  drafts = new Map([1, 2].map((project) => [project, [{}]]));
  versions = new Map([1, 2].map((project) => [project, []]));
  jobs = [];
  asked = [];
  #held = [];

  /** The next answers to requests that fit wait until `go` is called. */
  hold(fits) {
    const held = { fits, waiting: [] };
    held.go = async () => {
      this.#held = this.#held.filter((one) => one !== held);
      for (const done of held.waiting) done();
      await settle();
    };
    this.#held.push(held);
    return held;
  }

  async answer(method, path, body) {
    this.asked.push(`${method} ${path}`);
    // What is answered is how things are when it is asked.
    const given = this.#given(method, path, body === undefined || typeof body !== "string" ? body : JSON.parse(body));
    const held = this.#held.find((one) => one.fits(`${method} ${path}`));
    if (held) await new Promise((done) => held.waiting.push(done));
    const [status, answer] = given;
    const text = answer instanceof Uint8Array ? answer : JSON.stringify(answer);
    return new Response(status === 204 ? null : text, { status });
  }

  #given(method, path, body) {
    const at = /^\/api\/(\w+)(?:\/(\d+))?(?:\/(.*))?$/.exec(path);
    const [, what, number, rest = ""] = at ?? [];
    const id = Number(number);
    if (what === "session") return [200, { name: "Ada", role: "planner", accounts: true, version: "0" }];
    if (path === "/api/projects") return [200, []];
    if (what === "projects" && rest === "") return [200, { id, name: `project ${id}`, roads: null }];
    if (rest === "versions") return [200, this.versions.get(id)];
    if (what === "projects" && rest.startsWith("draft")) return this.#draft(method, id, rest, body);
    if (what === "projects" && rest === "jobs") return this.#ordered(method, id, body);
    if (what === "jobs") {
      const job = this.jobs.find((one) => one.id === id);
      return job ? [200, job] : [404, { message: "there is no such job", faults: [] }];
    }
    if (rest === "overview") return [200, { version: id, simulation: null, bottlenecks: [], zones: [], sites: [], of: this.turn ?? 0 }];
    if (rest === "counts") return [200, this.counts(body)];
    if (rest === "files?name=counts.csv") return [201, { file: { id: 5 }, job: null }];
    if (rest === "curve") return [200, { time_s: [], of: id }];
    if (rest === "steps") return [200, { count: 10, step_s: 60, links: 3, people: [], sites: [], measures: [] }];
    if (rest.startsWith("steps/")) return [200, Uint8Array.from([id, Number(rest.split("/")[2]), 0])];
    if (rest === "map") return [200, { links: 3, bounds: [0, 0, 1, 1], attribution: [], of: id }];
    if (rest === "shapes") return [200, { of: id }];
    if (rest.startsWith("links/")) return [200, { id: `L${rest.split("/")[1]}`, row: Number(rest.split("/")[1]), opposite: null }];
    if (what === "compare" || path.startsWith("/api/compare")) return [200, { plans: [], roads: [], asked: path }];
    return [404, { message: path, faults: [] }];
  }

  /** What a plan expects: in zones A and B as many people as minutes have gone, and what was given beside it, with the faults of a test. */
  faults = [];
  file = [];
  counts({ request, files, counts }) {
    const expected_people = request.at_ms / 60_000;
    const rows = ["A", "B"].map((id) => ({ row: { what: "waiting", id, name: id, expected_people }, file: null, place: null }));
    const given = files.length > 0 ? this.file : (counts[0]?.content ?? "").split("\n").slice(1).filter(Boolean);
    given.forEach((line, at) => {
      const [what, id, people] = line.split(",");
      const row = rows.find((one) => one.row.what === what && one.row.id === id);
      const said = { people: Number(people), source: "" };
      if (row) Object.assign(row, { row: { ...row.row, ...said }, file: "counts.csv", place: `row ${at + 2} (${id})` });
      else rows.push({ row: { what, id, name: "", ...said }, file: "counts.csv", place: `row ${at + 2} (${id})` });
    });
    return { at_ms: request.at_ms, rows, faults: this.faults };
  }

  #draft(method, id, rest, body) {
    const all = this.drafts.get(id);
    const newest = all.length - 1;
    if (method === "PUT") {
      if (body.base !== newest) return [409, { message: "somebody was faster", faults: [] }];
      all.push(body.draft);
      return [200, { revision: newest + 1, newest: newest + 1, draft: body.draft }];
    }
    const wanted = /revision=(\d+)/.exec(rest);
    const revision = wanted ? Number(wanted[1]) : newest;
    return [200, { revision, newest, draft: all[revision] }];
  }

  #ordered(method, project, body) {
    if (method !== "POST") return [200, this.jobs.filter((one) => one.project === project)];
    return [202, this.order(project, body)];
  }

  order(project, { kind, of = null }) {
    const job = { id: this.jobs.length + 1, project, kind, of, state: "running", result: null, faults: [], words: "" };
    this.jobs.push(job);
    return job;
  }

  /** A job comes to its end; what came out is a version. */
  end(id, ending = "done") {
    const at = this.jobs.findIndex((one) => one.id === id);
    const { project, kind, of } = this.jobs[at];
    const result = ending === "done" ? 100 + id : null;
    const kinds = { compose: "scenario", plan: "plan", simulate: "simulation", audit: "audit" };
    if (result !== null) this.versions.set(project, [...this.versions.get(project), { id: result, kind: kinds[kind], parent: of, name: kind }]);
    this.jobs[at] = { ...this.jobs[at], state: ending, result };
    return this.jobs[at];
  }

  /** How often something was asked for. */
  times(what) {
    return this.asked.filter((one) => one === what).length;
  }

  kinds() {
    return this.jobs.map((one) => one.kind);
  }
}

const saves = (text) => text.startsWith("PUT");
/** The newest draft that the server has. */
const newest = (project) => server.drafts.get(project).at(-1);

test("what is changed while a save is under way is saved by the next one", async () => {
  const { project } = state;
  await project.open(1);
  const held = server.hold(saves);
  project.change({ people: 1 }, "one");
  await pass(600);
  assert.equal(project.saving, "saving");
  project.change({ people: 2 }, "two");
  await pass(600);
  assert.equal(server.times("PUT /api/projects/1/draft"), 1, "one save at a time");
  await held.go();
  assert.notEqual(project.saving, "conflict");
  await pass(600);
  assert.equal(project.saving, "saved");
  assert.equal(newest(1).people, 2);
  assert.equal(project.draft.people, 2, "the older answer has not written over the newer number");
});

test("a save that is asked for waits for the one under way, and saves what came after it", async () => {
  const { project } = state;
  await project.open(1);
  const held = server.hold(saves);
  project.change({ people: 1 }, "one");
  await pass(600);
  project.change({ people: 2 }, "two");
  let done = false;
  const saving = project.save().then(() => (done = true));
  await settle();
  assert.equal(done, false);
  await held.go();
  await saving;
  assert.equal(newest(1).people, 2);
});

test("a project that is left while something is unsaved keeps it, and the next one gets nothing of it", async () => {
  const { project } = state;
  await project.open(1);
  project.change({ people: 7 }, "seven");
  await project.open(2);
  assert.equal(project.draft.people, undefined);
  assert.equal(project.info.id, 2);
  await settle();
  assert.equal(newest(1).people, 7);
  await pass(5000);
  assert.equal(server.drafts.get(2).length, 1, "nothing was saved in the other project");
  assert.equal(project.saving, "saved");
});

test("a page that is closed while a project that was left is saved is held back", async () => {
  const { project } = state;
  await project.open(1);
  project.change({ people: 7 }, "seven");
  const held = server.hold(saves);
  await project.open(2);
  assert.equal(project.isPending, true);
  await held.go();
  assert.equal(project.isPending, false);
});

test("where somebody else was faster nothing is written over until somebody says which", async () => {
  const { project } = state;
  await project.open(1);
  server.drafts.get(1).push({ people: 50 });
  project.change({ people: 1 }, "one");
  await pass(600);
  assert.equal(project.saving, "conflict");
  project.change({ people: 2 }, "two");
  await pass(600);
  assert.equal(project.saving, "conflict");
  await assert.rejects(project.save(), /somebody was faster/);
  assert.equal(newest(1).people, 50);
  await project.keepOurs();
  assert.equal(newest(1).people, 2);
  assert.equal(project.saving, "saved");
  await project.undo();
  assert.equal(project.draft.people, 50, "theirs is one step back");
});

test("theirs can be taken instead", async () => {
  const { project } = state;
  await project.open(1);
  server.drafts.get(1).push({ people: 50 });
  project.change({ people: 1 }, "one");
  await pass(600);
  await project.takeTheirs();
  assert.equal(project.draft.people, 50);
  project.change({ people: 51 }, "more");
  await pass(600);
  assert.equal(newest(1).people, 51);
});

test("a server that does not answer is asked again", async () => {
  const { project, trouble } = state;
  await project.open(1);
  const answers = globalThis.fetch;
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
  project.change({ people: 3 }, "three");
  await pass(600);
  assert.equal(project.saving, "unsaved");
  assert.notEqual(trouble.text, "");
  globalThis.fetch = answers;
  await pass(5000);
  assert.equal(project.saving, "saved");
  assert.equal(newest(1).people, 3);
});

test("undo goes back step by step, also after something new, and redo comes back", async () => {
  const { project } = state;
  await project.open(1);
  for (const people of [1, 2]) {
    project.change({ people }, String(people));
    await project.save();
  }
  await project.undo();
  assert.equal(project.draft.people, 1);
  await project.redo();
  assert.equal(project.draft.people, 2);
  await project.undo();
  project.change({ people: 3 }, "3");
  await project.save();
  assert.equal(project.canRedo, false);
  await project.undo();
  assert.equal(project.draft.people, 1, "what was undone before does not come back");
  // Twice at once is two steps.
  project.change({ people: 4 }, "4");
  await project.save();
  await Promise.all([project.undo(), project.undo()]);
  assert.equal(project.draft.people, undefined);
  assert.equal(project.canUndo, false);
});

test("what is typed while something is undone stays", async () => {
  const { project } = state;
  await project.open(1);
  project.change({ people: 1, zone_count: 4 }, "one");
  await project.save();
  const held = server.hold((text) => text.includes("revision=0"));
  const undoing = project.undo();
  await settle();
  project.change({ people: 9 }, "nine");
  await held.go();
  await undoing;
  assert.deepEqual([project.draft.people, project.draft.zone_count], [9, undefined]);
  await pass(600);
  assert.equal(newest(1).people, 9);
});

test("of two projects that are opened the last one is open, whichever answers first", async () => {
  const { project } = state;
  const held = server.hold((text) => text.includes("/projects/1/draft"));
  const first = project.open(1);
  await project.open(2);
  await held.go();
  await first;
  assert.equal(project.info.id, 2);
});

test("a viewer asks for nothing that is refused", async () => {
  const { project } = state;
  project.session = { ...project.session, role: "viewer" };
  await project.open(1);
  assert.equal(project.info.id, 1);
  assert.deepEqual(server.asked.filter((one) => /draft|jobs/.test(one)), []);
  await pass(60_000);
  assert.deepEqual(server.asked.filter((one) => /jobs/.test(one)), []);
  project.change({ people: 1 }, "one");
  await pass(600);
  assert.equal(server.asked.filter(saves).length, 0);
});

test("one button is three jobs, each after the one before", async () => {
  const { project, chain, answer } = state;
  await project.open(1);
  project.change({ people: 5 }, "five");
  const running = chain.run("First");
  await settle();
  assert.equal(newest(1).people, 5, "what was typed is saved before it is computed");
  for (const id of [1, 2, 3]) {
    assert.equal(chain.running, true);
    Events.open.at(-1).say(server.end(id));
    await settle();
  }
  assert.equal(await running, 102);
  assert.deepEqual(server.kinds(), ["compose", "plan", "simulate"]);
  assert.equal(answer.plan, 102);
  assert.equal(answer.tab, "answer");
  assert.equal(chain.running, false);
});

test("after a stop nothing goes on, also where the job was done by then", async () => {
  const { project, chain, jobs } = state;
  await project.open(1);
  const running = chain.run("First");
  await settle();
  const [job] = jobs.active;
  server.end(1);
  const answers = globalThis.fetch;
  globalThis.fetch = (path, init = {}) =>
    init.method === "DELETE"
      ? Promise.resolve(new Response(JSON.stringify({ message: "the job is done already", faults: [] }), { status: 409 }))
      : answers(path, init);
  await chain.stop(job);
  await pass(2000);
  await running;
  assert.deepEqual(server.kinds(), ["compose"]);
  assert.equal(chain.running, false);
});

test("a job that failed ends the chain and is said", async () => {
  const { project, chain } = state;
  await project.open(1);
  const running = chain.run("First");
  await settle();
  Events.open.at(-1).say(server.end(1, "failed"));
  await running;
  assert.deepEqual([server.kinds(), chain.running, chain.failed?.id], [["compose"], false, 1]);
});

test("a chain of a project that is left goes on when it is opened again, and shows nothing in another", async () => {
  const { project, chain, jobs, answer } = state;
  await project.open(1);
  const running = chain.run("First");
  await settle();
  await project.open(2);
  assert.equal(await running, null);
  assert.equal(chain.running, false, "the other project may compute");
  server.end(1);
  await pass(20_000);
  assert.deepEqual([server.kinds(), jobs.all, chain.failed, answer.plan], [["compose"], [], null, null]);
  await project.open(1);
  void chain.resume();
  await settle();
  assert.deepEqual(server.kinds(), ["compose", "plan"]);
});

test("two windows do not both order what comes next", async () => {
  const { project, chain } = state;
  mock.timers.reset();
  const other = await fresh();
  mock.timers.enable({ apis: ["setTimeout"] });
  await project.open(1);
  void chain.run("First");
  await settle();
  await other.project.open(1);
  void other.chain.resume();
  await settle();
  server.end(1);
  await pass(2000);
  assert.deepEqual(server.kinds(), ["compose", "plan"]);
  await assert.rejects(other.chain.run("Second"), /window/);
  assert.equal(other.chain.running, false);
});

test("a note of a job that is no longer there is forgotten", async () => {
  const { project, chain } = state;
  localStorage.setItem("clearway-chain/1", JSON.stringify({ job: 77, step: "plan", name: "x", plan: null }));
  localStorage.setItem("clearway-chain/2", "{broken");
  await project.open(1);
  await chain.resume();
  assert.equal(chain.running, false);
  assert.equal(localStorage.getItem("clearway-chain/1"), null);
  await project.open(2);
  await chain.resume();
  assert.equal(chain.running, false);
});

test("the end of a job is known also where no event comes, and what came out is read", async () => {
  const { project, jobs } = state;
  server.order(1, { kind: "audit", of: 5 });
  await project.open(1);
  assert.equal(jobs.active.length, 1);
  server.end(1);
  await pass(2000);
  assert.equal(jobs.active.length, 0);
  assert.deepEqual(project.versions.map((one) => one.id), [101]);
});

test("what is over stays over, whatever comes late", async () => {
  const { project, jobs } = state;
  const running = server.order(1, { kind: "audit", of: 5 });
  await project.open(1);
  const [stream] = Events.open;
  stream.say(server.end(1));
  stream.closed = false;
  stream.say(running);
  await settle();
  assert.equal(jobs.active.length, 0);
});

test("jobs of others are seen, and very many take no more than two connections", async () => {
  const { project, jobs } = state;
  await project.open(1);
  for (let times = 0; times < 8; times++) server.order(1, { kind: "audit", of: 5 });
  await pass(15_000);
  assert.equal(jobs.active.length, 8);
  assert.equal(Events.open.filter((one) => !one.closed).length, 2);
  await project.close();
  assert.equal(Events.open.filter((one) => !one.closed).length, 0);
});

test("figures are those of the plan that was chosen last", async () => {
  const { answer } = state;
  const held = server.hold((text) => text.endsWith("/11/overview"));
  const first = answer.open(11);
  await answer.open(12);
  await held.go();
  await first;
  assert.deepEqual([answer.plan, answer.overview.version, answer.curve.of], [12, 12, 12]);
});

test("while a plan is read nothing of the one before stands under its name", async () => {
  const { answer } = state;
  await answer.open(11);
  await answer.openSteps();
  const held = server.hold((text) => text.endsWith("/12/overview"));
  const opening = answer.open(12);
  assert.deepEqual([answer.overview, answer.steps, answer.coloured, answer.timed], [null, null, null, null]);
  await held.go();
  await opening;
});

test("an older answer about the same plan does not come back over a newer one", async () => {
  const { answer } = state;
  server.turn = 1;
  const held = server.hold((text) => text.endsWith("/11/overview"));
  const first = answer.open(11);
  await settle();
  server.turn = 2;
  const second = server.hold(() => false);
  const again = answer.open(11);
  await held.go();
  await second.go();
  await Promise.all([first, again]);
  assert.equal(answer.overview.of, 2);
});

test("roads, their number and their shapes are of one version", async () => {
  const { answer } = state;
  await answer.look(11);
  const held = server.hold((text) => text.endsWith("/12/map"));
  const looking = answer.look(12);
  await settle();
  assert.deepEqual([answer.shown, answer.mapInfo.of, answer.shapes.of], [11, 11, 11]);
  await held.go();
  await looking;
  assert.deepEqual([answer.shown, answer.mapInfo.of, answer.shapes.of], [12, 12, 12]);
  const late = server.hold((text) => text.endsWith("/13/map"));
  const never = answer.look(13);
  await answer.look(12);
  await answer.look(null);
  await late.go();
  await never;
  assert.deepEqual([answer.shown, answer.mapInfo], [null, null]);
});

test("colours are of the moment and measure that were asked for last", async () => {
  const { answer } = state;
  await answer.open(11);
  await answer.openSteps();
  const held = server.hold((text) => text.includes("/steps/flow/5"));
  const slow = answer.go(5);
  await answer.go(3);
  await held.go();
  await slow;
  assert.deepEqual([answer.step, answer.coloured.step, answer.coloured.bytes[1]], [3, 3, 3]);
  await answer.show("standing");
  assert.deepEqual([answer.coloured.measure, answer.coloured.step], ["standing", 3]);
});

test("figures of a road are those of the one that was clicked last", async () => {
  const { answer } = state;
  await answer.look(11);
  const held = server.hold((text) => text.endsWith("/links/1"));
  const pick = (row) => answer.pick({ kind: "link", id: `L${row}`, row, geometry: null });
  const first = pick(1);
  await pick(2);
  await held.go();
  await first;
  assert.equal(answer.link.id, "L2");
});

test("nothing of a project stays where another is opened", async () => {
  const { project, answer, compared, changes, chain } = state;
  await project.open(1);
  await answer.open(11);
  await answer.look(11);
  await answer.openSteps();
  await answer.go(4);
  await answer.pick({ kind: "link", id: "L1", row: 1, geometry: null });
  answer.beside = 12;
  compared.choose([11, 12]);
  compared.onMap = true;
  changes.add({ what: { change: "close_link" }, source: "", note: "", words: "closed" });
  chain.failed = server.order(1, { kind: "audit" });
  const late = server.hold((text) => text.startsWith("GET /api/compare"));
  const comparing = compared.read();
  await project.open(2);
  await late.go();
  await comparing;
  assert.deepEqual(
    [answer.plan, answer.overview, answer.steps, answer.coloured, answer.picked, answer.link, answer.shown, answer.beside, answer.step],
    [null, null, null, null, null, null, null, null, 0],
  );
  assert.deepEqual([compared.chosen, compared.comparison, compared.onMap, changes.list, chain.failed], [[], null, false, [], null]);
});

test("what is never reached, what is not known and nothing at all are three things", async () => {
  const { figure, sortable } = await vite.ssrLoadModule("/src/lib/figures.ts");
  const words = [figure("never", "s"), figure(null, "s"), figure(0, "s")];
  assert.equal(new Set(words).size, 3, words.join(" | "));
  const { peopleAt } = await vite.ssrLoadModule("/src/state/places.ts");
  const steps = { sites: [{ id: "K", people: [0, 4] }] };
  assert.deepEqual([peopleAt(null, "K", 0), peopleAt(steps, "T", 0), peopleAt(steps, "K", 0), peopleAt(steps, "K", 1)], [null, null, 0, 4]);
  assert.ok(sortable("never") > sortable(1e9));
  assert.equal(sortable(null), null);
});

test("a difference is that of the numbers that are shown, and nothing is not minus nothing", async () => {
  const { shown } = await vite.ssrLoadModule("/src/lib/figures.ts");
  // 2 h 11 min 46 s and 2 h 11 min 53 s, of 7.3 s apart
  const by = (one, other, unit) => shown(shown(other, unit, "up") - shown(one, unit, "up"), unit, "up");
  assert.equal(by(7905.3, 7912.6, "s"), 7);
  assert.ok(Object.is(by(0.52, 0.49, "min"), 0), "0.5 min both");
  assert.ok(Object.is(by(0.04, 0.01, "min"), 0));
  assert.equal(by(1.26, 1.24, "min"), -0.1);
});

test("the clocks of a place are a moment with its offset, in summer and winter", async () => {
  const { clocks, isZone, withOffset } = await vite.ssrLoadModule("/src/lib/zones.ts");
  assert.equal(withOffset("2026-06-01", "08:00", "Europe/Helsinki"), "2026-06-01T08:00:00+03:00");
  assert.equal(withOffset("2026-12-01", "08:00", "Europe/Helsinki"), "2026-12-01T08:00:00+02:00");
  assert.equal(withOffset("2026-07-04", "23:30", "America/St_Johns"), "2026-07-04T23:30:00-02:30");
  assert.equal(withOffset("2026-01-01", "00:00", "UTC"), "2026-01-01T00:00:00+00:00");
  // An hour before clocks go forward at 3, and an hour after.
  assert.equal(withOffset("2026-03-29", "02:00", "Europe/Helsinki"), "2026-03-29T02:00:00+02:00");
  assert.equal(withOffset("2026-03-29", "05:00", "Europe/Helsinki"), "2026-03-29T05:00:00+03:00");
  assert.deepEqual([clocks("2026-06-01T08:00:00+03:00"), clocks(null)], [["2026-06-01", "08:00"], ["", ""]]);
  assert.deepEqual(["Europe/Helsinki", "UTC", "+03:00", "Helsinki"].map(isZone), [true, true, false, false]);
});

test("what the checker says of a plan is shown, newest first, and a check that could not be made says nothing", async () => {
  const { verdict } = await vite.ssrLoadModule("/src/state/verdict.ts");
  const job = (id, state, words, kind = "verify") => ({ id, kind, state, words });
  assert.equal(verdict([job(1, "done", "audited", "audit"), job(2, "failed", "no such file"), job(3, "cancelled", "")]), null);
  const holds = job(4, "done", "holds: every figure of version 2 follows\n  12 people\n  not checked: speeds");
  assert.deepEqual(verdict([holds, job(5, "failed", "no such file")]), {
    holds: true,
    first: ["every figure of version 2 follows", "12 people", "not checked: speeds"],
    more: [],
  });
  const found = Array.from({ length: 9 }, (_, at) => `  finding ${at}`).join("\n");
  const not = verdict([holds, job(6, "failed", `does not hold: version 2\n  12 people\n${found}`)]);
  assert.deepEqual([not.holds, not.first.length, not.first[2], not.more.length], [false, 6, "finding 0", 5]);
});

const fault = (place, severity = "error") => ({ severity, file: "counts.csv", place, field: "people", found: "x", expected: "a whole number", hint: "" });

test("counts that are typed stay when the time changes, and faults stand at the rows that they are about", async () => {
  const { project, replanning } = state;
  await project.open(1);
  await replanning.open(3, 3_600_000);
  const [a, b] = replanning.entries;
  assert.deepEqual([a.id, a.expected, b.expected], ["A", 60, 60]);
  assert.equal(replanning.isPending, false);
  b.people = "1,200";
  replanning.row("road", "L9", "Bridge").state = "lost";
  await replanning.open(3, 7_200_000);
  assert.deepEqual(replanning.entries.map((one) => [one.id, one.expected, one.people]), [["A", 120, ""], ["B", 120, "1,200"], ["L9", null, ""]]);
  // Only rows that say something are sent: B is row 2 there, the road row 3.
  server.faults = [fault("row 2 (B)"), fault("row 3 (L9)", "warning"), fault("")];
  assert.equal(await replanning.check(), true);
  assert.deepEqual([...replanning.wrong.keys()], [b.number, replanning.entries[2].number]);
  assert.equal(replanning.others.length, 1);
  assert.ok(replanning.isRefused);
  const sent = replanning.order("name").counts[0].content.split("\n");
  assert.match(sent[1], /^waiting,B,1200,,,,,,,,entered by Ada,$/);
  assert.match(sent[2], /^road,L9,,,,lost,/);
  // Another plan has another table.
  server.faults = [];
  await replanning.open(4, 0);
  assert.equal(replanning.isPending, false);
  assert.deepEqual(replanning.order("name").counts, []);
});

test("a file fills the table in; what was typed elsewhere stays, and rows that cannot be read are not passed over in silence", async () => {
  const { project, replanning } = state;
  await project.open(1);
  await replanning.open(3, 3_600_000);
  replanning.entries[0].people = "7";
  replanning.entries[1].people = "8";
  server.file = ["waiting,B,40", "arrived,S1,3"];
  server.faults = [fault("row 4"), fault("row 2 (B)", "warning")];
  await replanning.give(new File(["x"], "counts.csv"));
  assert.deepEqual(replanning.entries.map((one) => [one.id, one.people]), [["A", "7"], ["B", "40"], ["S1", "3"]]);
  assert.deepEqual([replanning.unread.length, replanning.wrong.size, replanning.isRefused], [1, 1, true]);
  // another time, or the form opened again, takes nothing of that back
  await replanning.open(3, 7_200_000);
  assert.deepEqual([replanning.unread.length, replanning.isRefused], [1, true]);
  replanning.passOver();
  assert.equal(replanning.unread.length, 0);
});

test("an answer about an earlier time does not stand where a later one belongs", async () => {
  const { project, replanning } = state;
  await project.open(1);
  const held = server.hold((asked) => asked.endsWith("/counts"));
  const first = replanning.open(3, 3_600_000);
  await settle();
  const second = replanning.open(3, 7_200_000);
  await settle();
  await held.go();
  await Promise.all([first, second]);
  assert.deepEqual(replanning.entries.map((one) => one.expected), [120, 120]);
});
