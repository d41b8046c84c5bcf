// @vitest-environment happy-dom
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { useChosen, type Chosen } from "../../src/site/chosen.ts";

interface Thing { id: string }
interface Props { ids: string; start?: number; listed?: string }

const root = document.body;
let now: Chosen<Thing>;

function List({ ids, ...rest }: Props): null {
  now = useChosen(ids.split("").map((id) => ({ id })), (thing) => thing.id, rest);
  return null;
}
const show = (props: Props): Promise<void> => act(() => render(h(List, props), root));
const press = (key: keyof Chosen<Thing>["keys"]): Promise<void> => act(() => now.keys[key]());

afterEach(() => render(null, root));

describe("what the keys act on", () => {
  it("is the first until a key is pressed, whatever comes on top", async () => {
    await show({ ids: "abc" });
    expect(now.chosen?.id).toBe("a");
    await show({ ids: "xabc" });
    expect(now.chosen?.id).toBe("x");
  });
  it("stays the same one when the order changes around it", async () => {
    await show({ ids: "abc" });
    await press("j");
    await show({ ids: "xcab" });
    expect([now.chosen?.id, now.at]).toEqual(["b", 3]);
    await press("k");
    expect(now.chosen?.id).toBe("a");
  });
  it("is what stands in its place when it is gone", async () => {
    await show({ ids: "abc" });
    await press("j");
    await show({ ids: "ac" });
    expect(now.chosen?.id).toBe("c");
    await show({ ids: "" });
    expect(now.chosen).toBeUndefined();
    await press("j");
    await show({ ids: "ac" });
    expect(now.chosen?.id).toBe("c");
  });
  it("is what stands in its last place, however far the list had moved it", async () => {
    await show({ ids: "abcd" });
    await press("j");
    await show({ ids: "xyabcd" });
    await show({ ids: "xyacd" });
    expect(now.chosen?.id).toBe("c");
  });
  it("stays what took the place, also when another comes on top or the first one comes back", async () => {
    await show({ ids: "abcd" });
    await press("j");
    await show({ ids: "acd" });
    await show({ ids: "xacdb" });
    expect(now.chosen?.id).toBe("c");
  });
  it("goes no further than the ends", async () => {
    await show({ ids: "ab" });
    await press("ArrowUp");
    expect(now.chosen?.id).toBe("a");
    for (const key of ["ArrowDown", "ArrowDown", "j"] as const) await press(key);
    expect(now.chosen?.id).toBe("b");
  });
  it("is nothing at first where a list is for reading, and the first again in another list", async () => {
    await show({ ids: "ab", start: -1 });
    expect(now.chosen).toBeUndefined();
    await press("j");
    expect(now.chosen?.id).toBe("a");
    await show({ ids: "ab", start: -1, listed: "other" });
    expect(now.chosen).toBeUndefined();
  });
});
