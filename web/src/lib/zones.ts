// Clocks of a place as moments with their offset.

const MIN_MS = 60_000;

/** Time zones that the browser knows, by name. */
export function zones(): string[] {
  return Intl.supportedValuesOf("timeZone");
}

/** Whether it is the name of a time zone. An offset is none: it says nothing of summer time. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** Date and time of day as `2026-06-01` and `08:00`, as the moment that clocks of the zone show then: RFC 3339 with its offset. */
export function withOffset(date: string, time: string, zone: string): string {
  const shown = Date.parse(`${date}T${time}Z`);
  // The offset where the clocks are changed is that of the moment itself.
  let offset = offsetAt(shown, zone);
  offset = offsetAt(shown - offset, zone);
  const minutes = Math.abs(Math.round(offset / MIN_MS));
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = time.length === 5 ? `${time}:00` : time;
  return `${date}T${seconds}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The date and time of day that a moment was given with; nothing where there is none. */
export function clocks(start: string | null): [string, string] {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})/.exec(start ?? "") ?? [];
  return [date ?? "", time ?? ""];
}

/** What the clocks of a zone are ahead of UTC, ms. */
function offsetAt(ms: number, zone: string): number {
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn", ...fields }).formatToParts(ms);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - ms;
}
