/** A code is shown once: large, as a QR picture, with how long it is valid. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Code } from "../api.ts";
import { useDesk, useSending } from "../context.tsx";
import { Dialog, FormDialog, Problem } from "../parts/dialog.tsx";
import { DeskIcon } from "../parts/icons.tsx";
import { printPdf } from "../person/leaflet.ts";
import { browserZone, moment } from "../when.ts";

/** A QR code as one SVG path, always dark on white: a camera needs the contrast in the dark theme, too. */
export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const [cells, setCells] = useState<boolean[][] | null>(null);
  useEffect(() => {
    let gone = false;
    void import("uqr").then(({ encode }) => {
      if (!gone) setCells(encode(text, { ecc: "M", border: 4 }).data);
    });
    return () => void (gone = true);
  }, [text]);
  const size = cells?.length ?? 33;
  const path = (cells ?? []).flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}

/** The page to take home, as the server prints it: to be saved, or opened and printed. */
function Leaflet({ participantId, code, login }: { participantId: string; code: string; login: string }): JSX.Element {
  const { state, t } = useDesk();
  const sending = useSending();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => () => {
    if (url !== null) URL.revokeObjectURL(url);
  }, [url]);
  const fetchIt = (): void => void sending.run(async () => {
    const made = URL.createObjectURL(await printPdf(`/api/site/participants/${participantId}/leaflet`, { code }, state.language));
    setUrl(made);
    const link = document.createElement("a");
    link.href = made;
    link.download = `diary-${login}.pdf`;
    link.click();
  });
  return (
    <>
      <Problem text={sending.problem} />
      <button type="button" class="btn" disabled={sending.busy} onClick={fetchIt}><Icon name="book" />{sending.busy ? t.common.loading : t.page.care.leaflet}</button>
      {url === null ? null : <a class="btn" href={url} target="_blank" rel="noreferrer">{t.page.care.leafletOpen}</a>}
    </>
  );
}

export function CodeDialog({ code, lead, participantId, onClose }: { code: Pick<Code, "login" | "code" | "link" | "expires_at">; lead?: string; participantId?: string; onClose: () => void }): JSX.Element {
  const { desk, state, t } = useDesk();
  const zone = state.me?.site?.zone ?? browserZone();
  const copy = (text: string): void => {
    void navigator.clipboard.writeText(text).then(() => desk.toast(t.common.copied));
  };
  return (
    <Dialog title={t.code.title} onClose={onClose} wide>
      <div class="code-card">
        <Qr text={code.link} label={t.code.qr} />
        <div class="stack">
          <p>{lead ?? t.code.lead}</p>
          <p class="meta">{t.code.login}: <b class="num">{code.login}</b></p>
          <p class="code num" translate={false}>{code.code}</p>
          <p><b>{t.code.until(moment(code.expires_at, zone, Date.now(), t))}</b></p>
          <p class="meta">{t.code.once}</p>
          <p class="meta link">{code.link}</p>
          <div class="acts">
            <button type="button" class="btn main-act" onClick={() => copy(code.link)}><DeskIcon name="copy" />{t.code.copyLink}</button>
            <button type="button" class="btn" onClick={() => copy(code.code)}>{t.code.copyCode}</button>
            <button type="button" class="btn" onClick={() => print()}>{t.common.print}</button>
            {participantId === undefined ? null : <Leaflet participantId={participantId} code={code.code} login={code.login} />}
          </div>
          {participantId === undefined ? null : <p class="meta">{t.page.care.leafletLead}</p>}
        </div>
      </div>
    </Dialog>
  );
}

/** Asks first, because a new code ends the ones before; then shows it. */
export function IssueCode(props: { participantId: string; guardianId?: string; login: string; fresh: boolean }): JSX.Element {
  const { api, t } = useDesk();
  const sending = useSending();
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<Code | null>(null);
  const submit = (): void => void sending.run(async () => {
    setCode(await api.issueActivationCode(props.participantId, props.guardianId));
    setAsking(false);
  });
  return (
    <>
      <button type="button" class="btn" onClick={() => setAsking(true)}><Icon name="lock" />{props.fresh ? t.person.issueCode : t.person.newCode}</button>
      {asking ? <FormDialog title={t.code.confirmTitle(props.login)} lead={t.code.confirmLead} go={t.code.issue} busy={sending.busy} problem={sending.problem} onClose={() => setAsking(false)} onSubmit={submit} /> : null}
      {code === null ? null : <CodeDialog code={code} participantId={props.participantId} onClose={() => setCode(null)} />}
    </>
  );
}
