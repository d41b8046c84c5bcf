import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { useDesk } from "../context.tsx";

/** A dialog over the page (`drawer`: at its side). The browser keeps the focus inside; it goes back to where it came from. */
export function Dialog(props: {
  title: ComponentChildren; onClose: (() => void) | null; children: ComponentChildren; drawer?: boolean; wide?: boolean;
}): JSX.Element {
  const { t } = useDesk();
  const box = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    if (dialog?.querySelector("[autofocus]") === null) heading.current?.focus();
    return () => {
      dialog?.close();
      // It has left the page by now, and a dialog that is not in the page gives no focus back by itself.
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus();
    };
  }, []);
  const close = props.onClose;
  return (
    <dialog ref={box} class={props.drawer === true ? "box drawer" : props.wide === true ? "box wide" : "box"} aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close?.();
      }}>
      <header>
        <h2 id={titleId} ref={heading} tabIndex={-1}>{props.title}</h2>
        {close === null ? null : <button type="button" class="btn quiet close" aria-label={t.common.close} onClick={close}><Icon name="x" /></button>}
      </header>
      <div class="inside">{props.children}</div>
    </dialog>
  );
}

/** What was not taken, in the server's sentence. */
export function Problem({ text }: { text: string | null }): JSX.Element | null {
  const box = useRef<HTMLParagraphElement>(null);
  // A long form may be scrolled down to its button when the answer comes.
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [text]);
  return text === null ? null : <p ref={box} class="problem" role="alert"><Icon name="alert" /><span>{text}</span></p>;
}

/** A form in a dialog: its one main button, cancel beside it. */
export function FormDialog(props: {
  title: ComponentChildren; lead?: string; go: string; busy: boolean; problem: string | null; onClose: () => void; onSubmit: () => void;
  danger?: boolean; wide?: boolean; children?: ComponentChildren;
}): JSX.Element {
  const { t } = useDesk();
  return (
    <Dialog title={props.title} onClose={props.onClose} wide={props.wide === true}>
      <form class="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}>
        {props.lead === undefined ? null : <p class="meta">{props.lead}</p>}
        <Problem text={props.problem} />
        {props.children}
        <div class="acts">
          <button class={props.danger === true ? "btn danger" : "btn main-act"} disabled={props.busy}>{props.busy ? t.common.saving : props.go}</button>
          <button type="button" class="btn" onClick={props.onClose}>{t.common.cancel}</button>
        </div>
      </form>
    </Dialog>
  );
}
