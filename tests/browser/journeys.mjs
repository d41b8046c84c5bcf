/** Journeys between the phone and the desk in Chromium. Run by test_journeys.py: node journeys.mjs SCENE JSON. */
import {
  assert, choose, desk, go, home, kill, known, logReading, phone, play, readyForOffline, save, saveAndTime, says, signIn, typeValue,
} from "./stage.mjs";

/** The first page of somebody new: code by link, PIN, and for a guardian for whom and why. */
async function activate(page) {
  await page.goto(`${known.origin}/#code=${known.code}`);
  await page.fill("#pin", known.pin);
  await page.fill("#again", known.pin);
  await page.click("button.main-act");
  if (known.child !== null) await choose(page, known.child, "Still young");
  await says(page, "Log glucose");
  await readyForOffline(page);
}

/** The participant's own page at the desk. */
async function openPerson(page, tab = "") {
  await page.goto(`${known.origin}/site/#/p/${known.participant}${tab === "" ? "" : `/${tab}`}`);
  await page.waitForSelector(".subnav");
}

await play({
  /** Activated by a code, a severe low logged without a network, a reload, a dead battery, the desk, and back. */
  async road() {
    let own = await phone("road");
    await activate(own.page);
    // Put away and taken out again: the browser has written down by now who is signed in.
    await own.context.close();
    own = await phone("road", { offline: true });
    await own.page.goto(`${known.origin}/`);
    await own.page.fill("#pin", known.pin);
    await own.page.click("button.main-act");
    await says(own.page, "Log glucose");
    await typeValue(own.page, "2.8");
    const lowMs = await saveAndTime(own.page);
    await says(own.page, "Not sent: the site does not know, call them");
    await own.page.click("text=Done. Start 15 minutes");
    await own.page.click(".ask button:has-text('Yes')");
    await says(own.page, "You answered: Yes");
    await own.page.reload();
    await says(own.page, "Not sent: the site does not know, call them");
    await says(own.page, "Test again at");
    assert.deepEqual(own.broken, []);
    await kill(own);

    own = await phone("road", { offline: true });
    await own.page.goto(`${known.origin}/`);
    await says(own.page, "Not sent: the site does not know, call them");
    await says(own.page, "Test again at");
    await own.setOffline(false);
    await says(own.page, "Sent, not yet read");

    const site = await desk(known.coordinator, known.password);
    await says(site.page, "Severe low by value");
    await site.page.click(".people button:has-text('Acknowledge')");
    await says(own.page, "Read by the coordinator on call at");
    await site.page.click("nav a:has-text('Alerts')");
    await site.page.click(".alert button:has-text('Resolve')");
    await site.page.getByLabel("What happened and what was done").fill(known.resolution);
    await site.page.click("dialog button:has-text('Resolve')");
    await says(site.page, "No alert is open.");
    await own.page.reload();
    const read = await says(own.page, "Read by the coordinator on call at");
    assert.deepEqual([...own.broken, ...site.broken], []);
    return { low_ms: lowMs, read: await read.textContent() };
  },

  /** Two children on one phone: what is written without a network is sent for the child that was chosen. */
  async two_children() {
    const { setOffline, page, broken } = await phone("two-children");
    await signIn(page, known.login, known.pin);
    await page.click(".list button.line:has-text('S002')");
    await page.click("button.main-act");
    await says(page, "Please choose one.");
    await choose(page, "S002", "Asleep");
    await says(page, "Writing for S002");
    await readyForOffline(page);
    await setOffline(true);
    await logReading(page, "6.1");
    await page.click("text=Change child");
    await choose(page, known.other, "Unwell");
    await says(page, `Writing for ${known.other}`);
    await go(page, "#/diary");
    await says(page, "Nothing is logged here yet");
    await logReading(page, "7.2");
    await setOffline(false);
    await page.waitForSelector(".status.sent");
    const seen = {};
    for (const subject of [known.other, "S002"]) {
      await go(page, "#/choose");
      await page.click(`.list button.line:has-text('${subject}')`);
      await page.click("button.main-act");
      await says(page, `Writing for ${subject}`);
      await go(page, "#/diary");
      await page.waitForSelector(".log .val");
      seen[subject] = await page.locator(".log .val").allTextContents();
    }
    assert.deepEqual(broken, []);
    return { seen };
  },

  /** Two guardians on two phones: each sees what the other wrote, and of two corrections one is settled by both. */
  async two_guardians() {
    const mother = await phone("mother");
    const father = await phone("father");
    for (const [{ page }, login, reason] of [[mother, known.mother, "Still young"], [father, known.father, "Asleep"]]) {
      await signIn(page, login, known.pin);
      await choose(page, "S002", reason);
      await says(page, "Log glucose");
    }
    const openEntry = async ({ page }, value) => {
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await go(page, "#/diary");
      await page.waitForSelector(`.log li:has(.val:has-text("${value}"))`);
      await page.evaluate((text) => [...document.querySelectorAll(".log li")].find((li) => li.textContent.includes(text)).querySelector("a").click(), value);
      await page.waitForSelector(".versions");
      return page.textContent(".versions");
    };
    const correct = async ({ page }, value) => {
      await page.click("a:has-text('Correct')");
      await page.waitForSelector(".pad");
      for (let i = 0; i < 4; i += 1) await page.keyboard.press("Backspace");
      for (const key of value) await page.keyboard.press(key);
      await page.click(".chip:has-text('Misread')");
      await save(page);
    };

    await logReading(mother.page, "5.5");
    await mother.page.waitForSelector(".status.sent");
    const readByFather = await openEntry(father, "5.5");
    assert.match(await openEntry(mother, "5.5"), /WhoYou/);
    await father.setOffline(true);
    await correct(father, "5.8");
    await correct(mother, "5.6");
    await mother.page.waitForSelector(".status.sent");
    await father.setOffline(false);
    await says(father.page, "Not sent");
    await father.page.click("a.status");
    await father.page.click(".list a.line");
    await says(father.page, "already has another version");

    const site = await desk(known.coordinator, known.password);
    await openPerson(site.page, "waiting");
    await says(site.page, "Conflict.");
    await site.page.click("button:has-text('See the one that counts')");
    await site.page.waitForSelector("dialog .version.current:has-text('5.6')");

    await father.page.click("text=Seen. Put it away");
    await father.page.waitForSelector(".status.sent");
    await openEntry(father, "5.6");
    await correct(father, "5.8");
    await father.page.waitForSelector(".status.sent");
    const settled = await openEntry(mother, "5.8");
    assert.deepEqual([...mother.broken, ...father.broken, ...site.broken], []);
    return { read_by_father: readByFather, settled };
  },

  /** An entry that this phone believed in and the server could not take, followed to its end on both sides. */
  async refused() {
    const { context, page, broken } = await phone("refused");
    // The phone has an older study, whose largest value was higher.
    await context.route("**/api/study", async (route) => {
      const study = await (await fetch(`${known.origin}/api/study`)).json();
      study.glucose.mmol.possible_to = "40.0";
      await route.fulfill({ json: study });
    });
    await signIn(page, known.login, known.pin);
    await typeValue(page, "34.5");
    await page.click(".dock .main-act");
    await page.click(".meterpick button:has-text('34.5')");
    await says(page, "Not sent");
    await page.click("a.status");
    await says(page, "1 to look at");
    await page.click(".list a.line");
    await says(page, "This one was not taken:");
    const told = await page.textContent(".banner");
    await page.click("a:has-text('Log it again')");
    await page.waitForSelector(".pad");
    for (const key of "24.5") await page.keyboard.press(key);
    await save(page);
    await go(page, "#/waiting");
    await page.click(".list a.line:has-text('34.5')");
    await page.click("text=Seen. Put it away");
    await page.waitForSelector(".status.sent");

    const site = await desk(known.coordinator, known.password);
    await openPerson(site.page, "waiting");
    await says(site.page, "Refused.");
    await site.page.click("summary:has-text('As sent')");
    assert.match(await site.page.textContent("pre"), /"34\.5"/);
    const toldDesk = await site.page.textContent(".wait-row.refused");
    await openPerson(site.page, "log");
    await site.page.waitForSelector(".log-day .row-line:has-text('24.5')");
    assert.equal(await site.page.locator(".log-day .row-line").count(), 1);
    assert.deepEqual([...broken, ...site.broken], []);
    return { told, told_desk: toldDesk };
  },

  /** A reading of four days ago is held; the coordinator accepts it at the desk, and the phone says so no more. */
  async held() {
    const { page, broken } = await phone("held");
    await signIn(page, known.login, known.pin);
    await typeValue(page, "8.3");
    await page.click(".whenline .btn");
    await page.fill("#when-day", known.day);
    await page.fill("#when-clock", "18:30");
    await page.click(".sheet .main-act");
    await page.click(".dock .main-act");
    await says(page, "once the site has seen it");
    await page.click(".sheet .main-act");
    await home(page);
    await go(page, "#/diary");
    await says(page, "Waits for the site");
    await page.waitForSelector(".status.sent");

    const site = await desk(known.coordinator, known.password);
    await site.page.click("a:has-text('1 held entry waits for you.')");
    await site.page.click(".wait-row.held button:has-text('Accept')");
    await site.page.getByLabel("Source").fill(known.source);
    await site.page.click("dialog button:has-text('Accept')");
    await says(site.page, "Nothing is held.");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.waitForFunction(() => document.querySelector(".log .val") !== null && !document.body.textContent.includes("Waits for the site"));
    assert.deepEqual([...broken, ...site.broken], []);
    return {};
  },
});
