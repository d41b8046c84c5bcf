import { Temporal } from "temporal-polyfill";
import { afterEach, describe, expect, it, vi } from "vitest";

type Days = typeof import("../../src/rules/days.ts");

/** The module as it is in a browser with, and in one without, its own Temporal. */
function days(own: unknown): Promise<Days> {
  vi.resetModules();
  vi.stubGlobal("Temporal", own);
  return import("../../src/rules/days.ts");
}

afterEach(() => vi.unstubAllGlobals());

const FIRST = Date.UTC(1950, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

describe("wall clocks with the browser's own Temporal and without", () => {
  it("are the same in every zone", async () => {
    const [withIt, without] = [await days(Temporal), await days(undefined)];
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      for (let i = 0; i < 12; i++) {
        const at = FIRST + Math.random() * (LAST - FIRST);
        expect({ zone, at, ...withIt.local(at, zone) }).toEqual({ zone, at, ...without.local(at, zone) });
        expect(withIt.offsetMinutes(at, zone), `${zone} ${at}`).toBe(without.offsetMinutes(at, zone));
      }
    }
  });

  it("come from it where there is one", async () => {
    const asked = vi.fn(() => "Asia/Tokyo");
    expect((await days({ ...Temporal, Now: { timeZoneId: asked } })).browserZone()).toBe("Asia/Tokyo");
    expect((await days(undefined)).browserZone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(asked).toHaveBeenCalledOnce();
  });

  it("refuse a zone that there is not", async () => {
    for (const own of [Temporal, undefined]) {
      const { local } = await days(own);
      expect(() => local(0, "Mars/Base")).toThrow(RangeError);
    }
  });
});
