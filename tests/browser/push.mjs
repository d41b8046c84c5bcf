/** Chromium from the service worker on: its push client asks for a service that cannot be had here. */
import { assert, go, known, phone, play, readyForOffline, saveAndTime, says, signIn, typeValue } from "./stage.mjs";

/** The debugger's way to the worker, where a push message comes out of its encryption. */
async function pushDoor({ context, page }) {
  const session = await context.newCDPSession(page);
  const found = new Promise((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find((r) => !r.isDeleted && r.scopeURL === `${known.origin}/`);
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await found;
  return (data) => session.send("ServiceWorker.deliverPushMessage", { origin: known.origin, registrationId, data });
}

/** What the phone shows, once it is what is waited for. */
async function notes(page, isIt) {
  const until = Date.now() + 60_000;
  for (;;) {
    const all = await page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));
    if (isIt(all)) return all.map(({ title, body }) => ({ title, body }));
    assert.ok(Date.now() < until, `the phone shows ${JSON.stringify(all)}`);
    await page.waitForTimeout(50);
  }
}

await play({
  async push() {
    const { context, page, broken } = await phone("push");
    await context.grantPermissions(["notifications"], { origin: known.origin });
    await signIn(page, known.login, known.pin);
    await readyForOffline(page);
    await says(page, "Tacrolimus 1 mg");
    const deliver = await pushDoor({ context, page });

    // What cannot be read is shown as well: three silent pushes cost an iPhone its subscription.
    await deliver("{ not json");
    const unreadable = await notes(page, (all) => all.length === 1);
    await deliver(known.payload);
    const { tag } = JSON.parse(known.payload).notification;
    const shown = await notes(page, (all) => all.length === 1 && all[0].tag === tag);

    // The tap: the worker comes to the diary that is open, whatever it shows just then.
    await page.evaluate(() => { location.hash = "#/help"; });
    const [worker] = context.serviceWorkers();
    await worker.evaluate(async () => {
      const [notification] = await self.registration.getNotifications();
      self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
    });
    await page.waitForFunction(() => location.hash === "#/");
    await notes(page, (all) => all.length === 0);
    await page.click(".due .acts .btn:has-text('Taken')");
    await says(page, "1 done");
    await page.waitForSelector(".status.sent");

    // While a low runs, the same tap leads to it: its re-check has the same words on the lock screen.
    await typeValue(page, "2.6");
    await saveAndTime(page);
    await go(page, "#/help");
    await page.waitForFunction(() => document.querySelector(".lowhead") === null);
    await go(page, "#/today?t=unknown");
    await page.waitForSelector(".lowhead");
    assert.deepEqual(broken, []);
    return { notes: shown, unreadable };
  },
});
