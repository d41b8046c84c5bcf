import { packagedStudy } from "./packaged-study.ts";
import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import type { Study } from "../api/study.ts";
import { getPlain, putPlain, type Database } from "./database.ts";

const KEY = "study";

/** The study as the server last gave it; on a first visit without an answer, the packaged one. */
export async function keptStudy(db: Database): Promise<Study> {
  const kept = (await getPlain(db, KEY)) as Study | undefined;
  return kept === undefined ? packagedStudy : { ...kept, texts: { ...packagedStudy.texts, ...kept.texts } };
}

/** Asks the server for the study and keeps it; null when nobody answered. */
export async function fetchStudy(db: Database, call: Call): Promise<Study | null> {
  try {
    const study = (await call("GET", "/api/study")) as Study;
    await putPlain(db, KEY, study);
    return study;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return null;
    throw error;
  }
}
