/** What the desk knows, in one place: who is signed in, the open alerts, whether the server answers. */
import { makeCall, NoAnswer, Refusal, type Call } from "../api/client.ts";
import type { Study } from "../api/study.ts";
import type { Language } from "../text/language.ts";
import { loadDeskWords, type DeskWords } from "../text/site.ts";
import type { Ahead } from "./ahead.ts";
import { ME, STUDY } from "./paths.ts";
import { rememberLanguage, rememberSeesParticipants } from "./remembered.ts";
import { Store } from "./store.ts";
import { makeApi, type Action, type Alert, type AlertPage, type Api, type Me, type Query, type Roster, type Telephone } from "./api.ts";

export interface DeskState {
  phase: "signed_out" | "open";
  /** The words of a language come with it. */
  language: Language;
  words: DeskWords;
  me: Me | null;
  study: Study | null;
  /** Not resolved, newest first. */
  alerts: Alert[];
  /** Not closed; those that are due first on top. */
  queries: Query[];
  /** Whom to telephone, the longest unreached first. */
  calls: Telephone[];
  roster: Roster | null;
  checkedAt: number | null;
  online: boolean;
  /** The session ended under an open page: the sign-in stands over it, and nothing typed is lost. */
  signInAgain: boolean;
  toast: string | null;
  /** Closed alerts of which nobody has decided whether they were an adverse event. */
  undecided: Alert[];
  /** Counts what this desk wrote: what is shown beside alerts is asked for again. */
  written: number;
  /** Titles of the schedules seen so far, by id: a dose names only its schedule. */
  titles: Record<string, string>;
}

const PAGE = 500;
/** So many pages of a list are asked for; what lies beyond, the overview still counts. */
const MOST_PAGES = 20;
/** How long the desk waits for what it shows, once the account is known: an empty frame drawn before it would only hold it up. */
const HELD_MS = 500;

/** No answer, or a no: whoever needs it asks again and says so. */
function leftAside(error: unknown): void {
  if (!(error instanceof NoAnswer) && !(error instanceof Refusal)) throw error;
}

export class Desk {
  readonly store: Store<DeskState>;
  /** Signs in, out and up: a refusal here is an answer, not the end of a session. */
  readonly plain: Call;
  readonly api: Api;
  private studying: Promise<void> | null = null;
  private again: { promise: Promise<void>; done: () => void } | null = null;

  constructor(spoken: { language: Language; words: DeskWords }, private ahead: Ahead | null, doFetch?: typeof fetch) {
    this.store = new Store<DeskState>({
      phase: "signed_out", ...spoken, me: null, study: null, alerts: [], undecided: [], queries: [], calls: [], roster: null, checkedAt: null,
      online: true, signInAgain: false, toast: null, written: 0, titles: {},
    });
    this.plain = makeCall(() => this.store.get().language, doFetch);
    this.api = makeApi(this.call);
  }

  /** Waits for a new sign-in where the session has ended, then asks again. */
  readonly call: Call = async (method, path, body) => {
    try {
      return await this.ask(method, path, body);
    } catch (error) {
      if (!(error instanceof Refusal) || error.body.code !== "sign_in" || this.store.get().me === null) throw error;
      await this.askToSignIn();
      return this.call(method, path, body);
    }
  };

  private ask(method: Parameters<Call>[0], path: string, body?: unknown): Promise<unknown> {
    return (method === "GET" ? this.ahead?.take(path) : null) ?? this.plain(method, path, body);
  }

  private askToSignIn(): Promise<void> {
    if (this.again === null) {
      let done = (): void => undefined;
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.again = { promise, done };
      this.store.set({ signInAgain: true });
    }
    return this.again.promise;
  }

  async open(): Promise<void> {
    if (this.ahead?.has(STUDY) === true) void this.loadStudy();
    try {
      const me = (await this.ask("GET", ME)) as Me;
      await this.ahead?.settled(HELD_MS);
      await this.enter(me);
    } catch (error) {
      // What was answered to whoever was here before is not for whoever signs in now.
      this.ahead = null;
      if (!(error instanceof Refusal || error instanceof NoAnswer)) throw error;
      this.store.set({ phase: "signed_out", online: error instanceof Refusal });
    }
  }

  /** After a sign-in; `again` over an open page, which goes on when it is the same person. */
  async enter(me: Me): Promise<void> {
    const before = this.store.get().me;
    if (before !== null && before.account.id !== me.account.id) {
      location.reload();
      return;
    }
    const spoken = await this.speak(me.account.language);
    this.store.set({ phase: "open", me, ...spoken, signInAgain: false, online: true });
    rememberSeesParticipants(this.may("see_participants"));
    this.again?.done();
    this.again = null;
  }

