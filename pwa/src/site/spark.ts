/** Where the marks of the 14-day sparkline stand: the mean of each day on a log scale, 196 x 32. */
import type { Row } from "./api.ts";

export const SPARK = { width: 196, height: 32, lowMmol: 2, highMmol: 22, top: 2, foot: 30 } as const;
const LIMITS_MMOL = { from: 3.9, to: 10, veryHigh: 13.9 } as const;

export interface SparkMark {
  x: number;
  y: number;
  /** `open`: today, with no reading so far. */
  shape: "dot" | "up" | "severe" | "none" | "open";
}

export interface Spark {
  marks: SparkMark[];
  bandTop: number;
  bandFoot: number;
  readings: number;
  daysWith: number;
  daysWithout: number;
  severe: number;
}

export function sparkY(mmol: number): number {
  const { lowMmol, highMmol, top, foot } = SPARK;
  const inside = Math.min(highMmol, Math.max(lowMmol, mmol));
  return foot - ((foot - top) * Math.log(inside / lowMmol)) / Math.log(highMmol / lowMmol);
}

/** `days` are those shown, the oldest first, today last; a day that the row does not name had no reading. */
export function spark(of: Row["days"], days: readonly string[]): Spark {
  const named = new Map(of.map((day) => [day.day, day]));
  const step = SPARK.width / days.length;
  const shown = days.map((day) => named.get(day));
  const marks = shown.flatMap((day, i): SparkMark[] => {
    const x = Math.round((i + 0.5) * step * 10) / 10;
    if (day === undefined || day.readings === 0) return [{ x, y: SPARK.foot - 1, shape: i === days.length - 1 ? "open" : "none" }];
    const y = day.mean === null ? null : Math.round(sparkY(day.mean) * 10) / 10;
    const mean: SparkMark[] = y === null ? [] : [{ x, y, shape: (day.mean ?? 0) > LIMITS_MMOL.veryHigh ? "up" : "dot" }];
    return day.severe > 0 ? [...mean, { x, y: SPARK.foot - 4, shape: "severe" }] : mean;
  });
  const withReadings = shown.filter((day) => day !== undefined && day.readings > 0);
  const isOpen = marks.some((mark) => mark.shape === "open");
  return {
    marks, bandTop: sparkY(LIMITS_MMOL.to), bandFoot: sparkY(LIMITS_MMOL.from), daysWith: withReadings.length, daysWithout: days.length - withReadings.length - (isOpen ? 1 : 0),
    readings: withReadings.reduce((n, day) => n + (day?.readings ?? 0), 0), severe: shown.reduce((n, day) => n + (day?.severe ?? 0), 0),
  };
}
