/** Scenes of the patient app in Chromium. Run by test_patient.py: node patient.mjs SCENE JSON. */
import { readFileSync } from "node:fs";
import { assert, choose, go, known, phone, play, require, save, saveAndTime, says, signIn, typeValue } from "./stage.mjs";

await play({
  /** How fast the low screen comes without a network: the best of three, so that a busy machine is not blamed. */
  async quick() {
    const { setOffline, page } = await phone("quick");
    await signIn(page, known.login, known.pin);
    await says(page, "Log glucose");
    await setOffline(true);
    const times = [];
    for (const value of ["2.8", "2.7", "2.6"]) {
      await typeValue(page, value);
      times.push(await saveAndTime(page));
    }
    return { low_ms: Math.min(...times) };
  },

  /** A mother writes for her child of seven: who and why stand in the entry, contraception nowhere. */
  async guardian() {
    const { page, broken } = await phone("mei", { lang: "zh-CN", theme: "dark" });
    await signIn(page, known.login, known.pin);
    await choose(page, "S002", "年纪还小");
    await says(page, "正在为");
    await page.click("button:has-text('其他')");
    assert.equal(await page.locator(".kinds a").count(), 12);
    assert.equal(await page.locator("text=避孕").count(), 0);
    await page.keyboard.press("Escape");
    await typeValue(page, "2.4");
    await saveAndTime(page);
    await says(page, "现在给孩子吃糖");
    await page.click("button:has-text('给了，开始等 15 分钟')");
    // She answers what she reads: it is asked of the child, not of her.
    const question = await page.textContent(".card.ask b");
    assert.equal(question, "等的时候答一下：这次没人帮，孩子自己能处理吗？");
    await page.click(".card.ask button:text-is('不能')");
    await says(page, "您答的是：不能");
    await says(page, "已发出，还没人看");
    assert.deepEqual(broken, []);
    return { question };
  },

  /** Two phones answer one dose; the second is shown as a conflict, and both can go on. */
  async conflict() {
    const first = await phone("first");
    const second = await phone("second");
    for (const { page } of [first, second]) {
      await signIn(page, known.login, known.pin);
      await says(page, known.dose);
    }
    await second.setOffline(true);
    await first.page.click(".due .acts .btn:has-text('Taken')");
    await says(first.page, "1 done");
    await first.page.waitForSelector(".status.sent");
    await second.page.click(".due .acts .btn:has-text('Skipped')");
    await second.page.click("text=Forgot");
    await says(second.page, "Waiting 1");
    await second.setOffline(false);
    await says(second.page, "Not sent");
    await second.page.click("a.status");
    await second.page.click(".list a.line");
    await says(second.page, "already has another version");
    await second.page.click("text=Seen. Put it away");
    await second.page.waitForSelector(".status.sent");
    assert.deepEqual([...first.broken, ...second.broken], []);
    return {};
  },

  /** Two people on one phone: what waits for one is kept for that one, and the other never sees it. */
  async sign_out() {
    const { setOffline, page, broken } = await phone("shared");
    await signIn(page, known.login, known.pin);
    await says(page, "Log glucose");
    await setOffline(true);
    await go(page, "#/form/note");
    await page.fill("#f-text", "only mine");
    await save(page);
    await says(page, "Waiting 1");
    const leave = async () => {
      await go(page, "#/settings");
      await page.click("button:has-text('Sign out')");
      const words = await page.textContent(".sheet");
      await page.click(".sheet .danger");
      await says(page, "I have a PIN: sign in");
      return words;
    };
    assert.match(await leave(), /1 not sent yet/);
    await setOffline(false);
    await signIn(page, known.other, known.pin);
    await go(page, "#/diary");
    await says(page, "Nothing is logged here yet");
    await leave();
    await signIn(page, known.login, known.pin);
    await go(page, "#/diary");
    await says(page, "only mine");
    await page.waitForSelector(".status.sent");
    assert.deepEqual(broken, []);
    return {};
  },

  /** axe finds nothing on any screen, and every target is large enough, also at 200 % text. */
  async screens() {
    // The pages' policy lets no foreign script in, so it comes by the debugger.
    const axe = readFileSync(require.resolve("axe-core"), "utf8");
    const { page, broken } = await phone(`screens-${known.lang}-${known.text}`, { lang: known.lang, theme: known.theme });
    await page.addInitScript(([language, textPercent]) => {
      localStorage.setItem("diary-preferences", JSON.stringify({ language, theme: "auto", textPercent }));
    }, [known.lang, known.text]);
    const found = [];
    const look = async (name) => {
      await page.waitForTimeout(250);
      await page.evaluate(`if (globalThis.axe === undefined) { ${axe} }`);
      const wrong = await page.evaluate(async () => {
        const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
        const sideways = document.documentElement.scrollWidth - innerWidth;
        const small = [...document.querySelectorAll("button, a[href], input, textarea")].filter((e) => e.offsetParent !== null).filter((e) => {
          const box = e.getBoundingClientRect();
          const grown = getComputedStyle(e, "::after").position === "absolute" ? 16 : 0;
          return box.width > 0 && (box.width + 0.5 < 48 || box.height + grown + 0.5 < 48) && !e.classList.contains("rowlink");
        });
        return [
          ...violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`),
          ...(sideways > 0 ? [`scrolls sideways by ${sideways}`] : []),
          ...small.map((e) => `small target: ${e.outerHTML.slice(0, 120)}`),
        ];
      });
      for (const sentence of wrong) found.push(`${name}: ${sentence}`);
    };
    await page.goto(`${known.origin}/`);
    await page.waitForSelector("h1");
    for (const name of ["", "activate", "sign-in", "forgot", "help", "low", "low-help", "card"]) {
      await go(page, `#/${name}`);
      await look(`out ${name}`);
    }
    await signIn(page, known.login, known.pin);
    await page.waitForSelector(".sec");
    for (const name of ["", "reading", "diary", "waiting", "settings", "help", "card",
      ...["insulin", "meal", "dose", "exercise", "hypo_event", "illness", "ketone", "other_medicine", "contraception", "hospital_stay", "note", "day_complete", "call_me"].map((k) => `form/${k}`)]) {
      await go(page, `#/${name}`);
      await look(name);
    }
    await typeValue(page, "120");
    await page.click(".dock .main-act");
    await look("ask");
    await page.keyboard.press("Escape");
    await typeValue(page, "2.8");
    await saveAndTime(page);
    await look("low");
    await page.click(".main-act.huge");
    await look("low, waiting");
    await page.evaluate(() => location.assign("#/diary"));
    await page.waitForSelector(".rowlink");
    await look("diary with a low");
    await page.evaluate(() => document.querySelector(".rowlink").click());
    await look("entry");
    await page.reload();
    await page.waitForSelector("#pin");
    await look("lock");
    assert.deepEqual(broken, []);
    return { found };
  },

  /** Chromium has nothing against installing it. */
  async install() {
    const { context, page } = await phone("install");
    await page.goto(`${known.origin}/`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const devtools = await context.newCDPSession(page);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    const { errors } = await devtools.send("Page.getAppManifest");
    return { installability: installabilityErrors.map((e) => e.errorId), manifest: errors.map((e) => e.message) };
  },
});
