// Numbers as people type them.

/** A whole number, also with separators between thousands; `null`: nothing was typed; `undefined`: it is no such number. */
export function count(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === "") return null;
  if (/^\d+$/.test(text) || /^\d{1,3}([.,'\u2019\s]\d{3})+$/.test(text)) return Number(text.replace(/\D/g, ""));
  return undefined;
}

/** Whether something is typed that is no amount. */
export function isNoAmount(typed: string): boolean {
  return typed.trim() !== "" && (amount(typed) ?? -1) < 0;
}

/** A number with a point or a comma; `null` where it is none. */
export function amount(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  const value = Number(text);
  return text === "" || !Number.isFinite(value) ? null : value;
}
