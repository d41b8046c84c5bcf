/** The diary on this phone: reads the store into the state, writes entries, keeps sending. */
import { packagedStudy } from "../store/packaged-study.ts";
import type { Me, Participant } from "../api/account.ts";
import { makeCall, type Call } from "../api/client.ts";
import { addDays, browserZone, local } from "../rules/days.ts";
import { currentAccount, getProfile, keepAccount, setCurrentAccount, tryPin, type Unlock } from "../store/accounts.ts";
import { getPlain, openDatabase, putPlain, type AccountRecord, type Database } from "../store/database.ts";
import { dismissFromOutbox, readOutbox, type Outbox, type Waiting } from "../store/outbox.ts";
import { fetchStudy, keptStudy } from "../store/study.ts";
import { changeSealed, dayBefore, getSealed, putSealed, readThreads, type Thread } from "../store/threads.ts";
import { CHANNEL } from "../sync/cycle.ts";
import { getAround, NOTHING } from "../sync/pull.ts";
import type { Entry } from "../api/types.ts";
import { whenCalm } from "./calm.ts";
import { mergeItems, type Item } from "./items.ts";
import { isRecent } from "./lows.ts";
import { loadPreferences } from "./preferences.ts";
import { keepAsked, mayAsk } from "./wanted.ts";
import { firstState, Store, type LowProgress, type Proxy, type State, type Travel, type WaitingAnswer } from "./state.ts";

const WINDOW_DAYS = 14;
const LOWS_KEPT = 8;

export function phoneZone(): string {
  return browserZone() || "Asia/Shanghai";
}

/** A guardian writes for the child that was chosen today, anybody else for themselves. */
function writtenFor(me: Me | null, proxy: Proxy | null): Participant | null {
  if (me?.account.role === "guardian") return me.participants.find((p) => p.id === proxy?.participant) ?? null;
  return me?.participants[0] ?? null;
}

type Remembered = "snoozed" | "answers" | "travel" | "seen" | "lows";

/** What the tabs of one browser tell each other; the service worker says only the first. */
type Word = "changed" | "locked" | "who";

/** Lows of the last days are looked for at everybody; no low runs longer. */
const NEAR_DAYS = 2;

export class Diary {
  readonly store = new Store(firstState(loadPreferences(), packagedStudy));
  readonly call: Call = makeCall(() => this.store.get().preferences.language);
  readonly channel = new BroadcastChannel(CHANNEL);
  db!: Database;
  private refreshing: Promise<void> = Promise.resolve();
  /** As last read from the disk, with what was kept since. */
  private disk: Waiting[] = [];
  private threads = new Map<string, Thread[]>();
  /** Not on the disk yet, or not at all. */
  private readonly early = new Map<string, Waiting>();
  private kept = 0;

  /** Opens what this phone keeps; false when it cannot be opened. Help works all the same. */
  async open(): Promise<boolean> {
    try {
      this.db = await this.connect();
      const study = await keptStudy(this.db);
      const account = await currentAccount(this.db);
      const lastAt = (await getPlain(this.db, "last-sent")) as number | undefined;
      this.store.set({ study, syncing: { busy: false, stop: null, lastAt: lastAt ?? null } });
      if (account !== null) await this.use(account, true);
    } catch {
      this.store.set({ phase: "broken" });
      return false;
    }
    this.store.set({ phase: "open" });
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.hear(data);
    void fetchStudy(this.db, this.call).then((fresh) => fresh !== null && this.store.set({ study: fresh })).catch(() => undefined);
    return true;
  }

  /** A newer version of the diary that wants the database gets it at the first calm moment, never from under a form. */
  private connect(): Promise<Database> {
    return openDatabase({
      onWanted: (close) => whenCalm(this, () => { close(); location.reload(); }),
      onGone: () => void this.connect().then((db) => { this.db = db; }).catch(() => undefined),
    });
  }

  private hear(word: Word): void {
    if (word === "locked") this.store.set({ locked: true });
    else if (word === "who") void this.checkWho();
    else void this.refresh();
  }

  /** Another tab may have signed out, or somebody else in: this one follows, and is locked. */
  async checkWho(): Promise<void> {
    const account = await currentAccount(this.db);
    if (account?.id === this.store.get().account?.id) return;
    if (account === null) this.clear();
    else await this.use(account, true);
  }

  /** Shows this account's diary. */
  private async use(account: AccountRecord, locked: boolean): Promise<void> {
    const before = this.store.get();
    if (before.account?.id !== account.id) this.clear();
    const me = await getProfile(account);
    const proxy = await getSealed<Proxy>(this.db, account, "proxy");
    // Who signs in again with a form open goes on writing for the same person, also past midnight.
    const goesOn = before.account?.id === account.id && before.participant !== null && before.proxy !== null;
    const own = goesOn ? before.proxy : proxy?.day === local(Date.now(), phoneZone()).day ? proxy : null;
    this.store.set({
      account, me, locked, proxy: own, participant: writtenFor(me, own), ...(await this.remembered(account)),
      firstDay: "", toast: null, offerReminders: await mayAsk(this.db, account.id, Date.now()),
    });
    await this.refresh();
  }

