import { render } from "preact";
import "./desk.css";
import { App } from "./app.tsx";
import { DeskContext } from "./context.tsx";
import { Desk } from "./desk.ts";

const desk = new Desk();
void desk.open();
const root = document.getElementById("desk");
if (root !== null) render(<DeskContext.Provider value={desk}><App /></DeskContext.Provider>, root);
