import { render } from "preact";
import type { Language } from "../text/language.ts";
import type { DeskWords } from "../text/site.ts";
import type { Ahead } from "./ahead.ts";
import { App } from "./app.tsx";
import { WithDesk } from "./context.tsx";
import { Desk } from "./desk.ts";

export function begin(spoken: { language: Language; words: DeskWords }, ahead: Ahead): void {
  const desk = new Desk(spoken, ahead);
  void desk.open();
  const root = document.getElementById("desk");
  if (root !== null) render(<WithDesk desk={desk}><App /></WithDesk>, root);
}
