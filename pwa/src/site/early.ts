/** What the desk opens with is asked for by a small script in its page, while the code that shows it is still on the way. */
import { requestOf } from "../api/client.ts";
import type { Language } from "../text/language.ts";
import { daysPath, ME, PARTICIPANTS, participantPath, spanPath, STUDY, windowsPath } from "./paths.ts";
import { pageSpan } from "./person/pages.ts";
import { lastSawParticipants, rememberedLanguage } from "./remembered.ts";
import { readRoute, type Route } from "./route.ts";

export interface Early {
  language: Language;
  /** Null unless whoever was here last may see participants. */
  route: Route | null;
  /** Each for whoever asks for its path first. */
  answers: Map<string, Promise<Response>>;
}

declare global {
  var deskEarly: Early | undefined;
}

/** Asking early is a favour: whatever becomes of it, the screen asks again and says so. */
const leftAside = (): void => undefined;

/** What can be asked for before anything is answered; the overview shows nothing that needs the study until alerts have come. */
export function firstPaths(route: Route | null): string[] {
  const [id = ""] = route?.parts ?? [];
  if (route?.name === "") return [ME, PARTICIPANTS];
  return route?.name === "p" && id !== "" ? [ME, participantPath(id), STUDY] : [ME, STUDY];
}

/** The first page of the logbook, for somebody whose day it is where this desk stands; for anybody else it is asked again. */
function logbookPaths(route: Route | null): string[] {
  const [id = "", tab = ""] = route?.parts ?? [];
  if (route?.name !== "p" || id === "" || tab !== "") return [];
  const now = new Date();
  const span = pageSpan(new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10));
  return [spanPath(id, span), windowsPath(id, span, "reading"), daysPath(id, span)];
}

/** Reads it to its end: a body that nobody reads is cut off when the request's time is over. */
async function ask(path: string, language: Language): Promise<Response> {
  const answer = await fetch(path, requestOf("GET", language));
  return new Response(await answer.arrayBuffer(), answer);
}

export function askEarly(): Early {
  const language = rememberedLanguage();
  const route = lastSawParticipants() ? readRoute(location.hash) : null;
  const answers = new Map([...firstPaths(route), ...logbookPaths(route)].map((path) => [path, ask(path, language)]));
  for (const answer of answers.values()) answer.catch(leftAside);
  return { language, route, answers };
}

/** `fetch` that hands out what was asked early, once: whoever asks again wants a new answer. What did not come is asked for again. */
export function answeredEarly({ answers }: Early): typeof fetch {
  return (input, init) => {
    const path = input instanceof Request ? input.url : input.toString();
    const answer = answers.get(path);
    answers.delete(path);
    return answer?.catch(() => fetch(input, init)) ?? fetch(input, init);
  };
}
