// Counts as people type them, and as the table that the program reads (docs/reference/replan.md).

import type { CountRow } from "../api/types";
import { csv } from "../lib/csv";
import { count } from "../lib/typed";

export type What = "waiting" | "arrived" | "on_road" | "at_start" | "staying" | "road" | "site";
export type PlaceState = "" | "lost" | "closed" | "full" | "open";

/** A row as it is typed: texts, so that what is half typed stays as it is. */
export interface Entry {
  /** Number of the row on the screen. */
  number: number;
  what: What;
  id: string;
  name: string;
  /** What the plan expects; `null`: it says nothing of it. */
  expected: number | null;
  people: string;
  uncertainty: string;
  age: string;
  state: PlaceState;
  forMin: string;
  capacityPcuH: string;
  capacityPeople: string;
  admission: string;
  source: string;
  note: string;
  /** Where it is, if it was picked on the map. */
  geometry: GeoJSON.Geometry | null;
}

let last = 0;

export function entry(what: What, id: string, name: string): Entry {
  last += 1;
  const typed = { people: "", uncertainty: "", age: "", state: "" as const, forMin: "", capacityPcuH: "", capacityPeople: "", admission: "" };
  return { number: last, what, id, name, expected: null, ...typed, source: "", note: "", geometry: null };
}

const text = (value: number | null | undefined) => (value == null ? "" : String(value));

/** A row that the server has read. */
export function entryOf(row: CountRow): Entry {
  return {
    ...entry((row.what ?? "waiting") as What, row.id ?? "", row.name ?? ""),
    expected: row.expected_people ?? null,
    people: text(row.people),
    uncertainty: text(row.uncertainty_people),
    age: text(row.age_min),
    state: (row.state ?? "") as PlaceState,
    forMin: text(row.for_min),
    capacityPcuH: text(row.capacity_pcu_h),
    capacityPeople: text(row.capacity_people),
    admission: text(row.admission_people_h),
    source: row.source ?? "",
    note: row.note ?? "",
  };
}

/** What is about the same thing has the same key. */
export function key(one: { what?: string; id?: string }): string {
  return `${one.what ?? ""}/${one.id ?? ""}`;
}

/** Whether anybody has filled it in. */
export function isFilled(one: Entry): boolean {
  return [one.people, one.state, one.capacityPcuH, one.capacityPeople, one.admission].some((typed) => typed.trim() !== "");
}

const COLUMNS = [
  "people",
  "uncertainty_people",
  "age_min",
  "state",
  "for_min",
  "capacity_pcu_h",
  "capacity_people",
  "admission_people_h",
  "source",
  "note",
] as const;

/** A whole number without separators; what is none stays as it was typed, for the program to say so. */
function whole(typed: string): string {
  const number = count(typed);
  return number == null ? typed.trim() : String(number);
}

/** A number with a decimal comma as one with a point. */
function decimal(typed: string): string {
  return typed.trim().replace(/^(\d+),(\d+)$/, "$1.$2");
}

/** A rate: with separators between thousands, a point apart, which may be that of a decimal; else a number as above. */
function rate(typed: string): string {
  return /^\d{1,3}([,'\u2019\s]\d{3})+$/.test(typed.trim()) ? typed.replace(/\D/g, "") : decimal(typed);
}

function cells(one: Entry, source: string): string[] {
  return [
    whole(one.people),
    whole(one.uncertainty),
    decimal(one.age),
    one.state,
    decimal(one.forMin),
    rate(one.capacityPcuH),
    whole(one.capacityPeople),
    rate(one.admission),
    one.source.trim() || source,
    one.note,
  ];
}

/** The table of rows that are filled in. `source`: who says what has no source of its own. */
export function tableOf(entries: Entry[], source: string): string {
  return csv(["what", "id", ...COLUMNS], entries.map((one) => [one.what, one.id, ...cells(one, source)]));
}

/** The whole table, to be filled in elsewhere. */
export function templateOf(entries: Entry[]): string {
  const rows = entries.map((one) => [one.what, one.id, one.name, String(one.expected ?? ""), ...cells(one, "")]);
  return csv(["what", "id", "name", "expected_people", ...COLUMNS], rows);
}

/** Which row of the table (from 0) a fault is about; `null`: none. The header is row 1 there. */
export function rowOf(place: string): number | null {
  const row = /^row (\d+)/.exec(place)?.[1];
  return row === undefined ? null : Number(row) - 2;
}