  /** What this phone remembers of the account besides entries; what it cannot read stays as it was. */
  private async remembered(account: AccountRecord): Promise<Pick<State, Remembered>> {
    const before = this.store.get();
    const read = <T>(key: Remembered): Promise<T | null> => getSealed<T>(this.db, account, key);
    return {
      snoozed: new Map((await read<[string, number][]>("snoozed")) ?? before.snoozed),
      answers: (await read<WaitingAnswer[]>("answers")) ?? before.answers,
      travel: (await read<Travel>("travel")) ?? before.travel,
      seen: new Set((await read<string[]>("seen")) ?? before.seen),
      lows: this.young((await read<LowProgress[]>("lows")) ?? before.lows),
    };
  }

  /** Changes what the disk remembers by now, which another tab may have written: neither takes the other's away. */
  private async remember<T>(key: Remembered, change: (kept: T | null) => T): Promise<void> {
    const { account } = this.store.get();
    this.kept += 1;
    if (account === null) return;
    await changeSealed(this.db, account, key, change);
    this.kept += 1;
    const now = await this.remembered(account);
    if (this.store.get().account?.id === account.id) this.store.set(now);
    this.changed();
  }

  /** After activation or sign-in: from now on this phone shows this person's diary. */
  async enter(me: Me, pin: string): Promise<void> {
    const account = await keepAccount(this.db, me, pin);
    await setCurrentAccount(this.db, account.id);
    await this.use(account, false);
    this.tell("who");
    this.changed();
  }

  async unlock(pin: string): Promise<Unlock> {
    const { account } = this.store.get();
    if (account === null) return "sign_in";
    const answer = await tryPin(this.db, account, pin);
    if (answer === "open") this.store.set({ locked: false });
    return answer;
  }

  /** Locks viewing, in every tab. */
  lock(): void {
    this.store.set({ locked: true });
    this.tell("locked");
  }

  /** Leaves the account, in every tab; what waits stays sealed on this phone until it signs in again. */
  async leave(): Promise<void> {
    await setCurrentAccount(this.db, null);
    this.clear();
    this.tell("who");
  }

  private clear(): void {
    this.disk = [];
    this.threads.clear();
    this.early.clear();
    this.store.set({
      account: null, me: null, participant: null, proxy: null, items: [], others: [], outbox: [], around: NOTHING, locked: true, lows: [], toast: null,
      answers: [], travel: null, snoozed: new Map(), seen: new Set(), offerReminders: false, unreadable: [], missing: 0, firstDay: "",
    });
  }

  async choose(proxy: Proxy): Promise<void> {
    const { account, me } = this.store.get();
    if (account === null || me === null) return;
    await putSealed(this.db, account, "proxy", proxy);
    const isOther = this.store.get().participant?.id !== proxy.participant;
    this.store.set({ participant: writtenFor(me, proxy), proxy, ...(isOther ? { firstDay: "", around: NOTHING } : {}) });
    this.show();
    await this.refresh();
  }

  /** Reads everything again, one reading at a time. What cannot be read now stays as it was shown. */
  refresh(): Promise<void> {
    this.refreshing = this.refreshing.then(() => this.read()).catch(() => this.store.set({ isUnread: true }));
    return this.refreshing;
  }

  /** Something was kept, or somebody else chosen, while it was being read: read once more. */
  private async read(): Promise<void> {
    for (;;) {
      const { account, participant, firstDay } = this.store.get();
      if (account === null) return;
      const before = this.kept;
      const change = await this.readAll(account);
      const now = this.store.get();
      if (this.kept !== before || now.account?.id !== account.id || now.participant?.id !== participant?.id || now.firstDay !== firstDay) continue;
      this.disk = change.outbox.waiting;
      this.threads = change.threads;
      const { seen = now.seen } = change.state;
      const unreadable = change.outbox.unreadable.filter((id) => !seen.has(id));
      this.store.set({ ...change.state, unreadable, missing: change.missing, isUnread: false });
      this.show();
      return;
    }
  }

