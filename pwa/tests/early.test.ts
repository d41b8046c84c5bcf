// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fileOf, withScript } from "../make/early.ts";
import { Ahead } from "../src/site/ahead.ts";
import { answeredEarly, askEarly } from "../src/site/early.ts";
import { rememberLanguage, rememberSeesParticipants } from "../src/site/remembered.ts";

const json = (body: unknown): Response => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
const PERSON = "/api/site/participants/p";
// After midnight in Shanghai, whose day is not that of UTC.
const NOW = new Date("2026-03-14T17:00:00Z");
const page = (from: string, to: string): string[] => [
  `${PERSON}/entries?from=${from}&to=${to}&limit=500`, `${PERSON}/adherence?from=${from}&to=${to}&detail=windows&kind=reading`, `${PERSON}/days?from=${from}&to=${to}`,
];

describe("what the desk's page asks for before its code is there", () => {
  const asked: string[] = [];
  let zone = "Asia/Shanghai";
  const server = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>((path) => {
    asked.push(path);
    return Promise.resolve(json(path === PERSON ? { zone } : {}));
  });
  beforeEach(() => {
    vi.stubEnv("TZ", "Asia/Shanghai");
    zone = "Asia/Shanghai";
    asked.length = 0;
    localStorage.clear();
    vi.stubGlobal("fetch", server);
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    location.hash = "";
  });

  const open = (hash: string): ReturnType<typeof askEarly> => {
    location.hash = hash;
    return askEarly();
  };
  /** The requests in all, once the desk's code has asked for the same. */
  const inAll = async (hash: string): Promise<string[]> => {
    const early = open(hash);
    const ahead = new Ahead(() => early.language, answeredEarly(early));
    ahead.ask(early.route);
    await ahead.settled(1000);
    return [...asked];
  };

  it("is nothing of a participant where nobody who may see them was here last", () => {
    open("#/p/p");
    expect(asked).toEqual(["/api/me", "/api/study"]);
  });
  it("is asked once, whoever asks again for the first screen", async () => {
    rememberSeesParticipants(true);
    expect(await inAll("#/")).toEqual(["/api/me", "/api/site/participants"]);
  });
  it("is a participant with the newest page of the logbook", async () => {
    rememberSeesParticipants(true);
    expect(await inAll("#/p/p")).toEqual(["/api/me", PERSON, "/api/study", ...page("2026-03-02", "2026-03-15")]);
  });
  it("asks for that page again where the participant's day is another", async () => {
    rememberSeesParticipants(true);
    zone = "Europe/Berlin";
    expect((await inAll("#/p/p")).slice(-3)).toEqual(page("2026-03-01", "2026-03-14"));
  });
  it("leaves the logbook out where another part of the participant is opened", async () => {
    rememberSeesParticipants(true);
    expect(await inAll("#/p/p/adherence")).toEqual(["/api/me", PERSON, "/api/study"]);
  });
  it("speaks the language that was spoken here, and hands a second question on to the server", async () => {
    rememberLanguage("en");
    const early = open("#/");
    expect(new Headers(server.mock.calls.at(-1)?.[1]?.headers).get("Accept-Language")).toBe("en");
    const ask = answeredEarly(early);
    const first = early.answers.get("/api/me");
    expect(await ask("/api/me")).toBe(await first);
    await ask("/api/me");
    expect(asked).toEqual(["/api/me", "/api/study", "/api/me"]);
  });
  it("is read to its end at once: a body that nobody reads is cut off when the request's time is over", async () => {
    const answer = json({ zone: "Asia/Shanghai" });
    server.mockResolvedValueOnce(answer);
    const { answers } = open("#/");
    expect(await (await answers.get("/api/me"))?.json()).toEqual({ zone: "Asia/Shanghai" });
    expect(answer.bodyUsed).toBe(true);
  });
  it("is asked for again where it did not come", async () => {
    server.mockRejectedValueOnce(new TypeError("no network"));
    const ask = answeredEarly(open("#/"));
    expect(await (await ask("/api/me")).json()).toEqual({});
    expect(asked).toEqual(["/api/study", "/api/me"]);
  });
  it("is nothing of a participant without an id", () => {
    rememberSeesParticipants(true);
    open("#/p/");
    expect(asked).toEqual(["/api/me", "/api/study"]);
  });
  it("comes with a sentence for whoever waits in vain for the desk's own code", async () => {
    document.body.textContent = "";
    await import("../src/site/early-start.ts");
    const lost = Object.assign(document.createElement("script"), { type: "text/plain" });
    document.head.append(lost);
    const link = document.createElement("link");
    document.head.append(link);
    link.dispatchEvent(new Event("error"));
    expect(document.body.textContent).toBe("");
    lost.dispatchEvent(new Event("error"));
    expect(document.body.textContent).toContain("did not open");
  });
  it("is not stopped by a link that was cut", () => {
    rememberSeesParticipants(true);
    expect(open("#/p/%E0%A4%A").route?.parts).toEqual(["%E0%A4%A"]);
  });
});

describe("where the build puts the script", () => {
  it("is behind the line that says how the page is written", () =>
    expect(withScript('<head>\n<meta charset="utf-8">\n<title>', "<script>a$&b</script>")).toBe('<head>\n<meta charset="utf-8">\n<script>a$&b</script>\n<title>'));
  it("is an error of the build where there is no such line", () => expect(() => withScript("<head></head>", "<script></script>")).toThrow("charset"));
});

describe("where the build finds the words", () => {
  const bundle = { a: { fileName: "site.en-1.js", facadeModuleId: "/src/site.en.ts" }, b: { fileName: "site.css" } };
  it("is the file that begins with them", () => expect(fileOf(bundle, "/src/site.en.ts")).toBe("site.en-1.js"));
  it("is an error of the build where they are no file of their own", () => expect(() => fileOf(bundle, "/src/site.zh-CN.ts")).toThrow("no file of its own"));
});
