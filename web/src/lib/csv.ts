// Tables as the program writes them (RFC 4180): commas, quotes where needed, a header.

export type Row = Record<string, string>;

/** The rows of a table by the names of its columns. */
export function table(text: string): Row[] {
  const lines = records(text);
  const names = lines.shift();
  if (!names) return [];
  return lines.map((fields) => Object.fromEntries(names.map((name, at) => [name, fields[at] ?? ""])));
}

function records(text: string): string[][] {
  const all: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") {
      record.push(field);
      field = "";
    } else if (char === "\n") {
      record.push(field.replace(/\r$/, ""));
      all.push(record);
      record = [];
      field = "";
    } else field += char;
  }
  if (field !== "" || record.length > 0) all.push([...record, field]);
  return all;
}

/** A number of a field; `null` where it is empty. */
export function number(field: string | undefined): number | null {
  if (field === undefined || field.trim() === "") return null;
  const value = Number(field);
  return Number.isFinite(value) ? value : null;
}

/** Text as it was given: tables have a `'` before what a spreadsheet would take for a formula. */
export function words(field: string | undefined): string {
  return (field ?? "").replace(/^'(?=[=+\-@\t\r])/, "");
}

/** A table as text. */
export function csv(names: string[], rows: string[][]): string {
  const cell = (text: string) => (/[",\r\n]|^[ #]|^$/.test(text) && text !== "" ? `"${text.replaceAll('"', '""')}"` : text);
  return [names, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}
