/** Making entries: every tap that records something ends here. */
import type { DataByKind, Entry, Kind } from "../api/types.ts";
import { instantText } from "../rules/days.ts";
import { addToOutbox } from "../store/outbox.ts";
import { uuid7 } from "../store/uuid.ts";
import { phoneZone, type Diary } from "./diary.ts";
import type { SeenVersion } from "./items.ts";
import type { Sending } from "./sending.ts";

export const APP_VERSION = __APP_VERSION__;

/** What is known of an entry once it is kept: enough to replace or withdraw it. */
export type Kept = Pick<SeenVersion, "id" | "participant_id" | "occurred_at" | "zone" | "proxy_reason">;

export interface Draft<K extends Kind = Kind> {
  kind: K;
  data: DataByKind[K] | null;
  occurredAt?: number;
  reason?: string;
  replaces?: Kept;
}

/** What may be answered once only: a slot of a schedule, a day, the withdrawal of a version. */
function onceKey({ kind, participant_id, data, replaces }: Pick<SeenVersion, "kind" | "participant_id" | "data" | "replaces">): string | null {
  if (data === null) return `withdraws ${replaces ?? ""}`;
  if (replaces != null) return null;
  const { schedule_id, due_day, slot, day } = data as Partial<Record<string, string>>;
  if (kind === "day_complete") return `${participant_id} day ${day ?? ""}`;
  return schedule_id === undefined ? null : `${participant_id} ${kind} ${schedule_id} ${due_day ?? ""} ${slot ?? ""}`;
}

export class Writing {
  /** Entries on their way to the disk, by what may be answered once only. */
  private readonly answering = new Map<string, Promise<Kept>>();

  constructor(private readonly diary: Diary, private readonly sending: Sending) {}

  /** The entry that a draft becomes, for whoever is written for now; a new version is of whom the old one was. */
  make(draft: Draft): Entry {
    const { participant, proxy, me } = this.diary.store.get();
    const old = draft.replaces;
    const whose = old === undefined ? participant?.id : old.participant_id;
    if (whose === undefined) throw new Error("nobody to write for");
    const nowMs = Date.now();
    const zone = phoneZone();
    // A correction that leaves the time alone keeps it letter by letter, with the zone it was lived in.
    const keepsTime = old !== undefined && draft.occurredAt === undefined;
    const why = proxy?.participant === whose ? proxy.reason : (old?.proxy_reason ?? proxy?.reason);
    return {
      id: uuid7(nowMs),
      participant_id: whose,
      kind: draft.kind,
      occurred_at: keepsTime ? old.occurred_at : instantText(draft.occurredAt ?? nowMs, zone),
      zone: keepsTime ? old.zone : zone,
      recorded_at: instantText(nowMs, zone),
      data: draft.data as Record<string, unknown> | null,
      origin: "typed",
      app_version: APP_VERSION,
      ...(old === undefined ? {} : { replaces: old.id }),
      ...(draft.reason === undefined || draft.reason === "" ? {} : { reason: draft.reason }),
      ...(me?.account.role === "guardian" && why !== undefined ? { proxy_reason: why } : {}),
    };
  }

  /** On this phone's disk when it resolves, and shown; sending has been asked for, also of a closed browser. */
  async keep(entry: Entry): Promise<void> {
    const { account } = this.diary.store.get();
    if (account === null) throw new Error("nobody is signed in");
    await addToOutbox(this.diary.db, account, [entry]);
    this.diary.showKept(entry);
    this.diary.changed();
    void this.sending.askBackgroundSync();
    void this.sending.now();
  }

  /** Keeps a draft. A slot that is answered, or just being answered, gives the answer it has. */
  save(draft: Draft): Promise<Kept> {
    const entry = this.make(draft);
    const key = onceKey(entry);
    if (key === null) return this.keep(entry).then(() => entry);
    const before = this.answering.get(key) ?? this.answered(key);
    if (before !== null) return Promise.resolve(before);
    const kept = this.keep(entry).then(() => entry).finally(() => this.answering.delete(key));
    this.answering.set(key, kept);
    return kept;
  }

  /** The answer that is shown already: a version that counts, or the withdrawal of the same version. */
  private answered(key: string): Kept | null {
    const { items, others } = this.diary.store.get();
    for (const { current, withdrawn } of [...items, ...others.flatMap((o) => o.items)]) {
      if (current.here !== null && current.here !== "waiting") continue;
      // A corrected answer is one all the same; only a withdrawal speaks of what it replaces.
      if (onceKey(withdrawn ? current : { ...current, replaces: null }) === key) return current;
    }
    return null;
  }

  /** Takes back what was just saved; what the server did not take needs no taking back. */
  async undo(kind: Kind, entry: Kept, reason: string): Promise<void> {
    const { outbox } = this.diary.store.get();
    if (outbox.some((w) => w.entry.id === entry.id && w.state !== "waiting")) return;
    await this.withdraw(kind, entry, reason);
  }

  /** A withdrawal: a version without data. The earlier ones stay to be seen. */
  async withdraw(kind: Kind, version: Kept, reason: string): Promise<void> {
    await this.save({ kind, data: null, reason, replaces: version });
  }
}
