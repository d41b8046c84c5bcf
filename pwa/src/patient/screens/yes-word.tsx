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

const MEANT: Partial<Record<string, "LO" | "HI">> = { glucose_did_you_mean_lo: "LO", glucose_did_you_mean_hi: "HI" };

/** `seen` is put away once the reading is kept in its place. */
export function YesWord({ code, data, occurredAt, seen }: { code: string | null; data: object | null; occurredAt: string; seen: string }): JSX.Element | null {
  const { t, diary } = useApp();
  const { save, busy, sheet } = useSave(() => void diary.keepSeen(seen).then(() => {
    go(lowPlace(diary.store.get(), Date.now(), "diary"), true);
  }));
  const word = MEANT[code ?? ""];
  if (word === undefined || data === null) return null;
  const meant: ReadingData = { ...(data as ReadingData), value: word };
  delete meant.unit;
  return (
    <>
      <button type="button" class="btn" disabled={busy} onClick={() => save({ kind: "reading", data: meant, occurredAt: Date.parse(occurredAt) })}>
        <Icon name="check" />{t.ask.isWord(word)}
      </button>
      {sheet}
    </>
  );
}

/** The same for what another phone sent, of which only the text itself is known here. */
export function SentWord({ of }: { of: SetAside }): JSX.Element | null {
  const sent = readSent(of.raw);
  return sent === null ? null : <div class="more row"><YesWord code={of.code} data={sent.data} occurredAt={sent.occurred_at} seen={of.id} /></div>;
}

/** What was sent, where it can be read: its data, and when it happened. */
export function readSent(raw: string): { data: { value?: unknown }; occurred_at: string; zone: string } | null {
  try {
    const { data, occurred_at, zone } = JSON.parse(raw) as { data?: unknown; occurred_at?: unknown; zone?: unknown };
    if (typeof data !== "object" || data === null || typeof occurred_at !== "string" || Number.isNaN(Date.parse(occurred_at))) return null;
    return { data, occurred_at, zone: typeof zone === "string" ? zone : phoneZone() };
  } catch {
    return null;
  }
}
