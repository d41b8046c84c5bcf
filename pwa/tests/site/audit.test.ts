import { describe, expect, it } from "vitest";
import { auditField, auditValue } from "../../src/site/audit-words.ts";
import { loadDeskWords } from "../../src/text/site.ts";

const en = await loadDeskWords("en");
const zh = await loadDeskWords("zh-CN");
const NOW = Date.parse("2026-03-14T12:00:00Z");
const CHEN = "01234567-89ab-7cde-8f01-23456789abcd";
const PARK = "11234567-89ab-7cde-8f01-23456789abcd";

function value(object: string, field: string | null, text: string, t = en, login: string | null = "chen@example.org"): string {
  const people = [{ id: CHEN, role: "coordinator" as const, login }, { id: PARK, role: "investigator" as const, login }];
  return auditValue({ object, field }, text, people, "Asia/Shanghai", NOW, t);
}

describe("a value in the trail", () => {
  it("is a person by role and login, and by role alone where no names are seen", () => {
    expect(value("alert", "seen_by", CHEN)).toBe("Coordinator chen@example.org");
    expect(value("alert", "seen_by", CHEN, zh, null)).toBe("协调员");
  });
  it("is a list of people, or nobody, where it is a day of the roster", () => {
    expect(auditField({ object: "roster", field: "2026-03-15" }, en)).toBe("Sun 15 Mar");
    expect(value("roster", "2026-03-15", JSON.stringify([CHEN, PARK]), zh, null)).toBe("协调员、研究者");
    expect(value("roster", "2026-03-15", "[]")).toBe("none");
  });
  it("is a word of its own object: the same state means something else elsewhere", () => {
    expect([value("alert", "state", "open", zh), value("query", "state", "open", zh), value("account", "state", "open", zh)]).toEqual(["没人处理", "没回答", "已激活"]);
    expect(value("call", "outcome", "no_answer")).toBe("No answer");
    expect(value("zone_change", "state", "waiting", zh)).toBe("等医院看");
    expect(value("entry", "data.could_self_treat", "no")).toBe("No");
    expect(value("participant", "treated_by_carer", "1")).toBe("Yes");
  });
  it("is a moment at the site, a list of days, or what stands there", () => {
    expect(value("query", "closed_at", "2026-03-14T03:40:00.000Z")).toBe("Today 11:40");
    expect(value("participant", "transplant_days", '["2026-01-05","2026-02-06"]')).toBe("2026-01-05, 2026-02-06");
    expect(value("schedule", "title", "open")).toBe("open");
    expect(value("schedule", "hold", '{"day":"2026-03-15"}')).toBe('{"day":"2026-03-15"}');
    expect(value("entry", "data.treatment", '["food","glucose_gel"]')).toBe("Food, Glucose gel");
  });
  it("is never rewritten where somebody wrote it", () => {
    for (const written of ["no", "other", "[]", '["a"]', "[sic"]) expect(value("entry", "data.text", written, zh)).toBe(written);
  });
  it("has a name for its field in both languages", () => {
    expect(auditField({ object: "query", field: "closed_by" }, zh)).toBe("谁关闭");
    expect(auditField({ object: "entry", field: "data.value" }, en)).toBe("Value");
    expect(auditField({ object: "account", field: null }, en)).toBe("");
  });
});
