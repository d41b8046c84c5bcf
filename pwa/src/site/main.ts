/** Asks for what the first screen shows, and beside it fetches the code and the words. */
import "./desk.css";
import { loadDeskWords } from "../text/site.ts";
import { Ahead } from "./ahead.ts";
import { lastSawParticipants, rememberedLanguage } from "./remembered.ts";
import { readRoute } from "./route.ts";

const language = rememberedLanguage();
const ahead = new Ahead(() => language);
ahead.ask(lastSawParticipants() ? readRoute(location.hash) : null);
void Promise.all([import("./begin.tsx"), loadDeskWords(language)]).then(([{ begin }, words]) => begin({ language, words }, ahead), () => {
  // The words themselves may be what did not come.
  document.body.textContent = "页面没有打开，请刷新。 The desk did not open. Please reload the page.";
});
