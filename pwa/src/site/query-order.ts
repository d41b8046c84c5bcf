import type { Query } from "./api.ts";

export function isOverdue(query: Query, today: string): boolean {
  return query.state === "open" && query.due_day < today;
}

/** Overdue first, the longest on top; then what was answered and waits to be closed; then by the day it is due. */
export function byDue(today: string): (a: Query, b: Query) => number {
  const rank = (q: Query): number => (isOverdue(q, today) ? 0 : q.state === "answered" ? 1 : q.state === "open" ? 2 : 3);
  return (a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    const [first, second] = rank(a) === 3 ? [b.closed_at ?? "", a.closed_at ?? ""] : [a.due_day, b.due_day];
    if (first !== second) return first < second ? -1 : 1;
    return a.raised_at < b.raised_at ? -1 : 1;
  };
}

/** What somebody has to do something about: overdue, or answered. */
export function pressing(queries: readonly Query[], today: string): number {
  return queries.filter((q) => isOverdue(q, today) || q.state === "answered").length;
}
