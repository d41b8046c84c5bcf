/** Opens the desk with what was asked for early, as soon as the words are there. */
import "./desk.css";
import { render } from "preact";
import { loadDeskWords } from "../text/site.ts";
import { Ahead } from "./ahead.ts";
import { App } from "./app.tsx";
import { WithDesk } from "./context.tsx";
import { Desk } from "./desk.ts";
import { answeredEarly, askEarly } from "./early.ts";
import { sayNotOpen } from "./not-open.ts";
import { readRoute } from "./route.ts";

/** Whoever has no account yet has nothing to wait for. */
const BEFORE_SIGN_IN: ReadonlySet<string> = new Set(["setup", "activate"]);

// A page of the development server has no early script in it.
const early = globalThis.deskEarly ?? askEarly();
const { language } = early;
const ahead = new Ahead(() => language, answeredEarly(early));
ahead.ask(early.route);
void loadDeskWords(language).then((words) => {
  const desk = new Desk({ language, words }, ahead);
  const opened = desk.open().finally(() => early.answers.clear());
  const root = document.getElementById("desk");
  const draw = (): void => {
    if (root !== null) render(<WithDesk desk={desk}><App /></WithDesk>, root);
  };
  if (BEFORE_SIGN_IN.has(readRoute(location.hash).name)) draw();
  // Otherwise once, with all that is there by then: each drawing on the way costs a slow computer a tenth of a second.
  else void opened.finally(draw);
}, sayNotOpen);
