/** Wall-clock days and times in a participant's zone. Days are `YYYY-MM-DD`, clocks `HH:MM`. */

export interface Local {
  day: string;
  clock: string;
}

/** What the browser's own Temporal does here; its first answer takes 1 ms where Intl loads for 40 and more. */
interface Zoned {
  toPlainDateTime: () => { toString: (as: { smallestUnit: "second" }) => string };
}
interface OwnTemporal {
  Instant: { fromEpochMilliseconds: (ms: number) => { toZonedDateTimeISO: (zone: string) => Zoned } };
  Now: { timeZoneId: () => string };
}
const temporal = (globalThis as { Temporal?: OwnTemporal }).Temporal;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  return format;
}

/** `YYYY-MM-DDTHH:MM:SS` on the wall of the zone. */
function wallText(atMs: number, zone: string): string {
  if (temporal !== undefined) return temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "second" });
  const p = Object.fromEntries(formatFor(zone).formatToParts(atMs).map((part) => [part.type, part.value])) as Record<Intl.DateTimeFormatPartTypes, string>;
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}`;
}

/** The zone that this device says it is in. */
export function browserZone(): string {
  return temporal === undefined ? Intl.DateTimeFormat().resolvedOptions().timeZone : temporal.Now.timeZoneId();
}

export function local(atMs: number, zone: string): Local {
  const wall = wallText(atMs, zone);
  return { day: wall.slice(0, 10), clock: wall.slice(11, 16) };
}

/** Minutes that the zone's wall clock is ahead of UTC at this instant. */
export function offsetMinutes(atMs: number, zone: string): number {
  const wall = Date.parse(`${wallText(atMs, zone)}Z`);
  return Math.round((wall - Math.floor(atMs / 1000) * 1000) / 60_000);
}

/** RFC 3339 with the offset that the clock on the wall had: `2026-03-01T07:10:00+08:00`. */
export function instantText(atMs: number, zone: string): string {
  const offset = offsetMinutes(atMs, zone);
  const shifted = new Date(atMs + offset * 60_000).toISOString().slice(0, 19);
  const sign = offset < 0 ? "-" : "+";
  const minutes = Math.abs(offset);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${shifted}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * The instant of a wall time. A time that the spring change leaves out goes to the first valid minute,
 * one that the autumn change repeats to its first occurrence.
 */
export function instantOf(day: string, clock: string, zone: string): number {
  const wall = Date.parse(`${day}T${clock}:00Z`);
  const candidates = [wall - 86_400_000, wall + 86_400_000]
    .map((probe) => wall - offsetMinutes(probe, zone) * 60_000)
    .filter((at) => at + offsetMinutes(at, zone) * 60_000 === wall);
  if (candidates.length > 0) return Math.min(...candidates);
  return firstMinuteAfterGap(wall, zone);
}

function firstMinuteAfterGap(wall: number, zone: string): number {
  const before = offsetMinutes(wall - 86_400_000, zone);
  let low = wall - offsetMinutes(wall + 86_400_000, zone) * 60_000;
  let high = wall - before * 60_000;
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 120_000) * 60_000;
    if (offsetMinutes(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether the zone's calendar has the day: Samoa had no 30 December 2011. */
export function dayExists(day: string, zone: string): boolean {
  return local(instantOf(day, "00:00", zone), zone).day === day;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The local day and clock that an entry's author lived, whatever offset its text carries. */
export function lived(occurredAt: string, zone: string): Local {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(occurredAt);
  if (offset !== null && !/[+-]00:00$/.test(occurredAt)) {
    return { day: occurredAt.slice(0, 10), clock: occurredAt.slice(11, 16) };
  }
  return local(Date.parse(occurredAt), zone);
}
