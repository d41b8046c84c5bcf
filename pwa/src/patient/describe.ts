/** An entry in one line, in the reader's words. */
import type { Entry } from "../api/types.ts";
import type { App } from "./app-context.tsx";
import { scheduleName } from "./due.ts";
import { fieldsOf, type Data } from "./fields.ts";
import { readingData, showReading, type Item, type SeenVersion, type Shown } from "./items.ts";
import { lived } from "../rules/days.ts";
import { phoneZone } from "./diary.ts";
import { momentInWords } from "./when.ts";

export function shownReading(version: Pick<Entry, "data">, { state }: App): Shown | null {
  return version.data === null ? null : showReading(readingData(version), state.participant?.display_unit ?? "mmol/L", state.study);
}

/** What the row says besides the value: the context of a reading, the kind of anything else. */
export function titleOf(item: Item, app: App): string {
  const { t } = app;
  if (item.kind !== "reading") return t.kinds[item.kind] ?? item.kind;
  const version = item.versions.findLast((v) => v.data !== null);
  const context = version === undefined ? null : readingData(version).context;
  return context == null ? (t.kinds.reading ?? "") : t.reading.context[context];
}

function doseLine(data: Data, { state, t }: App): string {
  const schedule = state.around.schedules.find((s) => s.id === data.schedule_id);
  const name = schedule === undefined ? null : scheduleName(schedule);
  const status = data.status === "taken" ? t.today.taken : t.today.skipped;
  const reason = typeof data.skip_reason === "string" ? t.skip[data.skip_reason as keyof typeof t.skip] : null;
  return [name, status, reason].filter(Boolean).join(", ");
}

/** The content of any version, field by field, as text. */
export function contentOf(version: Pick<SeenVersion, "kind" | "data">, app: App): string {
  if (version.data === null) return app.t.diary.withdrawn;
  if (version.kind === "reading") {
    const shown = shownReading(version, app);
    return shown === null ? "" : [shown.value, shown.unit].filter(Boolean).join(" ");
  }
  const data = version.data as Data;
  if (version.kind === "dose") return doseLine(data, app);
  if (version.kind === "blood_draw") return typeof data.last_dose_at === "string" ? app.t.today.lastDose(momentInWords(lived(data.last_dose_at, phoneZone()), Date.now(), app.t)) : app.t.today.drawn;
  const known = fieldsOf(version.kind, app);
  const lines = known.flatMap((field): string[] => {
    const value = data[field.name];
    if (value === undefined || value.length === 0) return [];
    if (field.type === "choice" || field.type === "several") {
      const words = new Map(field.options);
      const list = typeof value === "string" ? [value] : value;
      const answer = list.map((v) => words.get(v) ?? v).join(", ");
      // A bare "no" says nothing: its question goes before it.
      return [words.has("yes") ? `${field.label} ${answer}` : answer];
    }
    return [field.type === "number" ? `${String(value)} ${field.unit}` : String(value)];
  });
  if (known.length > 0) return lines.join(" · ");
  // What staff wrote: shown as it stands, a number with its unit.
  const { kg, value, amount, unit, ...rest } = data;
  const measured = kg === undefined ? [value ?? amount, unit].filter(Boolean).join(" ") : `${String(kg)} kg`;
  return [measured, ...Object.values(rest)].filter((v) => typeof v === "string" && v !== "").join(" · ");
}

export function momentOf(version: Pick<Entry, "occurred_at" | "zone">): { day: string; clock: string } {
  return lived(version.occurred_at, version.zone);
}

/** Who wrote it, as this reader would say it: a guardian's "you" is not the child, nor another guardian. */
export function authorOf(version: SeenVersion, { t, state }: App): string {
  const own = state.me?.account;
  if (version.here !== null || version.author_role === null || version.author_id === own?.id) return t.diary.self;
  const isGuardian = own?.role === "guardian";
  if (version.author_role === "guardian") return isGuardian ? t.diary.otherGuardian : t.diary.guardian;
  if (version.author_role === "participant") return isGuardian ? t.diary.child : t.diary.self;
  return t.diary.staff;
}
