/** Where the way of a reminder breaks: the steps of a test, from the phone's leave to the shown note. */
import type { PushState, Test } from "../../api/push.ts";
import type { Ability } from "../push.ts";

export const STEPS = ["allowed", "subscribed", "handed_over", "received", "shown"] as const;
export type Step = (typeof STEPS)[number];
export type Standing = "done" | "wait" | "broken" | "later";

export interface Facts {
  ability: Ability;
  state: PushState | null;
  test: Test | null;
  /** The test has had its time: what has not come by now is taken for broken. */
  isOver: boolean;
}

/** A service that said no for good; one that asked for patience is still waited for. */
const NEVER = new Set(["failed", "cancelled", "missed"]);

function isDone(step: Step, { ability, state, test }: Facts): boolean {
  const pushes = test?.steps.filter((s) => s.channel === "push") ?? [];
  switch (step) {
    case "allowed": return ability === "able";
    case "subscribed": return state?.subscriptions.some((s) => s.is_this && !s.stopped) === true;
    case "handed_over": return pushes.some((s) => s.handed_over_at !== null || s.received_at !== null);
    case "received": return pushes.some((s) => s.received_at !== null);
    case "shown": return pushes.some((s) => s.shown_at !== null);
  }
}

/** How each step stands: done up to the break, and nothing said of what comes after it. */
export function chainOf(facts: Facts): [Step, Standing][] {
  const { test, isOver } = facts;
  const pushes = test?.steps.filter((s) => s.channel === "push") ?? [];
  // Asked for, and there is no phone to send it to; or nobody sends at all.
  const nowhere = test !== null && (pushes.length === 0 || pushes.every((s) => NEVER.has(s.state)));
  const first = STEPS.find((step) => !isDone(step, facts));
  return STEPS.map((step): [Step, Standing] => {
    if (isDone(step, facts)) return [step, "done"];
    if (step !== first) return [step, "later"];
    const isOwn = step === "allowed" || step === "subscribed";
    if (test === null) return [step, isOwn ? "broken" : "later"];
    return [step, isOver || nowhere || isOwn ? "broken" : "wait"];
  });
}

export const breakOf = (chain: [Step, Standing][]): Step | null => chain.find(([, standing]) => standing === "broken")?.[0] ?? null;
export const isFine = (chain: [Step, Standing][]): boolean => chain.every(([, standing]) => standing === "done");
