import { packagedStudy } from "./packaged-study.ts";
import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import type { Study } from "../api/study.ts";
import { getPlain, putPlain, type Database } from "./database.ts";

const KEY = "study";

/** The study as the server last gave it; on a first visit without an answer, the packaged one. */
export async function keptStudy(db: Database): Promise<Study> {
  return wholeStudy(await getPlain(db, KEY));
}

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/** `given` with what it lacks filled in from `usual`: field by field, however deep. */
function filled(usual: Plain, given: Plain): Plain {
  const out: Plain = { ...usual };
  for (const [key, value] of Object.entries(given)) {
    const known = usual[key];
    if (isPlain(known)) out[key] = isPlain(value) ? filled(known, value) : known;
    else if (value !== undefined && (known === undefined || typeof value === typeof known)) out[key] = value;
  }
  return out;
}

/** A study that an older server gave, or an older app kept, with the fields that came since. */
export function wholeStudy(given: unknown): Study {
  return isPlain(given) ? (filled(packagedStudy as unknown as Plain, given) as unknown as Study) : packagedStudy;
}

/** Asks the server for the study and keeps it; null when nobody answered. */
export async function fetchStudy(db: Database, call: Call): Promise<Study | null> {
  try {
    const study = await call("GET", "/api/study");
    await putPlain(db, KEY, study);
    return wholeStudy(study);
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return null;
    throw error;
  }
}
