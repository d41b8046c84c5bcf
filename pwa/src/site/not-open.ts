/** What stands there where the desk's own code or its words do not come. */
const SENTENCE = "页面没有打开，请刷新。 The desk did not open. Please reload the page.";

export function sayNotOpen(): void {
  const say = (): void => void (document.body.textContent = SENTENCE);
  // The page itself may still be on its way.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
  else say();
}
