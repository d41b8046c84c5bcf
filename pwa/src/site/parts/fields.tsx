/** Form fields: label above, what to mend above the field in words. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { Icon, Mend } from "../../parts/basics.tsx";
import { useDesk } from "../context.tsx";

interface Common {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean | undefined;
}

function Frame(props: Common & { id: string; children: ComponentChildren }): JSX.Element {
  const { t } = useDesk();
  return (
    <div class="field">
      <label for={props.id}>{props.label}{props.optional === true ? <span class="meta">{t.common.optional}</span> : null}</label>
      <Mend text={props.error ?? null} id={`${props.id}-error`} />
      {props.children}
      {props.hint === undefined ? null : <p class="meta" id={`${props.id}-hint`}>{props.hint}</p>}
    </div>
  );
}

const described = (id: string, of: Common): string | undefined => {
  const ids = [...(of.error === undefined ? [] : [`${id}-error`]), ...(of.hint === undefined ? [] : [`${id}-hint`])];
  return ids.length === 0 ? undefined : ids.join(" ");
};

export function TextField(props: Common & {
  value: string; onInput: (value: string) => void; type?: "text" | "password" | "email" | "tel" | "date" | "time" | "datetime-local";
  autocomplete?: string; list?: readonly string[] | undefined; inputMode?: "numeric" | "decimal"; max?: string; maxLength?: number; narrow?: boolean; focus?: boolean;
}): JSX.Element {
  const id = useId();
  // Preact types each kind of input on its own; here the kind is a variable.
  const attributes = {
    type: props.type ?? "text", inputMode: props.inputMode, max: props.max, maxLength: props.maxLength, list: props.list === undefined ? undefined : `${id}-list`,
  } as JSX.IntrinsicElements["input"];
  return (
    <Frame {...props} id={id}>
      <input {...attributes} id={id} class={`input${props.narrow === true ? " narrow" : ""}`} value={props.value}
        autocomplete={props.autocomplete ?? "off"} spellcheck={false} autofocus={props.focus === true} aria-invalid={props.error !== undefined}
        aria-describedby={described(id, props)} onInput={(event) => props.onInput(event.currentTarget.value)} />
      {props.list === undefined ? null : <datalist id={`${id}-list`}>{props.list.map((one) => <option key={one} value={one} />)}</datalist>}
    </Frame>
  );
}

export function AreaField(props: Common & { value: string; onInput: (value: string) => void; focus?: boolean }): JSX.Element {
  const id = useId();
  return (
    <Frame {...props} id={id}>
      <textarea id={id} class="input" rows={3} value={props.value} autofocus={props.focus === true} aria-invalid={props.error !== undefined}
        aria-describedby={described(id, props)} onInput={(event) => props.onInput(event.currentTarget.value)} />
    </Frame>
  );
}

export type Options<T extends string> = readonly (readonly [value: T, label: string])[];

export function SelectField<T extends string>(props: Common & {
  value: T | ""; options: Options<T>; onChoose: (value: T | "") => void; empty?: string;
}): JSX.Element {
  const id = useId();
  return (
    <Frame {...props} id={id}>
      <select id={id} class="input" value={props.value} aria-invalid={props.error !== undefined} aria-describedby={described(id, props)}
        onChange={(event) => props.onChoose(event.currentTarget.value as T | "")}>
        {props.empty === undefined ? null : <option value="">{props.empty}</option>}
        {props.options.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </Frame>
  );
}

/** A few choices side by side. */
export function Choices<T extends string>(props: Common & {
  options: Options<T>; chosen: readonly T[]; onChoose: (value: T) => void;
}): JSX.Element {
  const { t } = useDesk();
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={described(id, props)}>
      <legend>{props.label}{props.optional === true ? <span class="meta">{t.common.optional}</span> : null}</legend>
      <Mend text={props.error ?? null} id={`${id}-error`} />
      <div class="chips">
        {props.options.map(([value, label]) => (
          <button key={value} type="button" class="chip" aria-pressed={props.chosen.includes(value)} onClick={() => props.onChoose(value)}>
            {props.chosen.includes(value) ? <Icon name="check" /> : null}{label}
          </button>
        ))}
      </div>
      {props.hint === undefined ? null : <p class="meta" id={`${id}-hint`}>{props.hint}</p>}
    </fieldset>
  );
}

export function CheckField(props: Common & { value: boolean; onChange: (value: boolean) => void }): JSX.Element {
  const id = useId();
  return (
    <div class="field check">
      <Mend text={props.error ?? null} id={`${id}-error`} />
      <label for={id}>
        <input id={id} type="checkbox" checked={props.value} aria-describedby={described(id, props)} onChange={(event) => props.onChange(event.currentTarget.checked)} />
        {props.label}
      </label>
      {props.hint === undefined ? null : <p class="meta" id={`${id}-hint`}>{props.hint}</p>}
    </div>
  );
}
