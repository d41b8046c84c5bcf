/** The participant's page: its pictures, calendars and what stands behind each figure. */
import type { Walker } from "./look.ts";
import type { Screen } from "./site.ts";

const press = (selector: string, nth = 0) => (walker: Walker): Promise<void> => walker.press(selector, nth);
/** By keyboard alone: into the grid, along it, and open. */
const openByKeys = async ({ page }: Walker): Promise<void> => {
  await page.locator("[role=grid] [data-at='0/0']").first().focus();
  for (const key of ["ArrowDown", "End", "Home", "ArrowRight"]) await page.keyboard.press(key);
  await page.locator("[role=grid] td.full").first().focus();
  await page.keyboard.press("Enter");
};

/** What is further down comes when somebody scrolls there. */
const further = (selector: string) => async (walker: Walker): Promise<void> => {
  for (let i = 0; i < 4; i++) {
    await walker.page.evaluate(() => scrollBy(0, innerHeight));
    await walker.settle();
  }
  await walker.press(selector);
};

export const PERSON_READING: Screen[] = [
  { name: "person cell", hash: (p) => p.first, act: openByKeys },
  { name: "person table", hash: (p) => p.first, act: further(".chart header .btn") },
  { name: "person day", hash: (p) => p.first, act: further(".strip-heat td.full") },
  { name: "person charts", hash: (p) => `${p.first}/charts`, dark: true },
  { name: "person compare", hash: (p) => `${p.first}/charts`, act: press(".spans .chip:last-child") },
  { name: "person trend table", hash: (p) => `${p.first}/charts`, act: async (walker) => {
    await walker.page.locator(".chart").last().scrollIntoViewIfNeeded();
    await walker.settle();
    for (const button of await walker.page.locator(".chart header .btn").all()) await button.click();
  } },
  { name: "person adherence", hash: (p) => `${p.first}/adherence`, dark: true },
  { name: "person windows", hash: (p) => `${p.first}/adherence`, act: press(".figures .btn") },
  { name: "person asked", hash: (p) => `${p.first}/adherence?kind=dose` },
  { name: "person reminders", hash: (p) => `${p.first}/reminders` },
];

export const PERSON_WRITING: Screen[] = [
  { name: "schedule hold", hash: (p) => `${p.first}/schedules`, act: press(".wait-row .acts .btn:has(.icon)") },
  { name: "visit plan", hash: (p) => `${p.first}/schedules`, act: press(".cols2 .panel header .btn") },
  { name: "visit form", hash: (p) => `${p.first}/schedules`, act: press(".cols2 .panel header .btn", 1) },
  { name: "record pause", hash: (p) => `${p.first}/person`, act: async (walker) => {
    await walker.press(".panel header .btn");
    await walker.press("dialog .chip", 3);
  } },
  { name: "record code shown", hash: (p) => `${p.first}/person`, act: async (walker) => {
    await walker.press(".panel header .btn", 3);
    await walker.press("dialog .main-act");
  } },
];
