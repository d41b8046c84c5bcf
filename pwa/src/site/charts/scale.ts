/** From values to places on a drawing, and the ticks between. */
export type Scale = (value: number) => number;

export function linear(from: number, to: number, start: number, end: number): Scale {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

export function logarithmic(from: number, to: number, start: number, end: number): Scale {
  const place = linear(Math.log(from), Math.log(to), start, end);
  return (value) => place(Math.log(value));
}

/** Days between two calendar days. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

/** The middle of each day's place. */
export function dayScale(span: { from: string; to: string }, start: number, end: number): (day: string) => number {
  const place = linear(dayNumber(span.from), dayNumber(span.to) + 1, start, end);
  return (day) => place(dayNumber(day) + 0.5);
}

/** The first day of each month in the span. */
export function monthStarts(span: { from: string; to: string }): string[] {
  const found: string[] = [];
  let [year = 0, month = 0] = span.from.split("-").map(Number);
  for (;;) {
    const day = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`;
    if (day > span.to) return found;
    if (day >= span.from) found.push(day);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}

/** A round number that is not below any value: 1, 2, 5 times a power of ten. */
export function roundUp(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}
