import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { useDesk, useLoad, useSending } from "../context.tsx";
import { Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/fields.tsx";
import { browserZone } from "../when.ts";

export function Sites(): JSX.Element {
  const { api, t } = useDesk();
  const sites = useLoad(() => api.listSites(), []);
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class="title"><h1>{t.sites.title}</h1><span class="gap" /><button type="button" class="btn main-act" onClick={() => setOpen(true)}><Icon name="plus" />{t.sites.create}</button></div>
      <Wait of={sites}>{(list) => list.length === 0 ? <p class="panel meta">{t.sites.none}</p> : (
        <table class="plain">
          <thead><tr><th scope="col">{t.sites.name}</th><th scope="col">{t.sites.zone}</th></tr></thead>
          <tbody>{list.map((s) => <tr key={s.id}><th scope="row">{s.name}</th><td data-label={t.sites.zone}>{s.zone}</td></tr>)}</tbody>
        </table>
      )}</Wait>
      {open ? <SiteDialog onClose={() => setOpen(false)} onDone={() => { setOpen(false); void sites.reload(); }} /> : null}
    </>
  );
}

function SiteDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, state, t } = useDesk();
  const sending = useSending();
  const [name, setName] = useState("");
  const [zone, setZone] = useState(state.study?.site.zone ?? browserZone());
  return (
    <FormDialog title={t.sites.createTitle} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={() => void sending.run(async () => {
      await api.createSite({ name, zone });
      onDone();
    })}>
      <TextField label={t.sites.name} value={name} onInput={setName} error={sending.fields.name} focus />
      <TextField label={t.sites.zone} hint={t.sites.zoneHint} value={zone} onInput={setZone} error={sending.fields.zone} />
    </FormDialog>
  );
}
