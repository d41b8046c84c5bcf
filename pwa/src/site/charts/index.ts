/** The charts, loaded when one of them is about to be seen. */
export { RangeBar } from "./range-bar.tsx";
export { SevereLine } from "./severe-line.tsx";
export { StandardDay } from "./standard-day-chart.tsx";
export { Thumbnails } from "./thumbnails.tsx";
export { Trend } from "./trend-chart.tsx";
export { pointsOf } from "./points.ts";
export { weeksOf } from "./trend.ts";
