import { describe, expect, it } from "vitest";
import { countDue, dueList, lastDoseAt, slotKey, snoozeChoices, type Due } from "../../src/patient/due.ts";
import type { Item, SeenVersion } from "../../src/patient/items.ts";
import { lived } from "../../src/rules/days.ts";
import type { Schedule } from "../../src/rules/schedules.ts";

const MIN = 60_000;
const at = (clock: string, day = "2026-03-14"): number => Date.parse(`${day}T${clock}:00+08:00`);
const NONE: ReadonlyMap<string, number> = new Map();

function schedule(more: Partial<Schedule> = {}): Schedule {
  return {
    id: "tac", participant_id: "p", kind: "dose", title: "Tacrolimus", times: ["08:00", "20:00"], zone: "Asia/Shanghai", from_day: "2026-03-01",
    to_day: null, drug: "tacrolimus", window_before_min: 60, window_after_min: 120, created_at: "2026-03-01T00:00:00Z", ...more,
  };
}

let number = 0;
function item(kind: string, when: number, data: object, more: Partial<Item> = {}): Item {
  number += 1;
  const id = `e${String(number)}`;
  const occurred = new Date(when + 8 * 3_600_000).toISOString().replace("Z", "+08:00");
  const current = { id, kind, occurred_at: occurred, zone: "Asia/Shanghai", data, here: null } as unknown as SeenVersion;
  return { root: id, kind, current, versions: [current], open: [], at: when, local: lived(occurred, "Asia/Shanghai"), withdrawn: false, ...more };
}

const slot = (day: string, clock: string, id = "tac"): object => ({ schedule_id: id, due_day: day, slot: clock });
const taken = (when: number, day: string, clock: string): Item => item("dose", when, { ...slot(day, clock), status: "taken", taken_at: new Date(when).toISOString() });
const stateOf = (due: Due[], clock: string): string | undefined => due.find((d) => d.isToday && d.occurrence.slot === clock)?.state;

const answeredYesterday = [taken(at("08:05", "2026-03-13"), "2026-03-13", "08:00"), taken(at("20:05", "2026-03-13"), "2026-03-13", "20:00")];
const hold = { day: "2026-03-14", latest_at: "2026-03-14T10:30:00+08:00", reason: "trough" };

describe("the blood draw", () => {
  const held = [schedule({ hold })];
  it("holds the day's first dose and no other", () => {
    const due = dueList(held, answeredYesterday, at("08:10"), NONE);
    expect(due[0]?.state).toBe("hold");
    expect(stateOf(due, "20:00")).toBe("later");
  });
  it("makes the dose due at the draw, with its window from there", () => {
    const draw = item("blood_draw", at("10:10"), slot("2026-03-14", "08:00"));
    const [first] = dueList(held, [draw, ...answeredYesterday], at("10:15"), NONE);
    expect(first).toMatchObject({ state: "drawn", drawnAt: at("10:10"), occurrence: { at: at("10:10"), closesAt: at("12:10") } });
    // The plain window would have been over at ten.
    expect(stateOf(dueList(held, [draw, ...answeredYesterday], at("12:11"), NONE), "08:00")).toBe("missed");
  });
  it("holds again when the draw is taken back", () => {
    const draw = item("blood_draw", at("08:10"), slot("2026-03-14", "08:00"), { withdrawn: true });
    expect(stateOf(dueList(held, [draw], at("08:15"), NONE), "08:00")).toBe("hold");
  });
  it("is over once the dose is answered, drawn or not", () => {
    const due = dueList(held, [taken(at("08:20"), "2026-03-14", "08:00"), ...answeredYesterday], at("08:30"), NONE);
    expect(stateOf(due, "08:00")).toBe("done");
  });
  it("keeps waiting past its latest hour: nobody takes a medicine because a clock ran out", () => {
    expect(stateOf(dueList(held, answeredYesterday, at("11:00"), NONE), "08:00")).toBe("hold");
  });
});

describe("the last dose before the draw", () => {
  const old = schedule({ id: "old", to_day: "2026-03-13", ended_at: "2026-03-13T15:00:00Z" });
  const [occurrence] = dueList([schedule({ hold })], [], at("08:10"), NONE).map((d) => d.occurrence);
  if (occurrence === undefined) throw new Error("nothing is due");
  it("is the latest taken one of the same medicine, also by a schedule that was replaced", () => {
    const doses = [
      item("dose", at("20:05", "2026-03-13"), { ...slot("2026-03-13", "20:00", "old"), status: "taken", taken_at: "2026-03-13T20:05:00+08:00" }),
      item("dose", at("21:00", "2026-03-13"), { ...slot("2026-03-13", "21:00", "other"), status: "taken", taken_at: "2026-03-13T21:00:00+08:00" }),
      item("dose", at("22:00", "2026-03-13"), { ...slot("2026-03-13", "20:00"), status: "skipped", skip_reason: "forgot" }),
    ];
    expect(lastDoseAt(occurrence, [schedule({ hold }), old, schedule({ id: "other", drug: "sirolimus" })], doses, at("08:10"))).toBe(at("20:05", "2026-03-13"));
  });
  it("is not known when none was written, and never lies after the draw", () => {
    expect(lastDoseAt(occurrence, [schedule()], [], at("08:10"))).toBeNull();
    expect(lastDoseAt(occurrence, [schedule()], [taken(at("08:30"), "2026-03-14", "08:00")], at("08:10"))).toBeNull();
  });
});

