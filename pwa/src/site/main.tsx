/** Opens the desk with what was asked for early, as soon as the words are there. */
import "./desk.css";
import { render } from "preact";
import { loadDeskWords } from "../text/site.ts";
import { Ahead } from "./ahead.ts";
import { App } from "./app.tsx";
import { WithDesk } from "./context.tsx";
import { Desk } from "./desk.ts";
import { answeredEarly, askEarly } from "./early.ts";

// A page of the development server has no early script in it.
const early = globalThis.deskEarly ?? askEarly();
const { language } = early;
const ahead = new Ahead(() => language, answeredEarly(early));
ahead.ask(early.route);
void loadDeskWords(language).then((words) => {
  const desk = new Desk({ language, words }, ahead);
  const root = document.getElementById("desk");
  // Drawn once, with all that is there by then: each drawing on the way costs a slow computer a tenth of a second.
  void desk.open().finally(() => root !== null && render(<WithDesk desk={desk}><App /></WithDesk>, root));
}, () => {
  document.body.textContent = "页面没有打开，请刷新。 The desk did not open. Please reload the page.";
});
