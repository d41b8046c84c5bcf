/** The coordinator's day at the desk, in the words of the text files. Run by test_desk.py: node desk.mjs SCENE JSON. */
import { join } from "node:path";
import { addDays, instantOf, local } from "../../pwa/src/rules/days.ts";
import { wordsFor } from "../../pwa/src/text/index.ts";
import { en as remindersEn } from "../../pwa/src/text/reminders.en.ts";
import { zh as remindersZh } from "../../pwa/src/text/reminders.zh-CN.ts";
import { loadDeskWords } from "../../pwa/src/text/site.ts";
import { assert, desk, known, phone, play, says, signIn } from "./stage.mjs";

const ZONE = "Asia/Shanghai";
const t = await loadDeskWords(known.language);
const p = wordsFor(known.language);
const question = (known.language === "en" ? remindersEn : remindersZh).question;
const w = t.page.adherence;
const today = local(Date.now(), ZONE).day;
const MOST_TABS = 120;

const openDesk = () => desk(known.login, known.password, known.language);
const named = (within, role, name) => within.getByRole(role, { name, exact: true });
const tab = (page, name) => page.locator(".subnav a", { hasText: t.page.tabs[name] });

async function choosePerson(page, subject) {
  await named(page.locator("table.glance"), "link", subject).click();
  await page.locator("h1", { hasText: subject }).waitFor();
}

/** Until the alerts have come, rows change their order and their height. */
const settled = (page) => page.locator(".title [role=status]").filter({ hasText: /\S/ }).waitFor();

/** The row whose reasons say that nothing came for so many days; there is one. */
async function silentRow(page) {
  const row = page.locator("table.glance tr").filter({ has: named(page, "link", t.work.needs.silent(known.days)) });
  await row.first().waitFor();
  assert.equal(await row.count(), 1);
  const group = await row.locator("xpath=ancestor::tbody/tr[contains(@class, 'group')]/th").textContent();
  assert.ok(group.startsWith(t.work.needs.groups.today), group);
  return row;
}

/** What the server counts for the participant of the page; `from` and `to` are local days. */
async function adherence(page, from, to) {
  const id = new URL(page.url()).hash.split("/")[2].split("?")[0];
  const counted = await page.evaluate(async (path) => (await fetch(path)).json(), `/api/site/participants/${id}/adherence?from=${from}&to=${to}`);
  assert.ok(counted.monitoring, JSON.stringify(counted));
  return counted;
}

const figureName = (name, { pct, done, due }) => `${name}: ${Math.round(pct)} %, ${w.ofDue(done, due)}. ${w.openWindows}`;

/** The open list of windows adds up to the figure; what each came to, newest first, those still open left out. */
async function windowsOf(page, share) {
  const box = page.getByRole("dialog");
  await box.locator("table.windows tbody tr").first().waitFor();
  const outcomes = await box.locator("table.windows .outcome").allTextContents();
  const count = (...kinds) => outcomes.filter((word) => kinds.some((kind) => word === w.outcomes[kind])).length;
  assert.deepEqual({ done: count("done"), due: count("done", "skipped", "missed") }, { done: share.done, due: share.due });
  assert.equal(await box.locator("p.meta").first().textContent(), w.windowsLead(share.done, share.due, outcomes.length - share.due));
  return outcomes.filter((word) => word !== w.outcomes.open);
}

/** So many windows in a row, counted from the newest, in which nothing was logged. */
function missedLast(outcomes) {
  const until = outcomes.findIndex((word) => word !== w.outcomes.missed);
  return until === -1 ? outcomes.length : until;
}

/** The figures of four weeks are the server's, all and by time of the day; returns what it said. */
async function figuresAgree(page) {
  const counted = await adherence(page, addDays(today, -27), today);
  await named(page, "button", figureName(w.allPoints, counted.monitoring)).waitFor();
  for (const slot of counted.by_slot) assert.equal(await named(page, "button", figureName(slot.slot, slot)).count(), 1);
  for (const { taking } of counted.medication.filter((of) => of.taking.due > 0)) await named(page, "button", figureName(w.taking, taking)).first().waitFor();
  const sum = (part) => counted.by_slot.reduce((all, slot) => all + slot[part], 0);
  assert.deepEqual([sum("done"), sum("due")], [counted.monitoring.done, counted.monitoring.due]);
  return counted;
}

/** Presses Tab until the focus is on what `isThere` (run in the page) knows. */
async function tabTo(page, isThere, about) {
  for (let i = 0; i < MOST_TABS; i += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(isThere, about)) return;
  }
  throw new Error(`Tab never came to ${about}`);
}

