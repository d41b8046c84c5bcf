/** Everything the screens show, in one place that tells them when it changes. */
import type { Me, Participant } from "../api/account.ts";
import type { Study } from "../api/study.ts";
import type { AccountRecord } from "../store/database.ts";
import type { Waiting } from "../store/outbox.ts";
import type { Stop } from "../sync/drain.ts";
import { NOTHING, type Around } from "../sync/pull.ts";
import type { Item } from "./items.ts";
import type { Preferences } from "./preferences.ts";

export interface Toast {
  text: string;
  /** Takes back what was just done; offered for ten seconds. */
  undo: (() => void) | null;
  /** Said on the button instead of "Undo", where it does something else. */
  word?: string;
}

export interface Syncing {
  busy: boolean;
  stop: Stop | null;
  lastAt: number | null;
}

/** What is kept of a low that runs, so that a reload goes on where it was. */
export interface LowProgress {
  /** Empty where nobody has written the low down: then it is this participant's until their next entry. */
  root: string;
  participant?: string | null;
  ateAt: number;
}

/** One person's entries of the last days. */
export interface Person {
  participant: Participant;
  items: Item[];
}

export interface Proxy {
  participant: string;
  reason: string;
  day: string;
}

export interface WaitingAnswer {
  id: string;
  text: string;
  /** The server has it; kept until its own word of the question comes, so that nothing is asked twice. */
  sent?: boolean;
}

/** `stayed`: the person left the reminders where they are; `waiting`: the site looks at the change first. */
export interface Travel {
  participant: string;
  zone: string;
  state: "stayed" | "moved" | "waiting";
}

export interface State {
  phase: "opening" | "broken" | "open";
  preferences: Preferences;
  study: Study;
  account: AccountRecord | null;
  me: Me | null;
  locked: boolean;
  participant: Participant | null;
  proxy: Proxy | null;
  around: Around;
  outbox: Waiting[];
  items: Item[];
  firstDay: string;
  hasEarlier: boolean;
  /** What was put off, by slot, and until when. */
  snoozed: ReadonlyMap<string, number>;
  /** Answers to the site's questions that wait for a network. */
  answers: WaitingAnswer[];
  /** The moment has come to offer reminders. */
  offerReminders: boolean;
  /** The zone about which the person has been asked, and what came of it. */
  travel: Travel | null;
  /** What was not taken and has been looked at: refusals of other phones by id, our own by entry. */
  seen: ReadonlySet<string>;
  /** When sugar was taken, for each low of the last hours. */
  lows: LowProgress[];
  /** The last days of everybody else this phone writes for: a low of theirs is never out of reach. */
  others: Person[];
  /** Unsent entries that this phone can no longer read, by id, unless they were looked at. */
  unreadable: string[];
  /** Sent entries that this phone can no longer read: the server is asked for them again. */
  missing: number;
  /** The last reading of the store failed: what is shown may be old, and nobody can say that all is sent. */
  isUnread: boolean;
  syncing: Syncing;
  toast: Toast | null;
  updateWaits: boolean;
}

export class Store {
  private listeners = new Set<() => void>();

  constructor(private current: State) {}

  get = (): State => this.current;

  set(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export function firstState(preferences: Preferences, study: Study): State {
  return {
    phase: "opening", preferences, study, account: null, me: null, locked: true, participant: null, proxy: null,
    around: NOTHING, outbox: [], items: [], firstDay: "", hasEarlier: false, snoozed: new Map(), answers: [], offerReminders: false, travel: null, seen: new Set(), lows: [], others: [], unreadable: [], missing: 0, isUnread: false,
    syncing: { busy: false, stop: null, lastAt: null }, toast: null, updateWaits: false,
  };
}
