/** Scenes of a new version in Chromium. Run by test_update.py: node update.mjs SCENE JSON. */
import { writeFileSync } from "node:fs";
import { assert, go, home, known, logReading, phone, play, readyForOffline, saveAndTime, says, signIn, typeValue } from "./stage.mjs";

/** The file of the app that this page runs. */
const runs = (page) => page.evaluate(() => new URL(document.querySelector("script[src]").src).pathname);

/** The app looks for a new version when it comes to the front: here, and then it waits to be let in. */
async function newVersionWaits(page) {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null);
}

/** Out of sight: the moment at which a new version likes to take over. */
const hide = (page) => page.evaluate(() => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
});

const typed = (page) => page.textContent(".entry .num");

await play({
  /** Digits on the keypad, an entry that waits, a new version: first all arrives, then the new version runs. */
  async update() {
    const { page, broken, setOffline } = await phone("update");
    await signIn(page, known.login, known.pin);
    await readyForOffline(page);
    await says(page, "Log glucose");
    const old = await runs(page);
    await setOffline(true);
    await logReading(page, "6.1");
    await says(page, "Waiting 1");
    await typeValue(page, "7.4");
    writeFileSync(known.published, "");
    await setOffline(false);
    await newVersionWaits(page);
    await hide(page);
    await page.waitForSelector(".status.sent");
    // Longer than any pause after which the app looks again.
    await page.waitForTimeout(2_500);
    assert.equal(await typed(page), "7.4");
    assert.equal(await runs(page), old);
    // Help is a calm page, but the keypad still stands behind it.
    await go(page, "#/help");
    await page.waitForTimeout(1_500);
    await page.goBack();
    assert.equal(await typed(page), "7.4");
    assert.equal(await runs(page), old);
    await page.click(".dock .main-act");
    await home(page);
    await page.waitForSelector(".toast", { state: "detached", timeout: 60_000 });
    const reloaded = page.waitForEvent("load");
    await hide(page);
    await reloaded;
    await page.fill("#pin", known.pin);
    await page.click("button.main-act");
    await page.waitForSelector(".status.sent");
    await go(page, "#/diary");
    for (const value of ["6.1", "7.4"]) await says(page, value);
    assert.deepEqual(broken, []);
    return { runs: await runs(page) };
  },

  /** A low runs on the screen: whatever is published, it stays. */
  async update_low() {
    const { page, broken } = await phone("update-low");
    await signIn(page, known.login, known.pin);
    await readyForOffline(page);
    await says(page, "Log glucose");
    const old = await runs(page);
    await typeValue(page, "2.7");
    await saveAndTime(page);
    writeFileSync(known.published, "");
    await newVersionWaits(page);
    await hide(page);
    await page.waitForTimeout(2_500);
    assert.notEqual(await page.$(".lowhead"), null);
    assert.equal(await runs(page), old);
    assert.deepEqual(broken, []);
    return {};
  },
});
