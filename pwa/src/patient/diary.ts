/** The diary on this phone: reads the store into the state, writes entries, keeps sending. */
import { packagedStudy } from "../store/packaged-study.ts";
import type { Me } from "../api/account.ts";
import { makeCall, type Call } from "../api/client.ts";
import { addDays, local } from "../rules/days.ts";
import { currentAccount, getProfile, keepAccount, setCurrentAccount, tryPin, type Unlock } from "../store/accounts.ts";
import { getPlain, openDatabase, putPlain, type AccountRecord, type Database } from "../store/database.ts";
import { dismissFromOutbox, listOutbox } from "../store/outbox.ts";
import { fetchStudy, keptStudy } from "../store/study.ts";
import { dayBefore, getSealed, listThreads, putSealed } from "../store/threads.ts";
import { CHANNEL } from "../sync/cycle.ts";
import { getAround, NOTHING } from "../sync/pull.ts";
import { mergeItems } from "./items.ts";
import { loadPreferences } from "./preferences.ts";
import { keepAsked, mayAsk } from "./wanted.ts";
import { firstState, Store, type LowProgress, type Proxy, type Travel, type WaitingAnswer } from "./state.ts";

const WINDOW_DAYS = 14;

export function phoneZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Shanghai";
}

export class Diary {
  readonly store = new Store(firstState(loadPreferences(), packagedStudy));
  readonly call: Call = makeCall(() => this.store.get().preferences.language);
  readonly channel = new BroadcastChannel(CHANNEL);
  db!: Database;
  private refreshing: Promise<void> = Promise.resolve();

  async open(): Promise<void> {
    try {
      this.db = await openDatabase(() => location.reload());
    } catch {
      this.store.set({ phase: "broken" });
      return;
    }
    const study = await keptStudy(this.db);
    const account = await currentAccount(this.db);
    const lastAt = (await getPlain(this.db, "last-sent")) as number | undefined;
    this.store.set({ study, syncing: { busy: false, stop: null, lastAt: lastAt ?? null } });
    if (account !== null) await this.use(account, true);
    this.store.set({ phase: "open" });
    this.channel.onmessage = () => void this.refresh();
    void fetchStudy(this.db, this.call).then((fresh) => fresh !== null && this.store.set({ study: fresh }));
  }

  /** Shows this account's diary. */
  private async use(account: AccountRecord, locked: boolean): Promise<void> {
    const me = await getProfile(account);
    const proxy = await getSealed<Proxy>(this.db, account, "proxy");
    const snoozed = (await getSealed<[string, number][]>(this.db, account, "snoozed")) ?? [];
    const answers = (await getSealed<WaitingAnswer[]>(this.db, account, "answers")) ?? [];
    const travel = await getSealed<Travel>(this.db, account, "travel");
    const seen = (await getSealed<string[]>(this.db, account, "seen")) ?? [];
    const low = await getSealed<LowProgress>(this.db, account, "low");
    const isToday = proxy?.day === local(Date.now(), phoneZone()).day;
    const chosen = me.participants.find((p) => p.id === proxy?.participant);
    const participant = me.account.role === "guardian" ? ((isToday ? chosen : undefined) ?? null) : (me.participants[0] ?? null);
    this.store.set({
      account, me, locked, participant, proxy: isToday ? proxy : null, snoozed: new Map(snoozed), answers, travel, seen: new Set(seen), low,
      firstDay: "", toast: null, offerReminders: await mayAsk(this.db, account.id, Date.now()),
    });
    await this.refresh();
  }

  /** After activation or sign-in: from now on this phone shows this person's diary. */
  async enter(me: Me, pin: string): Promise<void> {
    const account = await keepAccount(this.db, me, pin);
    await setCurrentAccount(this.db, account.id);
    await this.use(account, false);
    this.changed();
  }

  async unlock(pin: string): Promise<Unlock> {
    const { account } = this.store.get();
    if (account === null) return "sign_in";
    const answer = await tryPin(this.db, account, pin);
    if (answer === "open") this.store.set({ locked: false });
    return answer;
  }

