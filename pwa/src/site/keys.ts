import { useEffect, useRef } from "preact/hooks";

/** Whether a key belongs to a field or to an open dialog, so that it is no command. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest("input, textarea, select, [contenteditable]") !== null || document.querySelector("dialog[open]") !== null;
}

/** Move along a list; all others say or open something. */
export type Move = "j" | "k" | "ArrowDown" | "ArrowUp";
const MOVES: ReadonlySet<string> = new Set<Move>(["j", "k", "ArrowDown", "ArrowUp"]);

/** Single-letter commands of a screen. `Enter` and space stay with a focused button or link. */
export function useKeys(commands: Record<string, () => void>): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const onControl = event.target instanceof Element && event.target.closest("button, a") !== null;
      if (event.key === "Enter" && onControl) return;
      const command = latest.current[event.key];
      if (command === undefined) return;
      // A key that is held down moves on, but says nothing twice.
      if (event.repeat && !MOVES.has(event.key)) return;
      event.preventDefault();
      command();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
