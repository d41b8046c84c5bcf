/** The cases that Python and TypeScript share. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const OWN = at("../../tests/cases/");
const SHARED = at("../../../shared/cases/severe_hypoglycaemia.csv");

export function ownCases(name: string): unknown {
  return JSON.parse(readFileSync(OWN + name, "utf8"));
}

export function ownCaseFiles(): string[] {
  return existsSync(OWN) ? readdirSync(OWN).filter((f) => f.endsWith(".json")) : [];
}

/** Rows of the shared cases, or null where the folder beside the project is not there. */
export function sharedSevereCases(): Record<string, string>[] | null {
  if (!existsSync(SHARED)) {
    process.stderr.write("\nNOT RUN: ../shared/cases/severe_hypoglycaemia.csv is not here.\n\n");
    return null;
  }
  const [head = [], ...rows] = parseCsv(readFileSync(SHARED, "utf8"));
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ""])));
}

export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split(/\r?\n/).filter((l) => l !== "")) {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1] ?? "");
    if (!line.endsWith(",")) cells.pop();
    rows.push(cells.map((c) => (c.startsWith('"') ? c.slice(1, -1).replaceAll('""', '"') : c)));
  }
  return rows;
}
