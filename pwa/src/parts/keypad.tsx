import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Words } from "../text/index.ts";
import { Icon } from "./basics.tsx";

const MAX_DIGITS = 4;

/** The typed text after one more key. Nothing is inserted and nothing is formatted. */
export function press(typed: string, key: string): string {
  if (key === "LO" || key === "HI") return key;
  if (key === "back") return typed === "LO" || typed === "HI" ? "" : typed.slice(0, -1);
  const number = typed === "LO" || typed === "HI" ? "" : typed;
  if (key === ".") return number === "" || number.includes(".") ? number : `${number}.`;
  return number.replace(".", "").length >= MAX_DIGITS ? number : number + key;
}

/** A key of a hardware keyboard as a key of the pad; a comma and full-width signs are taken as they are meant. */
export function keyOf(typed: string): string | null {
  const key = typed.normalize("NFKC");
  if (/^[0-9.]$/.test(key)) return key;
  if (key === "," || key === "。") return ".";
  if (key === "Backspace") return "back";
  if (key === "l" || key === "L") return "LO";
  return key === "h" || key === "H" ? "HI" : null;
}

export function Keypad(props: { onKey: (key: string) => void; onEnter: () => void; t: Words; idle: boolean }): JSX.Element {
  const { t } = props;
  const now = useRef(props);
  const pad = useRef<HTMLDivElement>(null);
  now.current = props;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const field = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (now.current.idle || field || pad.current?.closest("[hidden]") != null || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = keyOf(event.key);
      if (key !== null) {
        event.preventDefault();
        now.current.onKey(key);
      } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) now.current.onEnter();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const digit = (key: string): JSX.Element => (
    <button type="button" class="key num" key={key} onClick={() => props.onKey(key)}>{key}</button>
  );
  return (
    <div class="pad" ref={pad}>
      {digit("1")}{digit("2")}{digit("3")}
      <button type="button" class="key side" onClick={() => props.onKey("HI")}>HI<small>{t.reading.hi}</small></button>
      {digit("4")}{digit("5")}{digit("6")}{digit("7")}{digit("8")}{digit("9")}
      <button type="button" class="key side" onClick={() => props.onKey("LO")}>LO<small>{t.reading.lo}</small></button>
      <button type="button" class="key num" aria-label={t.reading.point} onClick={() => props.onKey(".")}>.</button>
      {digit("0")}
      <button type="button" class="key num" aria-label={t.reading.delete} onClick={() => props.onKey("back")}><Icon name="del" /></button>
    </div>
  );
}
