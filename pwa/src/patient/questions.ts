/** The site's questions at a value, and answers that wait for a network. */
import { NoAnswer, Refusal } from "../api/client.ts";
import type { Question } from "../sync/pull.ts";
import type { Diary } from "./diary.ts";
import type { State } from "./state.ts";

/** Asked, and not answered on this phone or another. */
export function openQuestions({ around, answers }: Pick<State, "around" | "answers">): Question[] {
  const answered = new Set(answers.map((a) => a.id));
  return around.queries.filter((q) => q.state === "open" && !answered.has(q.id));
}

/** Says what was answered; an answer that the server will never take is dropped, and its question stands open again. */
export async function sendAnswers(diary: Diary): Promise<void> {
  const isOpen = (id: string): boolean => diary.store.get().around.queries.some((q) => q.id === id && q.state === "open");
  for (const { id, text, sent } of diary.store.get().answers) {
    if (sent === true) {
      if (!isOpen(id)) await diary.keepAnswers((answers) => answers.filter((a) => a.id !== id));
      continue;
    }
    try {
      await diary.call("POST", `/api/patient/queries/${id}/answer`, { text });
      await diary.keepAnswers((answers) => answers.map((a) => (a.id === id ? { ...a, sent: true } : a)));
    } catch (error) {
      if (error instanceof NoAnswer || (error instanceof Refusal && (error.status === 401 || error.status === 429 || error.status >= 500))) return;
      if (!(error instanceof Refusal)) throw error;
      await diary.keepAnswers((answers) => answers.filter((a) => a.id !== id));
    }
  }
}
