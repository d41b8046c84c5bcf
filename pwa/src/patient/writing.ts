/** Making entries: every tap that records something ends here. */
import type { DataByKind, Entry, Kind } from "../api/types.ts";
import { instantText } from "../rules/days.ts";
import { addToOutbox } from "../store/outbox.ts";
import { uuid7 } from "../store/uuid.ts";
import { phoneZone, type Diary } from "./diary.ts";
import type { Sending } from "./sending.ts";
import type { SeenVersion } from "./items.ts";

export const APP_VERSION = __APP_VERSION__;

export interface Draft<K extends Kind = Kind> {
  kind: K;
  data: DataByKind[K] | null;
  occurredAt?: number;
  reason?: string;
  replaces?: SeenVersion;
}

export class Writing {
  constructor(private readonly diary: Diary, private readonly sending: Sending) {}

  private entry(draft: Draft): Entry {
    const { participant, proxy, me } = this.diary.store.get();
    if (participant === null) throw new Error("nobody to write for");
    const nowMs = Date.now();
    const zone = phoneZone();
    const old = draft.replaces;
    // A correction that leaves the time alone keeps it letter by letter, with the zone it was lived in.
    const keepsTime = old !== undefined && draft.occurredAt === undefined;
    const isProxy = me?.account.role === "guardian";
    return {
      id: uuid7(nowMs),
      participant_id: participant.id,
      kind: draft.kind,
      occurred_at: keepsTime ? old.occurred_at : instantText(draft.occurredAt ?? nowMs, zone),
      zone: keepsTime ? old.zone : zone,
      recorded_at: instantText(nowMs, zone),
      data: draft.data as Record<string, unknown> | null,
      origin: "typed",
      app_version: APP_VERSION,
      ...(old === undefined ? {} : { replaces: old.id }),
      ...(draft.reason === undefined || draft.reason === "" ? {} : { reason: draft.reason }),
      ...(isProxy && proxy !== null ? { proxy_reason: proxy.reason } : {}),
    };
  }

  /** Keeps the entry on this phone's disk, then sends. Resolves as soon as it is kept. */
  async save<K extends Kind>(draft: Draft<K>): Promise<Entry> {
    const { account } = this.diary.store.get();
    if (account === null) throw new Error("nobody is signed in");
    const entry = this.entry(draft);
    await addToOutbox(this.diary.db, account, [entry]);
    await this.diary.refresh();
    this.diary.changed();
    void this.sending.now();
    return entry;
  }

  /** Takes back what was just saved; what the server did not take needs no taking back. */
  async undo(kind: Kind, entry: Entry, reason: string): Promise<void> {
    const { outbox } = this.diary.store.get();
    if (outbox.some((w) => w.entry.id === entry.id && w.state !== "waiting")) return;
    await this.withdraw(kind, entry, reason);
  }

  /** A withdrawal: a version without data. The earlier ones stay to be seen. */
  async withdraw(kind: Kind, version: Pick<SeenVersion, "id" | "occurred_at" | "zone">, reason: string): Promise<void> {
    await this.save({ kind, data: null, reason, replaces: version as SeenVersion });
  }
}
