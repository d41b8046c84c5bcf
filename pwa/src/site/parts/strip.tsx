/** A row of links to places, of which one is where we are; where it is wider than the screen, that one is in sight. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

// As in narrow.css: wider than that, every link has room, and nothing need be measured.
const NARROW = "(max-width: 1100px)";

export function Strip(props: { label: string; at: string; class?: string; children: ComponentChildren }): JSX.Element {
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    const nav = strip.current;
    const here = nav?.querySelector<HTMLElement>("[aria-current]");
    if (nav === null || here === null || here === undefined || !matchMedia(NARROW).matches) return;
    nav.scrollLeft += here.getBoundingClientRect().left + here.offsetWidth / 2 - nav.getBoundingClientRect().left - nav.clientWidth / 2;
  }, [props.at]);
  return <nav ref={strip} class={props.class} aria-label={props.label}>{props.children}</nav>;
}
