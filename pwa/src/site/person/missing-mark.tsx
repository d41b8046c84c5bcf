import type { JSX } from "preact";
import { MARKS } from "../../parts/drawings.ts";

/** A dashed ring: prescribed, and nothing stands there. Its word stands beside it. */
export function MissingMark(): JSX.Element {
  return <svg class="mark none" viewBox="0 0 16 16" aria-hidden="true" dangerouslySetInnerHTML={{ __html: MARKS.none }} />;
}