  private async readAll(shown: AccountRecord): Promise<{ outbox: Outbox; threads: Map<string, Thread[]>; missing: number; state: Partial<State> }> {
    const state = this.store.get();
    // A sync may have made a new key where the phone had lost the old one.
    const account = (await this.db.get("accounts", shown.id)) ?? shown;
    const outbox = await readOutbox(this.db, account);
    const remembered = await this.remembered(account);
    const me = (await getProfile(account)) ?? state.me;
    const participant = me?.participants.find((p) => p.id === state.participant?.id) ?? state.participant ?? writtenFor(me, state.proxy);
    const today = local(Date.now(), phoneZone()).day;
    const firstDay = state.firstDay || addDays(today, -WINDOW_DAYS);
    const threads = new Map<string, Thread[]>();
    let missing = 0;
    for (const { id } of me?.participants ?? []) {
      const from = id === participant?.id ? firstDay : addDays(today, -NEAR_DAYS);
      const found = await readThreads(this.db, account, id, from, addDays(today, 3));
      threads.set(id, found.threads);
      missing += found.unreadable.length;
    }
    if (participant === null) return { outbox, threads, missing, state: { ...remembered, account, me } };
    const earlier = await dayBefore(this.db, account, participant.id, firstDay);
    const around = await getAround(this.db, account, participant.id);
    return { outbox, threads, missing, state: { ...remembered, account, me, participant, around, firstDay, hasEarlier: earlier !== null } };
  }

  /** Puts what was read, and what was kept since, into the state. */
  private show(): void {
    const { me, participant } = this.store.get();
    const outbox = [...this.disk, ...[...this.early.values()].filter((e) => !this.disk.some((w) => w.entry.id === e.entry.id))];
    const itemsOf = (id: string): Item[] => mergeItems(this.threads.get(id) ?? [], outbox, id);
    const others = (me?.participants ?? []).filter((p) => p.id !== participant?.id).map((p) => ({ participant: p, items: itemsOf(p.id) }));
    this.store.set({ outbox, others, items: participant === null ? [] : itemsOf(participant.id) });
  }

  /** Shows an entry whose writing goes on, or has failed; the low screen waits for neither. */
  showEarly(entry: Entry, state: "waiting" | "unkept"): void {
    if (this.disk.some((w) => w.entry.id === entry.id)) return;
    this.early.set(entry.id, { entry, state, code: null, message: null });
    this.show();
  }

  /** It is on the disk now: shown at once, without reading all the rest. */
  showKept(entry: Entry): void {
    this.kept += 1;
    this.early.delete(entry.id);
    this.disk = [...this.disk, { entry, state: "waiting", code: null, message: null }];
    this.show();
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

  /** Sugar was taken: the wait begins, beside that of any other low. */
  async keepLow(low: LowProgress): Promise<void> {
    const isOther = (l: LowProgress): boolean => l.root !== low.root || (low.root === "" && l.participant !== low.participant);
    const add = (lows: LowProgress[] | null): LowProgress[] => [low, ...this.young(lows ?? []).filter(isOther)].slice(0, LOWS_KEPT);
    this.store.set({ lows: add(this.store.get().lows) });
    await this.remember("lows", add);
  }

  /** A wait that is older than the study's hour is forgotten: another low begins with sugar. */
  private young(lows: LowProgress[]): LowProgress[] {
    const { study } = this.store.get();
    return lows.filter(({ ateAt }) => isRecent(ateAt, Date.now(), study));
  }

  /** Put off until then; what is over is forgotten. */
  async keepSnoozed(key: string, until: number): Promise<void> {
    type Pairs = [string, number][];
    const add = (kept: Pairs | null): Pairs => [...new Map<string, number>([...(kept ?? []), [key, until]])].filter(([, at]) => at > Date.now());
    this.store.set({ snoozed: new Map(add([...this.store.get().snoozed])) });
    await this.remember("snoozed", add);
  }

  keepAnswers(change: (answers: WaitingAnswer[]) => WaitingAnswer[]): Promise<void> {
    return this.remember<WaitingAnswer[]>("answers", (kept) => change(kept ?? []));
  }

  async keepTravel(travel: Travel): Promise<void> {
    this.store.set({ travel });
    await this.remember("travel", () => travel);
  }

  /** The offer of reminders was answered, by yes or by "not now". */
  async keepOffered(): Promise<void> {
    const { account } = this.store.get();
    this.store.set({ offerReminders: false });
    if (account !== null) await keepAsked(this.db, account.id, Date.now());
  }

  /** Somebody has looked at what was not taken; it stays in the diary, but asks for nothing any more. */
  async keepSeen(id: string): Promise<void> {
    if (this.store.get().account === null) return;
    // What cannot be read is never taken away: it only asks for nothing any more.
    if (!this.store.get().unreadable.includes(id)) await dismissFromOutbox(this.db, id);
    await this.remember<string[]>("seen", (kept) => [...new Set([...(kept ?? []), id])]);
    await this.refresh();
  }

  async keepLastSent(at: number): Promise<void> {
    await putPlain(this.db, "last-sent", at);
  }

  private tell(word: Word): void {
    this.channel.postMessage(word);
  }

  /** Tells the other tabs that the store has changed. */
  changed(): void {
    this.tell("changed");
  }
}