  /** Leaves the account; what waits stays sealed on this phone until it signs in again. */
  async leave(): Promise<void> {
    await setCurrentAccount(this.db, null);
    this.store.set({
      account: null, me: null, participant: null, proxy: null, items: [], outbox: [], around: NOTHING, locked: true, low: null, toast: null,
      answers: [], travel: null, snoozed: new Map(), offerReminders: false,
    });
  }

  async choose(proxy: Proxy): Promise<void> {
    const { account, me } = this.store.get();
    if (account === null || me === null) return;
    await putSealed(this.db, account, "proxy", proxy);
    const participant = me.participants.find((p) => p.id === proxy.participant) ?? null;
    this.store.set({ participant, proxy, firstDay: "" });
    await this.refresh();
  }

  /** Reads everything again, one reading at a time. */
  refresh(): Promise<void> {
    this.refreshing = this.refreshing.then(() => this.read()).catch(() => undefined);
    return this.refreshing;
  }

  private async read(): Promise<void> {
    const { account, participant } = this.store.get();
    if (account === null) return;
    const outbox = await listOutbox(this.db, account);
    const me = await getProfile((await this.db.get("accounts", account.id)) ?? account);
    if (participant === null) {
      this.store.set({ outbox, me });
      return;
    }
    const today = local(Date.now(), phoneZone()).day;
    const firstDay = this.store.get().firstDay || addDays(today, -WINDOW_DAYS);
    const threads = await listThreads(this.db, account, participant.id, firstDay, addDays(today, 3));
    const earlier = await dayBefore(this.db, account, participant.id, firstDay);
    const around = await getAround(this.db, account, participant.id);
    this.store.set({
      outbox, me, around, firstDay, hasEarlier: earlier !== null,
      items: mergeItems(threads, outbox, participant.id),
      participant: me.participants.find((p) => p.id === participant.id) ?? participant,
    });
  }

  /** Widens what is read by two weeks, or to the next day that holds anything. */
  async readEarlier(): Promise<void> {
    const { account, participant, firstDay } = this.store.get();
    if (account === null || participant === null) return;
    const next = await dayBefore(this.db, account, participant.id, firstDay);
    if (next === null) return;
    this.store.set({ firstDay: addDays(next, -WINDOW_DAYS) });
    await this.refresh();
  }

  async keepLow(low: LowProgress | null): Promise<void> {
    const { account } = this.store.get();
    this.store.set({ low });
    if (account !== null) await putSealed(this.db, account, "low", low);
  }

  /** Put off until then; what is over is forgotten. */
  async keepSnoozed(key: string, until: number): Promise<void> {
    const { account, snoozed } = this.store.get();
    const next = new Map([...snoozed, [key, until] as const].filter(([, at]) => at > Date.now()));
    this.store.set({ snoozed: next });
    if (account !== null) await putSealed(this.db, account, "snoozed", [...next]);
  }

  async keepAnswers(answers: WaitingAnswer[]): Promise<void> {
    const { account } = this.store.get();
    if (account !== null) await putSealed(this.db, account, "answers", answers);
    this.store.set({ answers });
  }

  async keepTravel(travel: Travel): Promise<void> {
    const { account } = this.store.get();
    this.store.set({ travel });
    if (account !== null) await putSealed(this.db, account, "travel", travel);
  }

  /** The offer of reminders was answered, by yes or by "not now". */
  async keepOffered(): Promise<void> {
    const { account } = this.store.get();
    this.store.set({ offerReminders: false });
    if (account !== null) await keepAsked(this.db, account.id, Date.now());
  }

  /** Somebody has looked at what was not taken; it stays in the diary, but asks for nothing any more. */
  async keepSeen(id: string): Promise<void> {
    const { account, seen } = this.store.get();
    if (account === null) return;
    await dismissFromOutbox(this.db, id);
    const next = new Set([...seen, id]);
    await putSealed(this.db, account, "seen", [...next]);
    this.store.set({ seen: next });
    await this.refresh();
    this.changed();
  }

  async keepLastSent(at: number): Promise<void> {
    await putPlain(this.db, "last-sent", at);
  }

  /** Tells the other tabs that the store has changed. */
  changed(): void {
    this.channel.postMessage("changed");
  }
}
