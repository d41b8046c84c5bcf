/** Stands in the desk's page itself: see make/early.ts. */
import { askEarly } from "./early.ts";
import { sayNotOpen } from "./not-open.ts";
import { rememberedLanguage } from "./remembered.ts";

addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement) sayNotOpen();
}, true);

// The build writes down where the words of each language are. They are asked for first: a browser asks six things at a time.
const words = document.currentScript?.getAttribute(`data-${rememberedLanguage()}`) ?? null;
if (words !== null) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: words }));
globalThis.deskEarly = askEarly();
