import { useEffect, useState } from "preact/hooks";
import { readRoute, type Route } from "./route.ts";

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
