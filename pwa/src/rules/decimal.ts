/** Exact decimals: a whole number of units of 10^-scale. Clinical values are never floats. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Reads `\d+(.\d+)?`; anything else is a mistake of the caller. */
export function decimal(text: string): Decimal {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new Error(`not a decimal: ${text}`);
  const fraction = match[2] ?? "";
  return { units: BigInt((match[1] ?? "") + fraction), scale: fraction.length };
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.units * 10n ** BigInt(scale - a.scale);
  const right = b.units * 10n ** BigInt(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

export const isBelow = (a: Decimal, limit: string): boolean => compare(a, decimal(limit)) < 0;
export const isAbove = (a: Decimal, limit: string): boolean => compare(a, decimal(limit)) > 0;

/** `a / b` or `a * b` rounded half up to `places`, as text: for showing another unit only. */
export function convert(a: Decimal, factor: Decimal, how: "times" | "by", places: number): string {
  const up = 10n ** BigInt(places + 1);
  const scaled = how === "times"
    ? (a.units * factor.units * up) / 10n ** BigInt(a.scale + factor.scale)
    : (a.units * up * 10n ** BigInt(factor.scale)) / (factor.units * 10n ** BigInt(a.scale));
  const rounded = (scaled + 5n) / 10n;
  const digits = rounded.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
