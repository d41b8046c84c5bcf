/** The further pages of a participant, loaded when one of them is opened. */
export { AdherenceTab } from "./adherence-tab.tsx";
export { CareTab } from "./care-tab.tsx";
export { ChartsTab } from "./charts-tab.tsx";
export { RemindersTab } from "./reminders-tab.tsx";
export { RecordTab } from "../screens/record.tsx";
