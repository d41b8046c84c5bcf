/** Where on the desk we are: `#/p/<id>/person?name=value`. */
import { useEffect, useState } from "preact/hooks";

export interface Route {
  name: string;
  parts: string[];
  query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [name = "", ...parts] = path.split("/").map(decodeURIComponent);
  return { name, parts, query: new URLSearchParams(query) };
}

export function go(path: string, replace = false): void {
  if (replace) location.replace(`#/${path}`);
  else location.hash = `#/${path}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute(location.hash));
  useEffect(() => {
    const read = (): void => {
      setRoute((before) => {
        const now = readRoute(location.hash);
        if (now.name !== before.name || now.parts[0] !== before.parts[0]) scrollTo(0, 0);
        return now;
      });
    };
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return route;
}
