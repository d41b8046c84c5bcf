/** Where on the desk we are: `#/p/<id>/person?name=value`. */
export interface Route {
  name: string;
  parts: string[];
  query: URLSearchParams;
}

/** A link that was cut or mistyped leads to nobody, and not to an empty page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [name = "", ...parts] = path.split("/").map(decoded);
  return { name, parts, query: new URLSearchParams(query) };
}

export function go(path: string, replace = false): void {
  if (replace) location.replace(`#/${path}`);
  else location.hash = `#/${path}`;
}
