/** Where in the app we are: `#/path/part?name=value`. */
import { useEffect, useState } from "preact/hooks";

export interface Route {
  name: string;
  part: string;
  query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [name = "", part = ""] = path.split("/");
  return { name, part: decodeURIComponent(part), query: new URLSearchParams(query) };
}

export function go(path: string, replace = false): void {
  if (replace) location.replace(`#/${path}`);
  else location.hash = `#/${path}`;
}

/** The form that is open, also while it stands hidden behind the lock, the sign-in or a help page. */
let formAt: string | null = null;
let finished: string | null = null;

/** Called as the screens change; a form that has done its work is not kept. */
export function keepForm(hash: string | null): void {
  formAt = hash;
  if (hash !== finished) finished = null;
}

export const isFinished = (hash: string): boolean => hash === finished;

/** The form has done its work: away from it, and nothing of it comes back. */
export function leaveForm(place: string): void {
  finished = location.hash;
  formAt = null;
  go(place, true);
}

/** Back to the form that was left for the door, or home. */
export function goOn(): void {
  if (formAt !== null) location.replace(formAt);
  else go("", true);
}

/** Back to where the person came from; to `otherwise` when the app was opened here. */
export function goBack(otherwise = ""): void {
  if (steps > 0) history.back();
  else go(otherwise, true);
}

let steps = 0;

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute(location.hash));
  useEffect(() => {
    const read = (): void => {
      steps += 1;
      setRoute(readRoute(location.hash));
      scrollTo(0, 0);
    };
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return route;
}

/** The code of an activation link, `#code=…`. */
export function activationCode(hash: string): string | null {
  const match = /^#\/?(?:activate\?)?code=([^&]+)/.exec(hash);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}
