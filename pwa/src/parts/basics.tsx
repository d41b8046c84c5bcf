import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Band } from "../rules/glucose.ts";
import { ICONS, MARKS, type IconName } from "./drawings.ts";

export function Icon({ name }: { name: IconName }): JSX.Element {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: ICONS[name] }} />;
}

const MARK_OF: Record<Band, [drawing: keyof typeof MARKS, tone: string]> = {
  lo: ["severe", "severe"], severe: ["severe", "severe"], level2: ["vlow", "low"], level1: ["low", "low"],
  in_range: ["in", "in"], high: ["high", "high"], very_high: ["vhigh", "high"], hi: ["vhigh", "high"],
};

/** The shape that says what a value means; the word beside it says it again. */
export function Mark({ of }: { of: Band | "review" }): JSX.Element {
  if (of === "review") {
    return (
      <svg class="mark review" viewBox="0 0 16 16" aria-hidden="true">
        <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="none" stroke="currentColor" stroke-width="1.8" />
        <path d="M6 6.2a2 2 0 1 1 2.6 2c-.5.2-.6.5-.6 1.1M8 11.5h.01" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
      </svg>
    );
  }
  const [drawing, tone] = MARK_OF[of];
  return <svg class={`mark ${tone}`} viewBox="0 0 16 16" aria-hidden="true" dangerouslySetInnerHTML={{ __html: MARKS[drawing] }} />;
}

export function Value({ value, unit }: { value: string; unit: string | null }): JSX.Element {
  return <><span class="num">{value}</span>{unit === null ? null : <span class="unit">{unit}</span>}</>;
}

interface ChipsProps<T extends string> {
  label: string;
  options: readonly (readonly [value: T, label: string])[];
  chosen: readonly T[];
  onChoose: (value: T) => void;
  children?: ComponentChildren;
  scroll?: boolean;
}

export function Chips<T extends string>({ label, options, chosen, onChoose, children, scroll }: ChipsProps<T>): JSX.Element {
  return (
    <div class={scroll === true ? "chips scroll" : "chips"} role="group" aria-label={label}>
      {options.map(([value, text]) => (
        <button key={value} type="button" class="chip" aria-pressed={chosen.includes(value)} onClick={() => onChoose(value)}>
          {chosen.includes(value) ? <Icon name="check" /> : null}{text}
        </button>
      ))}
      {children}
    </div>
  );
}

const FOCUSABLE = "button, a[href], input, textarea, select, [tabindex]";

/** A sheet over the page: focus starts on its heading, stays inside and goes back where it was. */
export function Sheet(props: {
  title: ComponentChildren; role?: "dialog" | "alertdialog"; onClose: () => void; children: ComponentChildren;
}): JSX.Element {
  const sheet = useRef<HTMLElement>(null);
  const close = useRef(props.onClose);
  close.current = props.onClose;
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.querySelector<HTMLElement>("h2")?.focus();
    const onKey = (event: KeyboardEvent): void => {
      // Behind the lock a sheet stands still.
      if (sheet.current?.closest("[hidden]") != null) return;
      if (event.key === "Escape") close.current();
      if (event.key === "Tab") keepInside(event, sheet.current);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <>
      <div class="scrim" onClick={props.onClose} />
      <section class="sheet" role={props.role ?? "dialog"} aria-modal="true" aria-labelledby="sheet-title" ref={sheet}>
        <h2 id="sheet-title" tabIndex={-1}>{props.title}</h2>
        {props.children}
      </section>
    </>
  );
}

function keepInside(event: KeyboardEvent, sheet: HTMLElement | null): void {
  const inside = [...(sheet?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter((e) => e.tabIndex >= 0);
  const first = inside[0];
  const last = inside.at(-1);
  const active = document.activeElement;
  if (event.shiftKey && (active === first || active?.tagName === "H2")) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && active === last) {
    event.preventDefault();
    first?.focus();
  }
}

export function Banner(props: {
  tone: "fail" | "wait" | "ok" | "info"; icon: IconName; title: ComponentChildren; children?: ComponentChildren; live?: boolean; push?: boolean;
}): JSX.Element {
  return (
    <div class={`banner ${props.tone}${props.push === true ? " push" : ""}`} role={props.live === true ? "status" : undefined}>
      <Icon name={props.icon} />
      <span><b>{props.title}</b>{props.children}</span>
    </div>
  );
}

/** What to mend, above its field. */
export function Mend({ text, id }: { text: string | null; id?: string }): JSX.Element | null {
  if (text === null) return null;
  return <p class="mend" role="alert" id={id}><Icon name="alert" /><span>{text}</span></p>;
}
