import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readStudy } from "../make/study.ts";
import { en } from "../src/text/en.ts";
import { en as laterEn } from "../src/text/reminders.en.ts";
import { zh as laterZh } from "../src/text/reminders.zh-CN.ts";
import { en as settingsEn } from "../src/text/settings.en.ts";
import { zh as settingsZh } from "../src/text/settings.zh-CN.ts";
import { zh } from "../src/text/zh-CN.ts";

/** Every key with how many places its sentence has. */
function keys(words: object, path = ""): string[] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const here = `${path}${name}`;
    if (typeof value === "function") return [`${here}(${String(value.length)})`];
    return typeof value === "object" && value !== null ? keys(value, `${here}.`) : [here];
  });
}

describe("the words of the patient app", () => {
  it("are complete in both languages, with the same places in each", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
    expect(keys(laterEn).sort()).toEqual(keys(laterZh).sort());
    expect(keys(settingsEn).sort()).toEqual(keys(settingsZh).sort());
  });
  it("are never empty and never scold", () => {
    const all = [en, zh, laterEn, laterZh, settingsEn, settingsZh].flatMap((words) => JSON.stringify(words));
    for (const words of all) {
      expect(words).not.toMatch(/:""/);
      expect(words).not.toMatch(/\b(error|invalid|failed|must|bad|good job|non-compliant)\b|!|！/i);
    }
  });
});

describe("the clinical sentences", () => {
  const study = readStudy();
  it("that the screens ask for are in the study, in both languages", () => {
    const dir = fileURLToPath(new URL("../src/patient/", import.meta.url));
    const sources = ["screens/low.tsx", "screens/help.tsx", "screens/form.tsx", "fields.ts"].map((f) => readFileSync(dir + f, "utf8")).join("\n");
    const asked = [...sources.matchAll(/["`](low_[a-z_]+)(\$\{)?/g)];
    expect(asked.length).toBeGreaterThan(25);
    for (const [, key = "", open] of asked) {
      const found = Object.keys(study.texts).filter((k) => (open === undefined ? k === key : k.startsWith(key)));
      expect([key, found.length > 0]).toEqual([key, true]);
      for (const k of found) expect(study.texts[k]).toMatchObject({ "zh-CN": expect.any(String) as string, en: expect.any(String) as string });
    }
  });
});
