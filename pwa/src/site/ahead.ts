/** What the first screen will ask for is on its way before the screen, and the code that draws it, is there. */
import { makeCall, type Call } from "../api/client.ts";
import { local } from "../rules/days.ts";
import { makeApi } from "./api.ts";
import { askPage } from "./person/pages.ts";
import { personApi } from "./person/api.ts";
import type { Route } from "./route.ts";

export const ME = "/api/me";
export const STUDY = "/api/study";

/** Asking ahead is a favour: whatever becomes of it, the screen asks again and says so. */
const leftAside = (): void => undefined;

export class Ahead {
  private readonly answers = new Map<string, Promise<unknown>>();
  private readonly plain: Call;
  private following: Promise<void> = Promise.resolve();

  constructor(language: () => string, doFetch?: typeof fetch) {
    this.plain = makeCall(language, doFetch);
  }

  private readonly call: Call = (method, path) => {
    const answer = this.plain(method, path);
    answer.catch(leftAside);
    this.answers.set(path, answer);
    return answer;
  };

  /** The account and the study always; `route` with what it begins with only where the reader may see participants. */
  ask(route: Route | null): void {
    void this.call("GET", ME).catch(leftAside);
    if (route !== null) this.following = this.askFor(route).catch(leftAside);
    void this.call("GET", STUDY).catch(leftAside);
  }

  private async askFor({ name, parts: [id = "", tab = ""] }: Route): Promise<void> {
    const api = makeApi(this.call);
    if (name === "") await api.listParticipants();
    if (name !== "p") return;
    const { zone } = await api.getParticipant(id);
    if (tab === "") await askPage(personApi(this.call, id), local(Date.now(), zone).day);
  }

  /** The answer to what was asked ahead, once: whoever asks again wants a new one. */
  take(path: string): Promise<unknown> | null {
    const answer = this.answers.get(path) ?? null;
    this.answers.delete(path);
    return answer;
  }

  /** When all of it is answered, one way or the other; a slow server is not waited for longer than this. */
  async settled(atMostMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, atMostMs)));
    await Promise.race([this.following.then(() => Promise.allSettled(this.answers.values())), late]);
    clearTimeout(timer);
  }
}
