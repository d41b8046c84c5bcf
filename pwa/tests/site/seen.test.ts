import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SeenQueue } from "../../src/site/seen.ts";

describe("alerts on a screen", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("are told together, each once", async () => {
    const send = vi.fn(() => Promise.resolve());
    const queue = new SeenQueue(send, 800);
    queue.add("a");
    queue.add("b");
    queue.add("a");
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(800);
    queue.add("a");
    await vi.advanceTimersByTimeAsync(2000);
    expect(send.mock.calls).toEqual([[["a", "b"]]]);
  });
  it("are not told when they leave the screen at once", async () => {
    const send = vi.fn(() => Promise.resolve());
    const queue = new SeenQueue(send, 800);
    queue.add("a");
    queue.drop("a");
    await vi.advanceTimersByTimeAsync(2000);
    expect(send).not.toHaveBeenCalled();
  });
  it("are told again when the server did not answer", async () => {
    const send = vi.fn().mockRejectedValueOnce(new Error("no network")).mockResolvedValue(undefined);
    const queue = new SeenQueue(send, 800);
    queue.add("a");
    await vi.advanceTimersByTimeAsync(800);
    queue.add("a");
    await vi.advanceTimersByTimeAsync(800);
    expect(send).toHaveBeenCalledTimes(2);
  });
});
