/** A server in memory that speaks the contract of `syncEntries`, `putEntry`, `listChanges` and `getMe`. */
import { NoAnswer, Refusal, type Call } from "../src/api/client.ts";
import type { Participant } from "../src/api/account.ts";
import type { Entry, EntryResult } from "../src/api/types.ts";

export type Fault = "none" | "lost_request" | "dies_after_commit" | "busy" | "dies_midway";

/** What is refused, by value. */
const REFUSED: Partial<Record<string, string>> = { ERR: "unreadable", L0: "glucose_did_you_mean_lo" };

export function ownParticipant(id: string): Participant {
  return {
    id, subject_no: "S007", name: null, display_unit: "mmol/L", zone: "Asia/Shanghai", treated_by_carer: false, is_child: false,
    transplant_days: [], contraception: false,
  };
}

export class ContractServer {
  readonly entries = new Map<string, { body: string; entry: Entry }>();
  readonly order: string[] = [];
  /** How often each id arrived, answered or not. */
  readonly arrivals = new Map<string, number>();
  calls = 0;
  online = true;
  signedIn: string | null;
  readonly poison = new Set<string>();
  nextFault: () => Fault = () => "none";

  constructor(account: string, private readonly participant: string) {
    this.signedIn = account;
  }

  private receive(entry: Entry): EntryResult {
    this.arrivals.set(entry.id, (this.arrivals.get(entry.id) ?? 0) + 1);
    const body = JSON.stringify(entry);
    const known = this.entries.get(entry.id);
    const result = { id: entry.id, severe: null, basis: null, episode_id: null, code: null, message: null };
    if (known !== undefined) return { ...result, status: known.body === body ? "duplicate" : "conflict" };
    if (entry.replaces !== undefined && !this.entries.has(entry.replaces)) {
      return { ...result, status: "conflict", code: "unknown_version", message: "The earlier version is not here." };
    }
    const code = entry.kind === "reading" && entry.data !== null ? REFUSED[(entry.data as { value: string }).value] : undefined;
    if (code !== undefined) return { ...result, status: "refused", code, message: "That is no value." };
    this.entries.set(entry.id, { body, entry });
    this.order.push(entry.id);
    return { ...result, status: "stored" };
  }

  readonly call: Call = async (method, path, body) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.calls += 1;
    const fault = this.nextFault();
    if (!this.online || fault === "lost_request") throw new NoAnswer("no network");
    if (fault === "busy") throw new Refusal(503, { code: "busy", message: "Try again." }, 1);
    if (this.signedIn === null) throw new Refusal(401, { code: "sign_in", message: "Sign in." }, null);
    const answer = this.answer(method, path, body, fault);
    if (fault === "dies_after_commit") throw new NoAnswer("died after the commit");
    return structuredClone(answer);
  };

  private answer(method: string, path: string, body: unknown, fault: Fault): unknown {
    if (path === "/api/me") {
      return {
        account: { id: this.signedIn, login: "S007", role: "participant", language: "en", name: null },
        participants: [ownParticipant(this.participant)],
      };
    }
    if (path.startsWith("/api/patient/changes")) return this.changes(new URL(path, "http://x").searchParams.get("since"));
    const entries = method === "PUT" ? [body as Entry] : (body as { entries: Entry[] }).entries;
    if (entries.some((e) => this.poison.has(e.id))) throw new Refusal(500, { code: "crash", message: "" }, null);
    // A server that dies midway keeps a savepoint for each entry it had finished only if it committed: none.
    if (fault === "dies_midway") throw new NoAnswer("died before the commit");
    const results = entries.map((e) => this.receive(e));
    if (method === "POST") return { results };
    const [only] = results;
    if (only?.status === "conflict") throw new Refusal(409, { code: "conflict", message: "Another body." }, null);
    if (only?.status === "refused") throw new Refusal(422, { code: "unreadable", message: "ERR is no value." }, null);
    return only;
  }

  private changes(since: string | null): unknown {
    const from = Number(since ?? "0");
    const ids = this.order.slice(from, from + 3);
    const entries = ids.map((id) => ({
      ...this.entries.get(id)?.entry, received_at: "2026-03-01T00:00:00.000Z",
      author_role: "participant", state: "stored", severe: null, basis: null, episode_id: null,
    }));
    return { entries, schedules: [], queries: [], alerts: [], cursor: String(from + ids.length) };
  }
}
