/** What the first screen will ask for is on its way before the screen is there. */
import { makeCall, type Call } from "../api/client.ts";
import { local } from "../rules/days.ts";
import type { Detail } from "./api.ts";
import { firstPaths } from "./early.ts";
import { participantPath } from "./paths.ts";
import { askPage } from "./person/pages.ts";
import { personApi } from "./person/api.ts";
import type { Route } from "./route.ts";

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

  /** The account always; `route` with what it begins with only where the reader may see participants. */
  ask(route: Route | null): void {
    const first = new Map(firstPaths(route).map((path) => [path, this.call("GET", path)]));
    const { name = "", parts: [id = "", tab = ""] = [] } = route ?? {};
    const person = first.get(participantPath(id));
    if (name === "p" && tab === "" && person !== undefined) this.following = this.askFor(id, person as Promise<Detail>).catch(leftAside);
  }

  private async askFor(id: string, person: Promise<Detail>): Promise<void> {
    const { zone } = await person;
    await askPage(personApi(this.call, id), local(Date.now(), zone).day);
  }

  has(path: string): boolean {
    return this.answers.has(path);
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
