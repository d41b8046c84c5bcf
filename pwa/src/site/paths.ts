/** Where the server answers what the desk opens with; a module without imports, because the early script holds it too. */

/** Local days, both included. */
export interface Span {
  from: string;
  to: string;
}

export const ME = "/api/me";
export const STUDY = "/api/study";
export const PARTICIPANTS = "/api/site/participants";
const ENTRIES_AT_ONCE = 500;

/** `?name=value`, without what is undefined or empty. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, v]) => v !== undefined && v !== "" && v !== false);
  const text = new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
  return text === "" ? "" : `?${text}`;
}

export const participantPath = (id: string): string => `${PARTICIPANTS}/${id}`;

/** A page of a span's entries, newest first. */
export const spanPath = (id: string, span: Span, kind?: string, before?: string): string => `${participantPath(id)}/entries${query({ ...span, kind, before, limit: ENTRIES_AT_ONCE })}`;

export const heldPath = (id: string): string => `${participantPath(id)}/entries${query({ held: true, limit: ENTRIES_AT_ONCE })}`;

export const windowsPath = (id: string, span: Span, kind: string): string => `${participantPath(id)}/adherence${query({ ...span, detail: "windows", kind })}`;

export const daysPath = (id: string, span: Span): string => `${participantPath(id)}/days${query({ ...span })}`;
