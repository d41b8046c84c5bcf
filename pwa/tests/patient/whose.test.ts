// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putPlain } from "../../src/store/database.ts";
import { keepVersions, putSealed, type Version } from "../../src/store/threads.ts";
import type { AlertState } from "../../src/sync/pull.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, reading, settle, signedIn, type Tab, until } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;
const iso = (at: number): string => new Date(at).toISOString();
const today = (): string => new Intl.DateTimeFormat("sv-SE").format(Date.now());

function received(entry: object, at: number): Version {
  return { ...entry, received_at: iso(at), author_role: "guardian", state: "stored", severe: null, basis: null, episode_id: null } as Version;
}

const medicine = (id: string, drug: string) => ({
  id, kind: "dose", title: drug, times: ["08:00"], zone: "Asia/Shanghai", from_day: "2026-01-01", to_day: null, window_before_min: 60, window_after_min: 120, drug,
});

/** A phone of two children: Ming takes tacrolimus, Lan sirolimus; the mother writes for `chosen`. */
async function twoChildren({ chosen = "p-8", day = today(), lan = [] as Version[], alerts = [] as AlertState[], me = GUARDIAN } = {}): Promise<Tab> {
  const { db, account } = await signedIn(me);
  await putSealed(db, account, "proxy", { participant: chosen, reason: "Still young", day });
  await keepVersions(db, account, "p-9", lan);
  const around = { cursor: "1", refusals: [], queries: [], alerts: [] };
  await putSealed(db, account, "around p-8", { ...around, schedules: [medicine("s-8", "Tacrolimus")] });
  await putSealed(db, account, "around p-9", { ...around, schedules: [medicine("s-9", "Sirolimus")], alerts });
  await putPlain(db, "card p-9", { name: "", phone: "139 0000 0009" });
  db.close();
  return openTab(null, { unlocked: false });
}

const lanIsLow = () => reading("p-9", "2.1", Date.now() - 10 * MINUTE);

describe("the emergency card", () => {
  it("is that of the child whose low it is, with this child's medicines and contact, whoever was chosen", async () => {
    const low = lanIsLow();
    const tab = await twoChildren({ lan: [received(low, Date.now() - 9 * MINUTE)] });
    await goTo(`#/low/${low.id}`);
    await goTo(tab.button("Not awake").getAttribute("href") ?? "");
    await goTo(tab.button("Emergency card").getAttribute("href") ?? "");
    await settle();
    expect(location.hash).toBe("#/card/p-9");
    for (const words of ["Lan", "S009", "Sirolimus", "139 0000 0009"]) expect(tab.text()).toContain(words);
    expect(tab.root.querySelector(".facts")?.textContent).not.toMatch(/Ming|S008|Tacrolimus/);
  });

  it("opened from Help is that of the only child whose low runs", async () => {
    const tab = await twoChildren({ lan: [received(lanIsLow(), Date.now() - 9 * MINUTE)] });
    await goTo("#/card");
    expect(tab.root.querySelector(".facts")?.textContent).toContain("Lan");
  });

  it("asks whose where it cannot know, also after midnight", async () => {
    const tab = await twoChildren({ day: "2026-01-01" });
    await goTo("#/card");
    expect(tab.root.querySelector(".facts")).toBeNull();
    await goTo(tab.button("Ming").getAttribute("href") ?? "");
    await settle();
    expect(tab.root.querySelector(".facts")?.textContent).toMatch(/Ming.*S008.*Tacrolimus/);
  });

  it("is that of the only child after midnight as well", async () => {
    const tab = await twoChildren({ day: "2026-01-01", me: { ...GUARDIAN, participants: GUARDIAN.participants.slice(0, 1) } });
    await goTo("#/card");
    await settle();
    expect(tab.root.querySelector(".facts")?.textContent).toMatch(/Ming.*S008.*Tacrolimus/);
  });
});

describe("who has read a low", () => {
  const alertOf = (id: string, at: number): AlertState => ({ id: "al", entry_ids: [id], state: "acknowledged", at: iso(at), seen_at: iso(at), seen_by_role: "coordinator" });

  it("is said of the child whose low it is, while the mother writes for the other", async () => {
    const low = lanIsLow();
    const tab = await twoChildren({ lan: [received(low, Date.now() - 9 * MINUTE)], alerts: [alertOf(low.id, Date.now() - MINUTE)] });
    await goTo(`#/low/${low.id}`);
    await settle();
    expect(tab.text()).toContain("Read by the coordinator on call");
  });

  it.each([["before", false], ["after", true]] as const)("counts only what was read %s the answer came", async (_when, isAfter) => {
    const low = lanIsLow();
    const answer = { ...reading("p-9", "1", Date.now() - 10 * MINUTE), kind: "hypo_event", data: { could_self_treat: "no", reading_id: low.id } };
    const readAt = Date.now() - (isAfter ? 2 : 6) * MINUTE;
    const tab = await twoChildren({ lan: [received(low, Date.now() - 9 * MINUTE), received(answer, Date.now() - 4 * MINUTE)], alerts: [alertOf(low.id, readAt)] });
    await goTo(`#/low/${low.id}`);
    await settle();
    await until(() => tab.text().includes(isAfter ? "Read by" : "Sent, not yet read"));
    expect(tab.text()).not.toContain(isAfter ? "Sent, not yet read" : "Read by");
  });

  it("counts only what was read after a later low of the same alert", async () => {
    const low = lanIsLow();
    const again = reading("p-9", "2.3", Date.now() - 5 * MINUTE);
    const alert = { ...alertOf(low.id, Date.now() - 6 * MINUTE), entry_ids: [low.id, again.id] };
    const tab = await twoChildren({ lan: [received(low, Date.now() - 9 * MINUTE), received(again, Date.now() - 4 * MINUTE)], alerts: [alert] });
    await goTo(`#/low/${low.id}`);
    await settle();
    expect(tab.text()).not.toContain("Read by");
  });
});
