import { describe, expect, it } from "vitest";
import { NoAnswer, Refusal } from "../../src/api/client.ts";
import type { Participant } from "../../src/api/account.ts";
import type { Diary } from "../../src/patient/diary.ts";
import { openQuestions, sendAnswers } from "../../src/patient/questions.ts";
import type { State, WaitingAnswer } from "../../src/patient/state.ts";
import { placeName, travelTo } from "../../src/patient/travel.ts";
import { NOTHING, type Question } from "../../src/sync/pull.ts";

const question = (id: string, state: Question["state"]): Question => ({ id, entry_id: "e", root_id: "e", kind: "reading", state, messages: [] });

describe("the site's questions", () => {
  it("stand open until they are answered here or elsewhere", () => {
    const around = { ...NOTHING, queries: [question("a", "open"), question("b", "answered"), question("c", "closed"), question("d", "open")] };
    expect(openQuestions({ around, answers: [{ id: "d", text: "Yes." }] }).map((q) => q.id)).toEqual(["a"]);
  });

  async function send(answers: WaitingAnswer[], answer: (path: string) => void, queries: Question[] = []): Promise<[said: string[], left: string[]]> {
    let waiting = answers;
    const said: string[] = [];
    const diary = {
      store: { get: () => ({ answers: waiting, around: { ...NOTHING, queries } }) },
      call: (_method: string, path: string) => {
        said.push(path);
        answer(path);
        return Promise.resolve(null);
      },
      keepAnswers: (change: (answers: WaitingAnswer[]) => WaitingAnswer[]) => {
        waiting = change(waiting);
        return Promise.resolve();
      },
    } as unknown as Diary;
    await sendAnswers(diary);
    return [said, waiting.map((a) => (a.sent === true ? `${a.id} sent` : a.id))];
  }
  const two = [{ id: "a", text: "Yes." }, { id: "b", text: "No." }];
  it("are answered once, in order", async () => {
    expect(await send(two, () => undefined)).toEqual([["/api/patient/queries/a/answer", "/api/patient/queries/b/answer"], ["a sent", "b sent"]]);
  });
  it("do not stand open again between the answer and the server's own word of it", async () => {
    const sent = [{ id: "a", text: "Yes.", sent: true }, { id: "b", text: "No.", sent: true }];
    expect(openQuestions({ around: { ...NOTHING, queries: [question("a", "open")] }, answers: sent })).toEqual([]);
    expect(await send(sent, () => undefined, [question("a", "open"), question("b", "answered")])).toEqual([[], ["a sent"]]);
  });
  it.each([["no network", () => { throw new NoAnswer("x"); }], ["a busy server", () => { throw new Refusal(503, { code: "x", message: "x" }, null); }],
    ["no session", () => { throw new Refusal(401, { code: "x", message: "x" }, null); }]])("keep their answers through %s", async (_name, answer) => {
    expect((await send(two, answer))[1]).toEqual(["a", "b"]);
  });
  it("let go of an answer to a question that is closed by now", async () => {
    const answer = (path: string): void => { if (path.includes("/a/")) throw new Refusal(409, { code: "x", message: "x" }, null); };
    expect(await send(two, answer)).toEqual([["/api/patient/queries/a/answer", "/api/patient/queries/b/answer"], ["b sent"]]);
  });
});

describe("travel", () => {
  const state = (zone: string): Pick<State, "participant"> => ({ participant: { zone } as Participant });
  const summer = Date.parse("2026-07-01T00:00:00Z");
  const winter = Date.parse("2026-01-01T00:00:00Z");
  it("is asked about where the clock is another", () => expect(travelTo(state("Asia/Shanghai"), summer, "Asia/Tokyo")).toBe("Asia/Tokyo"));
  it("is not asked about at home, or where the clock is the same", () => {
    expect(travelTo(state("Asia/Shanghai"), summer, "Asia/Shanghai")).toBeNull();
    expect(travelTo(state("Asia/Shanghai"), summer, "Asia/Singapore")).toBeNull();
    expect(travelTo({ participant: null }, summer, "Asia/Tokyo")).toBeNull();
  });
  it("goes by the clocks of that day", () => {
    expect(travelTo(state("America/Phoenix"), summer, "America/Los_Angeles")).toBeNull();
    expect(travelTo(state("America/Phoenix"), winter, "America/Los_Angeles")).toBe("America/Los_Angeles");
  });
  it("names the place as people call it", () => {
    expect(placeName("America/New_York", "en")).toBe("New York");
    expect(placeName("Asia/Tokyo", "zh-CN")).toMatch(/^日本/);
    expect(placeName("Asia/Shanghai", "zh-CN")).toMatch(/^中国/);
  });
});
