/** Screens that come in a file of their own; the service worker keeps it for days without a network. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./app-context.tsx";
import { Page } from "./frame.tsx";

type Screens = typeof import("./screens/later.ts");

let screens: Screens | null = null;

/** Fetches them before anybody asks: then they open at once, and also when the network has gone since. */
export async function fetchLater(): Promise<Screens | null> {
  try {
    screens ??= await import("./screens/later.ts");
  } catch {
    // No network yet: tried again when one of them is opened.
  }
  return screens;
}

/** `aside`: a part of a screen, nothing until it is here. */
export function Later({ show, aside }: { show: (screens: Screens) => JSX.Element; aside?: true }): JSX.Element | null {
  const { t } = useApp();
  const [here, setHere] = useState<Screens | "missing" | null>(screens);
  useEffect(() => {
    if (here === null) void fetchLater().then((found) => setHere(found ?? "missing"));
  }, [here]);
  if (aside === true && (here === null || here === "missing")) return null;
  if (here === null) return <Page title={t.appName} back="">{null}</Page>;
  return here === "missing" ? <Page title={t.appName} back=""><p>{t.common.noNetwork}</p></Page> : show(here);
}
