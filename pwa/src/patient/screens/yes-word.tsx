/** "Yes, LO": one tap logs what the meter showed, where the text that was sent could not be taken for it. */
import type { JSX } from "preact";
import type { ReadingData } from "../../api/types.ts";
import { Icon } from "../../parts/basics.tsx";
import type { SetAside } from "../../sync/pull.ts";
import { useApp } from "../app-context.tsx";
import { phoneZone } from "../diary.ts";
import { lowPlace } from "../lows.ts";
import { go } from "../route.ts";
import { useSave } from "../saving.tsx";
import type { Draft, Kept } from "../writing.ts";

const MEANT: Partial<Record<string, "LO" | "HI">> = { glucose_did_you_mean_lo: "LO", glucose_did_you_mean_hi: "HI" };

/** What was not taken, as far as it is needed to send it once more. */
type NotTaken = Omit<Kept, "id" | "participant_id"> & { participant_id?: string; data: object | null; replaces?: string | null | undefined; reason?: string | null | undefined };

/** A correction that was not taken is made again as one: beside the old value it would count twice. */
function asBefore(of: NotTaken, whose: string): Pick<Draft, "occurredAt" | "replaces" | "reason"> {
  return of.replaces == null ? { occurredAt: Date.parse(of.occurred_at) } : { replaces: { participant_id: whose, ...of, id: of.replaces }, reason: of.reason ?? "" };
}

/** `seen` is put away once the reading is kept in its place. */
export function YesWord({ code, of, seen }: { code: string | null; of: NotTaken; seen: string }): JSX.Element | null {
  const { t, state, diary } = useApp();
  const { save, busy, sheet } = useSave(() => void diary.keepSeen(seen).then(() => {
    go(lowPlace(diary.store.get(), Date.now(), "diary"), true);
  }));
  const word = MEANT[code ?? ""];
  if (word === undefined || of.data === null) return null;
  const meant: ReadingData = { ...(of.data as ReadingData), value: word };
  delete meant.unit;
  return (
    <>
      <button type="button" class="btn" disabled={busy} onClick={() => save({ kind: "reading", data: meant, ...asBefore(of, state.participant?.id ?? "") })}>
        <Icon name="check" />{t.ask.isWord(word)}
      </button>
      {sheet}
    </>
  );
}

/** The same for what another phone sent, of which only the text itself is known here. */
export function SentWord({ of }: { of: SetAside }): JSX.Element | null {
  const sent = readSent(of.raw);
  return sent === null ? null : <div class="more row"><YesWord code={of.code} of={sent} seen={of.id} /></div>;
}

type Sent = NotTaken & { data: { value?: unknown } };

/** What was sent, where it can be read: its data, when it happened, and what it was to replace. */
export function readSent(raw: string): Sent | null {
  try {
    const sent = JSON.parse(raw) as Partial<Record<keyof NotTaken, unknown>>;
    const { data, occurred_at, participant_id } = sent;
    if (typeof data !== "object" || data === null || typeof occurred_at !== "string" || Number.isNaN(Date.parse(occurred_at))) return null;
    const text = (key: "replaces" | "reason" | "proxy_reason"): string | undefined => (typeof sent[key] === "string" ? sent[key] : undefined);
    return {
      data, occurred_at, ...(typeof participant_id === "string" ? { participant_id } : {}), zone: typeof sent.zone === "string" ? sent.zone : phoneZone(), replaces: text("replaces"), reason: text("reason"),
      proxy_reason: text("proxy_reason") ?? null,
    };
  } catch {
    return null;
  }
}
