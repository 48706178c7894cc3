// The HTTP interface, one function a route. Everything goes to the server that the page came from, and to no other.

import { readLines } from "../map/lines";
import type {
  AccountInfo,
  AccountOrder,
  CommentInfo,
  CommentPin,
  Comparison,
  CountsInfo,
  CountsOrder,
  CurveInfo,
  Draft,
  DraftRevision,
  Fault,
  FoundPlace,
  GivenFile,
  JobInfo,
  JobOrder,
  LinkFigures,
  MapInfo,
  MapShapesInfo,
  PlanOverview,
  ProjectFile,
  ProjectInfo,
  RecordLine,
  ReplannedInfo,
  SessionInfo,
  StepsInfo,
  StoredDraft,
  VersionFile,
  VersionInfo,
} from "./types";

export type ReviewStep = "submit" | "accept" | "return" | "discard";

/** An answer that is none: what the server said, in words and with the faults it found. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly faults: Fault[] = [],
  ) {
    super(message);
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "unreachable");
  }
  if (response.ok) return response;
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { message?: string; error?: string; faults?: Fault[] };
    throw new ApiError(response.status, body.message ?? body.error ?? text, body.faults ?? []);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(response.status, text || response.statusText);
  }
}

async function get<Answer>(path: string): Promise<Answer> {
  return (await ask(path)).json() as Promise<Answer>;
}

async function send<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
  const response = await ask(path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as Answer;
}

const name = encodeURIComponent;

export const api = {
  session: () => get<SessionInfo>("/api/session"),
  signIn: (who: string, password?: string) => send<SessionInfo>("POST", "/api/session", { name: who, password }),

  signOut: () => ask("/api/session", { method: "DELETE" }),
  accounts: () => get<AccountInfo[]>("/api/accounts"),
  putAccount: (order: AccountOrder) => send<AccountInfo>("POST", "/api/accounts", order),

  projects: () => get<ProjectInfo[]>("/api/projects"),
  project: (project: number) => get<ProjectInfo>(`/api/projects/${project}`),
  exportProjectAddress: (project: number) => `/api/projects/${project}/export.zip`,
  importProject: async (archive: File): Promise<ProjectInfo> => {
    const init = { method: "POST", body: archive, headers: { "content-type": "application/zip" } };
    return (await ask("/api/projects/import", init)).json() as Promise<ProjectInfo>;
  },
  newProject: (order: { name: string; context?: string }) => send<ProjectInfo>("POST", "/api/projects", order),
  givenFiles: (project: number) => get<ProjectFile[]>(`/api/projects/${project}/files`),
  give: async (project: number, file: File): Promise<GivenFile> => {
    const init = { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } };
    const response = await ask(`/api/projects/${project}/files?name=${name(file.name)}`, init);
    return response.json() as Promise<GivenFile>;
  },

  fileText: async (file: number) => (await ask(`/api/files/${file}`)).text(),
  shapesOf: (file: number, role: string) => get<Record<string, unknown>>(`/api/files/${file}/shapes?role=${role}`),

  draft: (project: number, revision?: number) =>
    get<StoredDraft>(`/api/projects/${project}/draft${revision === undefined ? "" : `?revision=${revision}`}`),
  drafts: (project: number) => get<DraftRevision[]>(`/api/projects/${project}/draft/revisions`),
  saveDraft: (project: number, base: number, note: string, draft: Draft) =>
    send<StoredDraft>("PUT", `/api/projects/${project}/draft`, { base, note, draft }),

  jobs: (project: number) => get<JobInfo[]>(`/api/projects/${project}/jobs`),
  order: (project: number, order: JobOrder) => send<JobInfo>("POST", `/api/projects/${project}/jobs`, order),
  jobOrder: (job: number) => get<JobOrder>(`/api/jobs/${job}/order`),
  job: (job: number) => get<JobInfo>(`/api/jobs/${job}`),
  cancel: (job: number) => ask(`/api/jobs/${job}`, { method: "DELETE" }),
  jobEvents: (job: number) => new EventSource(`/api/jobs/${job}/events`),

  versions: (project: number) => get<VersionInfo[]>(`/api/projects/${project}/versions`),
  version: (version: number) => get<VersionInfo>(`/api/versions/${version}`),
  changeVersion: (version: number, change: { name?: string; note?: string; baseline?: boolean }) =>
    send<VersionInfo>("PATCH", `/api/versions/${version}`, change),
  files: (version: number) => get<VersionFile[]>(`/api/versions/${version}/files`),
  text: async (version: number, file: string) => (await ask(api.fileAddress(version, file))).text(),
  fileAddress: (version: number, file: string) =>
    `/api/versions/${version}/files/${file.split("/").map(name).join("/")}`,
  exportAsAddress: (version: number, format: string) => `/api/versions/${version}/export?format=${name(format)}`,
  exportAddress: (version: number) => `/api/versions/${version}/archive.zip`,

  map: (version: number) => get<MapInfo>(`/api/versions/${version}/map`),
  tiles: (version: number) => `/api/versions/${version}/tiles/{z}/{x}/{y}`,
  lines: async (version: number) => readLines(await (await ask(`/api/versions/${version}/lines`)).arrayBuffer()),
  shapes: (version: number) => get<MapShapesInfo>(`/api/versions/${version}/shapes`),
  find: (version: number, text: string) => get<FoundPlace[]>(`/api/versions/${version}/find?text=${name(text)}`),

  overview: (version: number) => get<PlanOverview>(`/api/versions/${version}/overview`),
  link: (version: number, row: number) => get<LinkFigures>(`/api/versions/${version}/links/${row}`),
  curve: (version: number) => get<CurveInfo>(`/api/versions/${version}/curve`),
  steps: (version: number) => get<StepsInfo>(`/api/versions/${version}/steps`),
  step: async (version: number, measure: string, step: number) =>
    new Uint8Array(await (await ask(`/api/versions/${version}/steps/${measure}/${step}`)).arrayBuffer()),

  whatIf: (version: number, order: { name: string; changes: unknown[] }) =>
    send<VersionInfo>("POST", `/api/versions/${version}/what-if`, order),
  compare: (versions: number[]) => get<Comparison>(`/api/compare?plans=${versions.join(",")}`),

  counts: (version: number, order: Partial<CountsOrder>) =>
    send<CountsInfo>("POST", `/api/versions/${version}/counts`, order),
  replanned: (version: number) => get<ReplannedInfo>(`/api/versions/${version}/replanned`),

  comments: (version: number) => get<CommentInfo[]>(`/api/versions/${version}/comments`),
  comment: (version: number, pin: CommentPin, text: string, answers?: number) =>
    send<CommentInfo>("POST", `/api/versions/${version}/comments`, { pin, text, answers }),
  review: (version: number, action: ReviewStep, reason: string, baseline = false) =>
    send<VersionInfo>("POST", `/api/versions/${version}/review`, { action, reason, baseline }),
  record: (project: number) => get<RecordLine[]>(`/api/projects/${project}/record`),
};
