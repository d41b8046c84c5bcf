import { render } from "preact";
import "./desk.css";
import { App } from "./app.tsx";
import { DeskContext } from "./context.tsx";
import { Desk } from "./desk.ts";
import { readRoute, type Route } from "./route.ts";

/** What the screen in the address begins with. */
function firstAsked({ name, parts }: Route): string[] {
  if (name === "") return ["/api/site/participants"];
  return name === "p" ? [`/api/site/participants/${parts[0] ?? ""}`] : [];
}

const desk = new Desk();
void desk.open(firstAsked(readRoute(location.hash)));
const root = document.getElementById("desk");
if (root !== null) render(<DeskContext.Provider value={desk}><App /></DeskContext.Provider>, root);
