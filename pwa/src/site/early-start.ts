/** Stands in the desk's page itself: see make/early.ts. */
import { askEarly } from "./early.ts";

const early = askEarly();
globalThis.deskEarly = early;
// The build writes down where the words of each language are.
const words = document.currentScript?.getAttribute(`data-${early.language}`) ?? null;
if (words !== null) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: words }));
