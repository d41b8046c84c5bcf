import { describe, expect, it } from "vitest";
import { neededBy } from "../make/preload.ts";

const chunk = (fileName: string, imports: string[] = [], facadeModuleId: string | null = null) => ({ type: "chunk", fileName, imports, facadeModuleId });

describe("what a page preloads", () => {
  const bundle = Object.fromEntries([
    chunk("begin.js", ["parts.js", "shared.js"], "/src/begin.tsx"), chunk("parts.js", ["shared.js"]), chunk("shared.js"), chunk("later.js", ["shared.js"], "/src/later.ts"),
  ].map((one) => [one.fileName, one]));

  it("is the module's file and all that it cannot run without, each once", () => expect(neededBy(bundle, "/src/begin.tsx")).toEqual(["begin.js", "parts.js", "shared.js"]));
  it("is nothing for a module that is no file of its own", () => expect(neededBy(bundle, "/src/other.ts")).toEqual([]));
});
