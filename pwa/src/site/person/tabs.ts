/** What a participant's first page does not need: further pages and dialogs, fetched when it stands. */
export { AdherenceTab } from "./adherence-tab.tsx";
export { CareTab } from "./care-tab.tsx";
export { ChartsTab } from "./charts-tab.tsx";
export { RemindersTab } from "./reminders-tab.tsx";
export { RecordTab } from "../screens/record.tsx";
export { DiaryTab } from "../screens/diary.tsx";
export { EntryDrawer } from "../screens/entry-drawer.tsx";
export { StaffEntryDialog } from "../screens/staff-entry.tsx";
export { WaitingTab } from "../screens/waiting.tsx";