/** Fills fields by their labels, inside a form or a part of one. */
async function fill(within, fields) {
  for (const [label, value] of fields) await within.getByLabel(label, { exact: true }).fill(value);
}

const part = (within, legend) => within.locator(`fieldset:has(> legend:has-text(${JSON.stringify(legend)}))`);
const choose = (page, legend, choice) => named(part(page, legend), "button", choice).click();

/** The dialog with this heading; a list or a drawer may stand behind it. */
const dialog = (page, title) => page.locator("dialog", { has: page.locator("h2", { hasText: title }) }).last();
const toast = (page, words) => page.locator(".said-toast", { hasText: words }).waitFor();

await play({
  /** Who stopped logging, from the overview to the windows behind a figure. */
  async find() {
    const { page, broken } = await openDesk();
    const row = await silentRow(page);
    const found = await row.locator("th.subj a").textContent();
    const figure = row.locator(`a.figure[aria-label^="${t.work.needs.windows(t.work.needs.measured.reading, found)}"]`);
    const shown = await figure.locator("small").textContent();
    await figure.click();
    await page.locator("h1", { hasText: found }).waitFor();
    const recent = await adherence(page, addDays(today, -13), today);
    assert.ok(shown.startsWith(t.work.needs.of(recent.monitoring.done, recent.monitoring.due)), `${shown}: ${JSON.stringify(recent.monitoring)}`);
    const missed = missedLast(await windowsOf(page, recent.monitoring));
    await named(page.getByRole("dialog"), "button", t.common.close).click();

    const { monitoring, by_slot: slots } = await figuresAgree(page);
    await named(page, "button", figureName(w.allPoints, monitoring)).click();
    await windowsOf(page, monitoring);
    // A window that was answered leads on to the entry that answered it.
    await named(page.getByRole("dialog").first().locator("table.windows"), "button", t.overview.open).last().click();
    await page.locator("dialog.drawer", { hasText: p.kinds.reading }).locator(".version.current").waitFor();
    assert.deepEqual(broken, []);
    return { found, missed, points_a_day: slots.length };
  },

  /** Whoever reads further down stays there when the order changes. */
  async stays_where_one_reads() {
    const { page, broken } = await openDesk();
    await settled(page);
    // Until the last row is drawn the page is too short to read down.
    await page.waitForFunction(() => {
      scrollTo(0, document.body.scrollHeight);
      return document.querySelector("p.spark-key") !== null;
    });
    const top = page.locator("table.glance tr[aria-current=true]");
    const first = await top.locator("th.subj a").textContent();
    const footOf = () => top.evaluate((row) => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(row.getBoundingClientRect().bottom)))));
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    assert.ok(await footOf() < 0, "the first row is out of sight before the order changes");
    await page.route("**/api/site/participants", async (route) => {
      const answer = await route.fetch();
      const { participants } = await answer.json();
      await route.fulfill({ response: answer, json: { participants: participants.filter((row) => row.subject_no !== first) } });
    });
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await top.filter({ hasNotText: first }).waitFor({ state: "attached" });
    const foot = await footOf();
    assert.ok(foot < 0, `the page has moved to its first row, which ends at ${foot}`);
    await page.unroute("**/api/site/participants");
    assert.deepEqual(broken, []);
    return { first };
  },

  /** The same without a pointer. */
  async find_by_keys() {
    const { page, broken } = await openDesk();
    await settled(page);
    const found = await (await silentRow(page)).locator("th.subj a").textContent();
    const chosen = () => page.locator("table.glance tr[aria-current=true] th.subj a").textContent();
    const order = await page.locator("table.glance th.subj a").allTextContents();
    for (let i = 0; i < order.indexOf(found) + 1; i += 1) await page.keyboard.press("j");
    assert.equal(await chosen(), order[order.indexOf(found) + 1]);
    // The keys take the page with them.
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector("table.glance tr[aria-current=true]").getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    await page.keyboard.press("k");
    assert.equal(await chosen(), found);
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: found }).waitFor();
    await tabTo(page, (name) => document.activeElement.matches(".subnav a") && document.activeElement.textContent.startsWith(name), t.page.tabs.adherence);
    await page.keyboard.press("Enter");
    const { monitoring, by_slot: slots } = await figuresAgree(page);
    const name = figureName(w.allPoints, monitoring);
    const isFocused = (label) => document.activeElement.getAttribute("aria-label") === label;
    await tabTo(page, isFocused, name);
    await page.keyboard.press("Enter");
    const missed = missedLast(await windowsOf(page, monitoring));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.ok(await page.evaluate(isFocused, name), "the focus comes back to the figure");

    await page.keyboard.press("/");
    await page.keyboard.type(found);
    await page.locator("table.glance th.subj a").filter({ hasText: found }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: found }).waitFor();
    assert.deepEqual(broken, []);
    return { found, missed, points_a_day: slots.length };
  },

  /** Asked at a value of the logbook, answered on the phone, read and closed at the desk. */
  async query() {
    const { page, broken } = await openDesk();
    await choosePerson(page, known.subject);
    // A cell of one value opens it at once.
    await page.locator("table.grid td.full:has(.cell.num):not(:has(.more))").first().click();
    const drawer = page.locator("dialog.drawer");
    const value = await drawer.locator(".version.current .entry-value").first().textContent();
    await named(drawer, "button", t.work.queries.raise).click();
    const form = dialog(page, t.work.queries.raiseTitle);
    await fill(form, [[t.work.queries.question, known.question]]);
    await named(form, "button", t.work.queries.raise).click();
    await drawer.locator(".thread", { hasText: known.question }).waitFor();
    await page.keyboard.press("Escape");

    const own = await phone("asked", { lang: known.language });
    await signIn(own.page, known.subject, known.pin);
    const asked = own.page.locator(".banner", { hasText: p.today.questions(1) });
    await named(asked, "link", p.today.questionGo).click();
    await says(own.page, known.question);
    assert.ok((await own.page.locator("section.card").first().textContent()).includes(value.match(/[\d.]+|LO|HI/)[0]), value);
    await fill(own.page, [[question.own, known.answer]]);
    await named(own.page, "button", question.send).click();
    await says(own.page, question.sent);

    await page.locator("header nav a", { hasText: t.nav.queries }).click();
    const card = page.locator(".card-row", { hasText: known.subject });
    await card.filter({ hasText: known.answer }).filter({ hasText: t.work.queries.states.answered }).waitFor();
    await named(card, "button", t.work.queries.close).click();
    const closing = dialog(page, t.work.queries.closeTitle(known.subject));
    await fill(closing, [[t.work.queries.closeLabel, known.closing]]);
    await closing.locator("button.main-act", { hasText: t.work.queries.close }).click();
    await says(page, t.work.queries.none);
    await page.locator(".chip", { hasText: t.work.queries.filters.closed }).last().click();
    await card.filter({ hasText: known.closing }).waitFor();
    assert.deepEqual([...broken, ...own.broken], []);
    return { value };
  },

  /** The open page: taken charge of, not closed without a sentence, closed with one. */
  async page() {
    const { page, broken } = await openDesk();
    await page.locator("header nav a", { hasText: t.nav.alerts }).click();
    const urgent = page.locator(".alert.urgent");
    await urgent.first().waitFor();
    assert.equal(await urgent.count(), known.pages);
    const sentence = t.alerts.kinds.lo;
    const first = urgent.filter({ hasText: sentence }).first();
    const subject = await first.locator("a.subject").textContent();
    await first.locator("button", { hasText: t.alerts.acknowledge }).click();
    const by = t.work.inbox.by(known.name);
    // By the hour the participant may have another of the same kind.
    const alike = page.locator(".alert", { hasText: subject }).filter({ hasText: sentence });
    const own = alike.filter({ has: page.locator(".times span").filter({ hasText: t.alerts.acknowledgedAt }).filter({ hasText: by }) });
    await own.waitFor();
    assert.equal(await urgent.count(), known.pages - 1);

    await named(own, "button", t.alerts.resolve).click();
    const form = dialog(page, t.alerts.resolveTitle(subject));
    await named(form, "button", t.alerts.saeOptions[known.sae]).click();
    await named(form, "button", t.alerts.resolve).click();
    await form.getByLabel(t.alerts.resolution, { exact: true }).and(page.locator("[aria-invalid=true]")).waitFor();
    await fill(form, [[t.alerts.resolution, known.resolution]]);
    await named(form, "button", t.alerts.resolve).click();
    await toast(page, t.alerts.resolved1);
    await own.waitFor({ state: "detached" });
    await named(page, "button", t.alerts.resolved).click();
    const closed = alike.filter({ hasText: known.resolution });
    await closed.waitFor();
    const shown = await closed.textContent();
    for (const words of [by, `${t.alerts.saeWas}: ${t.alerts.saeOptions[known.sae]}`]) assert.ok(shown.includes(words), shown);
    await closed.locator(".times span").filter({ hasText: t.alerts.resolvedAt }).filter({ hasText: by }).waitFor();
    assert.deepEqual(broken, []);
    return { shown };
  },

  /** A child with one guardian, step by step; then the guardian's code and the leaflet. */
  async enrol() {
    const { page, broken } = await openDesk();
    await page.locator("header nav a", { hasText: t.nav.enrol }).click();
    const next = () => named(page, "button", t.enrol.next).click();
    await fill(page.locator("main"), [[t.person.subject, known.subject], [t.common.name, known.child], [t.person.birthDay, known.birth_day]]);
    await says(page, t.enrol.isChild(9));
    await choose(page, t.person.sexLabel, t.person.sex.female);
    await next();
    await choose(page, t.enrol.fertileLabel, t.common.no);
    await page.getByLabel(t.enrol.carerLabel).check();
    await next();
    await fill(part(page, t.enrol.assent), [[t.person.version, "1.1"]]);
    await fill(part(page, t.enrol.guardian(1)), [
      [t.common.name, known.guardian], [t.person.relation, known.relation], [`${t.person.givers.guardian}: ${t.person.version}`, "2.0"],
    ]);
    await next();
    await next();
    await says(page, t.enrol.checkLead);
    await named(page, "button", t.enrol.save).click();
    await page.locator("h1", { hasText: t.enrol.done(known.subject) }).waitFor();

    const login = `${known.subject}-G1`;
    await named(page.locator("li", { hasText: login }), "button", t.person.issueCode).click();
    await named(dialog(page, t.code.confirmTitle(login)), "button", t.code.issue).click();
    const card = dialog(page, t.code.title);
    await card.getByRole("img", { name: t.code.qr }).waitFor();
    const code = await card.locator(".code").textContent();
    const [download] = await Promise.all([page.waitForEvent("download"), named(card, "button", t.page.care.leaflet).click()]);
    assert.equal(download.suggestedFilename(), `diary-${login}.pdf`);
    const leaflet = join(known.folder, "leaflet.pdf");
    await download.saveAs(leaflet);
    assert.deepEqual(broken, []);
    const opened = await fetch(`${known.origin}/api/activate`, {
      method: "POST", headers: { "Content-Type": "application/json", Origin: known.origin }, body: JSON.stringify({ code, pin: "804162", language: known.language }),
    });
    return { leaflet, activated: (await opened.json()).account?.login };
  },

  /** The template, what was ordered, and tomorrow's blood draw; then the phone on that morning. */
  async hold() {
    const { page, broken } = await openDesk();
    await choosePerson(page, known.subject);
    await tab(page, "schedules").click();
    await named(page, "button", t.schedules.add).click();
    const form = dialog(page, t.schedules.add);
    const template = form.getByLabel(t.page.care.templates, { exact: true });
    await template.selectOption("tacrolimus_q12h");
    const title = await form.getByLabel(t.schedules.name, { exact: true }).inputValue();
    assert.equal(title, await template.locator("option:checked").textContent());
    assert.equal(await form.getByLabel(t.schedules.times, { exact: true }).inputValue(), "08:00 20:00");
    await form.getByLabel(t.schedules.amount).fill("1 mg");
    await form.getByLabel(t.schedules.withHold).check();
    await fill(part(form, t.schedules.hold), [[t.schedules.holdDay, known.day], [t.schedules.holdLatest, "10:30"], [t.schedules.holdReason, known.reason]]);
    await named(form, "button", t.common.save).click();
    await toast(page, t.schedules.set);
    const row = page.locator(".wait-row", { hasText: title });
    const shown = await row.locator(".tag").textContent();
    const [year, month, day] = known.day.split("-").map(Number);
    const week = t.common.weekdays.split(" ")[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
    for (const words of [t.common.dayWords(month, day, week), "10:30", known.reason]) assert.ok(shown.includes(words), shown);

    const own = await phone("drawn", { lang: known.language });
    await own.context.clock.setFixedTime(instantOf(known.day, "07:30", ZONE));
    await signIn(own.page, known.subject, known.pin);
    const card = own.page.locator(".card.hold", { hasText: title });
    await card.waitFor();
    const told = await card.textContent();
    for (const words of [p.today.holdTitle, p.today.hold("08:00"), p.today.noDraw("10:30")]) assert.ok(told.includes(words), told);
    await named(card, "button", p.today.drawn).waitFor();
    assert.deepEqual([...broken, ...own.broken], []);
    return { title };
  },
});