  /** A language with its words, remembered; null where they do not come: the desk goes on in the one it speaks. */
  private async speak(language: Language): Promise<Pick<DeskState, "language" | "words"> | null> {
    const now = this.store.get();
    const words = language === now.language ? now.words : await loadDeskWords(language).catch(() => null);
    if (words === null) return null;
    rememberLanguage(language);
    return { language, words };
  }

  /** Once; where nobody answers, the next look at the alerts asks again. */
  private loadStudy(): Promise<void> {
    if (this.store.get().study !== null) return Promise.resolve();
    this.studying ??= this.ask("GET", STUDY).then((study) => this.store.set({ study: study as Study }), leftAside).finally(() => {
      this.studying = null;
    });
    return this.studying;
  }

  async signOut(): Promise<void> {
    await this.plain("POST", "/api/sign-out");
    rememberSeesParticipants(false);
    location.hash = "";
    location.reload();
  }

  async chooseLanguage(language: Language): Promise<void> {
    const spoken = await this.speak(language);
    if (spoken === null) {
      this.toast(this.store.get().words.common.noAnswer);
      return;
    }
    this.store.set(spoken);
    if (this.store.get().me !== null) this.store.set({ me: await this.api.updateMe(language) });
  }

  may(action: Action): boolean {
    return this.store.get().me?.account.may.includes(action) ?? false;
  }

  wrote(): void {
    this.store.set({ written: this.store.get().written + 1 });
  }

  async loadTitles(participantId: string): Promise<void> {
    const schedules = await this.api.listSchedules(participantId);
    const own = Object.fromEntries(schedules.map((s) => [s.id, s.title]));
    this.store.set({ titles: { ...this.store.get().titles, ...own } });
  }

  toast(text: string): void {
    this.store.set({ toast: text });
  }

  private async listAlerts(of: { state: Alert["state"] } | { sae: "undecided" }): Promise<Alert[]> {
    const found: Alert[] = [];
    let before: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer: AlertPage = await this.api.listAlerts({ ...of, limit: PAGE, ...(before === null ? {} : { before }) });
      found.push(...answer.alerts);
      before = answer.next;
      if (before === null) break;
    }
    return found;
  }

  /** The alerts that nobody has resolved yet; answers whether the server did, and keeps the old ones when the server does not answer. */
  async checkAlerts(now: () => number = Date.now): Promise<boolean> {
    // The words of an alert need it; where it did not come, the next look asks again.
    void this.loadStudy();
    if (!this.may("see_participants")) return true;
    try {
      const found = (await Promise.all([this.listAlerts({ state: "open" }), this.listAlerts({ state: "acknowledged" })])).flat();
      // One that is taken in hand between two answers stands in both: what was taken counts.
      const alerts = [...new Map(found.map((alert) => [alert.id, alert])).values()];
      alerts.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
      this.store.set({ alerts, checkedAt: now(), online: true });
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error instanceof Refusal)) throw error;
      this.store.set({ online: false });
      return false;
    }
  }

  /** Queries, calls and the roster: what changes more slowly than alerts. */
  async checkWork(): Promise<boolean> {
    if (!this.may("see_participants")) return true;
    try {
      const [queries, calls, roster] = await Promise.all([this.api.listQueries({}), this.api.listCalls(), this.api.getRoster()]);
      this.store.set({ queries, calls, roster });
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error instanceof Refusal)) throw error;
      return false;
    }
  }

  /** The closed alerts that wait for a decision: a long list, asked for only where it is shown. */
  async checkUndecided(): Promise<boolean> {
    try {
      this.store.set({ undecided: await this.listAlerts({ sae: "undecided" }) });
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error instanceof Refusal)) throw error;
      return false;
    }
  }

  /** Puts what an action answered in the place of what was shown. */
  replaceQuery(query: Query): void {
    const others = this.store.get().queries.filter((q) => q.id !== query.id);
    this.store.set({ queries: query.state === "closed" ? others : [...others, query] });
  }

  /** Puts what an action answered in the place of what was shown. */
  replaceAlert(alert: Alert): void {
    const others = this.store.get().alerts.filter((a) => a.id !== alert.id);
    const alerts = alert.state === "resolved" ? others : [...others, alert];
    alerts.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
    const undecided = this.store.get().undecided.filter((a) => a.id !== alert.id);
    this.store.set({ alerts, undecided: alert.state === "resolved" && alert.sae === "undecided" ? [...undecided, alert] : undecided });
  }
}
