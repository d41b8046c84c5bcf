/** Why something that is not the person's own blood was tested: kept with the reading, which counts for nothing. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chips, Mend, Sheet } from "../../parts/basics.tsx";
import { useApp } from "../app-context.tsx";

export function WhySheet({ sample, onWhy, onClose }: { sample: "control" | "other"; onWhy: (why: string) => void; onClose: () => void }): JSX.Element {
  const { t } = useApp();
  const [why, setWhy] = useState("");
  const [own, setOwn] = useState(false);
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (why.trim() !== "") onWhy(why.trim());
  };
  return (
    <Sheet title={t.reading.whyTitle} onClose={onClose}>
      <p>{t.reading.whyNote}</p>
      <Mend text={tried && why.trim() === "" ? t.form.needChoice : null} />
      <Chips label={t.reading.whyTitle} options={[...t.reading.whyReasons[sample].map((r) => [r, r] as const), ["", t.who.other] as const]}
        chosen={[own ? "" : why === "" ? "-" : why]} onChoose={(r) => { setOwn(r === ""); setWhy(r); }} />
      {own ? <div class="field"><input class="input" aria-label={t.form.reasonLabel} placeholder={t.form.reasonLabel} value={why} maxLength={500} onInput={(e) => setWhy(e.currentTarget.value)} /></div> : null}
      <button type="button" class="btn main-act xl" onClick={submit}>{t.common.save}</button>
      <button type="button" class="btn quiet" onClick={onClose}>{t.common.back}</button>
    </Sheet>
  );
}
