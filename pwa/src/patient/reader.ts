/** Who reads the study's words: a guardian is asked about the child, a child is spoken to as a child. */
import type { App } from "./app-context.tsx";

export type Reader = "guardian" | "child" | "adult";

export function readerOf({ me, participant }: Pick<App["state"], "me" | "participant">): Reader {
  if (me?.account.role === "guardian") return "guardian";
  return me?.account.role === "participant" && participant?.is_child === true ? "child" : "adult";
}

/** The study's sentence as it is said to this reader, where there is one of their own. */
export function said({ state, text }: Pick<App, "state" | "text">, key: string, places?: Record<string, string>): string {
  const own = `${key}_${readerOf(state)}`;
  return text(own in state.study.texts ? own : key, places);
}