describe("putting off", () => {
  const [due] = dueList([schedule()], answeredYesterday, at("08:10"), NONE);
  if (due === undefined) throw new Error("nothing is due");
  it("waits until its time, then asks again", () => {
    const snoozed = new Map([[slotKey(due.occurrence), at("08:20")]]);
    expect(stateOf(dueList([schedule()], answeredYesterday, at("08:19"), snoozed), "08:00")).toBe("snoozed");
    expect(stateOf(dueList([schedule()], answeredYesterday, at("08:20"), snoozed), "08:00")).toBe("now");
  });
  it("leads never past the window", () => {
    expect(snoozeChoices(due, at("09:00"), [10, 30])).toEqual([10, 30]);
    expect(snoozeChoices(due, at("09:45"), [10, 30])).toEqual([10]);
    expect(snoozeChoices(due, at("09:55"), [10, 30])).toEqual([]);
  });
});

describe("the number on the icon", () => {
  const all = [schedule({ hold }), schedule({ id: "sir", drug: "sirolimus", times: ["08:30", "21:00"] })];
  it("counts what asks for an answer now, and nothing else", () => {
    const due = dueList(all, answeredYesterday, at("08:35"), NONE);
    expect(due.filter((d) => d.isToday).map((d) => d.state)).toEqual(["hold", "now", "later", "later"]);
    expect(countDue(due)).toBe(2);
    expect(countDue(dueList(all, answeredYesterday, at("08:35"), new Map([["sir/2026-03-14/08:30", at("08:40")]])))).toBe(1);
  });
});

it("goes by the day of the schedule's own zone, wherever the phone is", () => {
  // 23:30 in Shanghai on the 14th; in Tokyo the 15th has begun.
  const due = dueList([schedule({ times: ["23:00"] })], [], at("23:30"), NONE);
  expect(due.find((d) => d.isToday)).toMatchObject({ state: "now", occurrence: { day: "2026-03-14", closesAt: at("23:00") + 120 * MIN } });
});

describe("a dose that a journey left at its old time", () => {
  const east = [schedule({ zone: "Pacific/Auckland", kept: [{ day: "2026-03-14", slot: "20:00", due_at: "2026-03-14T12:00:00.000Z" }] })];
  const stateAt = (schedules: Schedule[], instant: string, day: string, clock: string): string | undefined =>
    dueList(schedules, [], Date.parse(instant), NONE).find((d) => d.occurrence.day === day && d.occurrence.slot === clock)?.state;
  it("stands on the list of the evening and is due when the push comes, after the new midnight", () => {
    expect(stateAt(east, "2026-03-14T10:30:00Z", "2026-03-14", "20:00")).toBe("later");
    expect(stateAt(east, "2026-03-14T12:00:00Z", "2026-03-14", "20:00")).toBe("now");
    const due = dueList(east, [], Date.parse("2026-03-14T12:00:00Z"), NONE);
    expect(due[0]).toMatchObject({ state: "now", isToday: true, occurrence: { day: "2026-03-14", slot: "20:00" } });
    expect(stateAt(east, "2026-03-14T14:00:01Z", "2026-03-14", "20:00")).toBe("missed");
  });
  it("stays answered for its day and slot", () => {
    const at = Date.parse("2026-03-14T12:05:00Z");
    const due = dueList(east, [taken(at, "2026-03-14", "20:00")], at, NONE);
    expect(due.find((d) => d.occurrence.slot === "20:00" && d.occurrence.day === "2026-03-14")?.state).toBe("done");
  });
  it("stays open west of the date line, although its day is tomorrow there", () => {
    const west = [schedule({ zone: "Pacific/Honolulu", kept: [{ day: "2026-03-15", slot: "08:00", due_at: "2026-03-14T19:00:00.000Z" }] })];
    expect(stateAt(west, "2026-03-14T19:30:00Z", "2026-03-15", "08:00")).toBe("now");
    expect(stateAt(west, "2026-03-14T19:30:00Z", "2026-03-15", "20:00")).toBeUndefined();
    expect(stateAt([schedule({ zone: "Pacific/Honolulu" })], "2026-03-14T19:30:00Z", "2026-03-15", "08:00")).toBeUndefined();
  });
});
