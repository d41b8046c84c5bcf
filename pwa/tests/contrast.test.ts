import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const css = readFileSync(fileURLToPath(new URL("../src/css/tokens.css", import.meta.url)), "utf8");

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(selector));
  const body = block.slice(0, block.indexOf("}"));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9A-F]{6})/gi)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each([["light", ":root {"], ["dark", ':root[data-theme="dark"] {']])("contrast in the %s theme", (_name, selector) => {
  const token = tokens(selector);
  const ratio = (front: string, ground: string): number => contrast(token[front] ?? "", token[ground] ?? "");
  const grounds = ["paper", "surface", "sunk"];
  const softs = ["brand", "severe", "low", "in", "high", "review"].map((t) => `${t}-soft`);
  it.each([...grounds, ...softs])("ink and meta lines reach 7 on %s", (ground) => {
    expect(ratio("ink", ground)).toBeGreaterThanOrEqual(7);
    expect(ratio("ink-2", ground)).toBeGreaterThanOrEqual(7);
  });
  it.each(["brand", "severe"])("words on %s reach 7", (ground) => expect(ratio(`on-${ground}`, ground)).toBeGreaterThanOrEqual(7));
  it.each(["severe", "low", "in", "high", "review", "brand"])("the mark of %s reaches 4.5", (mark) => {
    for (const ground of [...grounds, `${mark}-soft`]) expect(ratio(mark, ground)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(grounds)("edges reach 3 on %s", (ground) => expect(ratio("edge", ground)).toBeGreaterThanOrEqual(3));
});

it("the phone's own dark theme has the colours of the chosen one", () => {
  expect(tokens(':root:not([data-theme="light"]) {')).toEqual(tokens(':root[data-theme="dark"] {'));
});
