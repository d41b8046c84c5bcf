// @vitest-environment happy-dom
/** What was not taken or has not gone yet, and what one tap makes of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NOTHING, type Question } from "../../src/sync/pull.ts";
import { addToOutbox } from "../../src/store/outbox.ts";
import { putSealed } from "../../src/store/threads.ts";
import { ContractServer } from "../server.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, settle, signedIn, until } from "./stage.ts";

const MINUTE = 60_000;

beforeEach(newPhone);
afterEach(closeAll);

describe("a correction that could not be read", () => {
  it("is sent again as a correction by \"Yes, LO\", in its own minute, beside no second reading", async () => {
    const { db, account } = await signedIn(OWN);
    const server = new ContractServer("a-7", "p-7");
    const first = reading("p-7", "6.1", Date.now() - 90 * MINUTE);
    await server.call("POST", "/api/patient/entries/sync", { entries: [first] });
    const slip = reading("p-7", "L0", Date.now(), { replaces: first.id, reason: "Misread", occurred_at: first.occurred_at });
    await addToOutbox(db, account, [slip]);
    db.close();
    const tab = await openTab(server);
    await tab.sending.now();
    await until(() => tab.diary.store.get().items.some((i) => i.open.length > 0), tab.text);
    await goTo(`#/entry/${first.id}`);
    tab.button("LO").click();
    await until(() => server.order.length === 2, tab.text);
    const sent = server.entries.get(server.order[1] ?? "")?.entry;
    expect(sent).toMatchObject({ replaces: first.id, reason: "Misread", occurred_at: first.occurred_at, data: { value: "LO" } });
    await until(() => tab.diary.store.get().outbox.length === 0, tab.text);
    expect(tab.diary.store.get().items).toHaveLength(1);
  });
});

describe("an answer to the site that waits", () => {
  it("is listed among what waits, with its words", async () => {
    const { db, account } = await signedIn(OWN);
    const question: Question = { id: "q-1", entry_id: "e-1", root_id: "e-1", kind: "reading", state: "open", messages: [] };
    await putSealed(db, account, "around p-7", { ...NOTHING, cursor: "1", isPartial: false, queries: [question] });
    db.close();
    const tab = await openTab(null);
    await tab.diary.keepAnswers(() => [{ id: "q-1", text: "The strip was wet." }]);
    await goTo("#/waiting");
    await settle();
    expect(tab.text()).toContain("The strip was wet.");
    expect(tab.text()).toContain("1 waiting");
    tab.button("The strip was wet.").click();
    expect(location.hash).toBe("#/question/q-1");
  });
});
