/** The form of one kind of entry, from the table of its fields. */
import type { JSX } from "preact";
import type { Schedule } from "../api.ts";
import { useDesk, type FieldErrors } from "../context.tsx";
import type { FormValue, FormValues } from "../form-values.ts";
import { FIELDS, type Field, type Kind } from "../kinds.ts";
import { AreaField, CheckField, Choices, SelectField, TextField } from "./fields.tsx";

const MANY = 5;

export function EntryFields(props: {
  kind: Kind; values: FormValues; onChange: (values: FormValues) => void; errors: FieldErrors; schedules: readonly Schedule[];
}): JSX.Element {
  const set = (name: string) => (value: FormValue): void => props.onChange({ ...props.values, [name]: value });
  return (
    <>
      {FIELDS[props.kind].filter((f) => f.type !== "kept").map((f) => (
        <EntryField key={f.name} field={f} value={props.values[f.name] ?? ""} onChange={set(f.name)} schedules={props.schedules}
          error={props.errors[`data.${f.name}`] ?? props.errors[f.name]} />
      ))}
    </>
  );
}

function EntryField(props: {
  field: Field; value: FormValue; onChange: (value: FormValue) => void; error: string | undefined; schedules: readonly Schedule[];
}): JSX.Element {
  const { t } = useDesk();
  const { field, onChange, error } = props;
  const unit = t.entry.units[field.name];
  const name = t.entry.fields[field.name];
  const common = { label: unit === undefined ? name : `${name} (${unit})`, error, optional: !field.needed };
  const text = typeof props.value === "string" ? props.value : "";
  const options = field.options.map((o) => [o, t.entry.choices[o]] as const);
  switch (field.type) {
    case "flag": return <CheckField {...common} optional={false} value={props.value === true} onChange={onChange} />;
    case "choice":
      return options.length > MANY
        ? <SelectField {...common} value={text as (typeof field.options)[number] | ""} options={options} empty={t.common.choose} onChoose={onChange} />
        : <Choices {...common} options={options} chosen={text === "" ? [] : [text as (typeof field.options)[number]]} onChoose={(one) => onChange(one === text ? "" : one)} />;
    case "choices": {
      const chosen = Array.isArray(props.value) ? props.value : [];
      return <Choices {...common} options={options} chosen={chosen as (typeof field.options)[number][]}
        onChoose={(one) => onChange(chosen.includes(one) ? chosen.filter((c) => c !== one) : [...chosen, one])} />;
    }
    case "schedule":
      return <SelectField {...common} value={text} options={props.schedules.map((s) => [s.id, `${s.title} ${s.times.join(" ")}`] as const)} empty={t.common.choose} onChoose={onChange} />;
    case "text": return <AreaField {...common} value={text} onInput={onChange} />;
    case "day": return <TextField {...common} type="date" narrow value={text} onInput={onChange} />;
    case "slot": return <TextField {...common} type="time" narrow value={text} onInput={onChange} />;
    case "moment": return <TextField {...common} type="datetime-local" narrow value={text} onInput={onChange} />;
    case "number": return <TextField {...common} inputMode="decimal" narrow value={text} onInput={onChange} />;
    case "lab": return <TextField {...common} list={Object.keys(t.entry.labs)} value={text} onInput={onChange} />;
    default: return <TextField {...common} value={text} onInput={onChange} narrow={field.type === "glucose"} />;
  }
}
