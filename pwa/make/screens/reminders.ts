/** What is due, the site's question, reminders with their test and calendar, and a phone in another zone. */
import type { Walker } from "./look.ts";

const go = (walker: Walker, path: string): Promise<void> => walker.page.evaluate((p) => void (location.hash = `#/${p}`), path);

async function home(walker: Walker): Promise<void> {
  await go(walker, "settings");
  await walker.page.waitForSelector(".foot");
  await go(walker, "");
  await walker.page.waitForSelector(".due");
}

/** A dose whose window stays open long enough to be put off: another may be just about to close. */
const CAN_WAIT = ".due .acts.three";

async function dueScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  await walker.screen("due hold", () => home(walker));
  await walker.screen("due later", () => walker.press(`${CAN_WAIT} .btn`, 2));
  await walker.screen("due other time", () => walker.press(`${CAN_WAIT} .quiet`));
  await page.keyboard.press("Escape");
  await walker.screen("due skipped", () => walker.press(`${CAN_WAIT} .btn`, 1));
  await page.keyboard.press("Escape");
  await walker.screen("due last dose asked", () => walker.press(".hold .btn.xl"));
  await walker.screen("due drawn", async () => {
    await walker.press(".sheet .btn.xl", 1);
    await page.waitForSelector(".hold .acts");
  });
}

async function questionScreens(walker: Walker): Promise<void> {
  const { page, context } = walker;
  await walker.screen("question", async () => {
    await home(walker);
    await walker.press(".banner.wait a.btn");
    await page.waitForSelector(".talk");
  });
  await walker.screen("question without an answer", () => walker.press("form button.btn"));
  await context.setOffline(true);
  await walker.screen("question answered without a network", async () => {
    const here = await page.evaluate(() => location.hash.slice(2));
    await walker.press("main > .main-act");
    await go(walker, here);
    await page.waitForSelector(".talk .mine");
  });
  await context.setOffline(false);
}

async function reminderScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  await walker.screen("reminders", async () => {
    await go(walker, "reminders");
    await page.waitForSelector("#calendar-title");
  });
  await walker.screen("reminders tested", async () => {
    await walker.press("section[aria-labelledby=test-title] > .btn");
    await page.waitForSelector(".chain .broken");
  });
  await walker.screen("reminders feed", async () => {
    await walker.press("section[aria-labelledby=calendar-title] .row .btn");
    await page.waitForSelector("#feed-url");
  });
}

/** The phone has flown to Tokyo; then its owner says that the reminders come along. */
async function travelScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  await walker.screen("travel", async () => {
    await page.evaluate(() => {
      const { Temporal } = globalThis as { Temporal?: { Now: { timeZoneId: () => string } } };
      if (Temporal !== undefined) Temporal.Now.timeZoneId = () => "Asia/Tokyo";
      const dates = Intl.DateTimeFormat.prototype as unknown as { resolvedOptions: (this: unknown) => object };
      const { resolvedOptions } = dates;
      dates.resolvedOptions = function there() {
        return { ...resolvedOptions.call(this), timeZone: "Asia/Tokyo" };
      };
    });
    await home(walker);
    await page.waitForSelector("main > .card .row");
  });
  await walker.screen("travel moved", async () => {
    await walker.press("main > .card .row button.btn");
    await page.waitForSelector(".toast, main > .banner.info");
  });
}

export async function walkReminders(walker: Walker): Promise<void> {
  await dueScreens(walker);
  await questionScreens(walker);
  await reminderScreens(walker);
  await travelScreens(walker);
}
