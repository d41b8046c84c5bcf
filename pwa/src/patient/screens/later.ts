/** What is not needed to write a value or to help in a low: one file of its own, fetched when the diary stands. */
export { QuestionScreen } from "../reminders/question.tsx";
export { RemindersScreen } from "../reminders/screen.tsx";
export { Offer, TravelCard } from "./asked.tsx";
export { Choose } from "./choose.tsx";
export { EntryScreen } from "./entry.tsx";
export { Form } from "./form.tsx";
export { History } from "./history.tsx";
export { Settings } from "./settings.tsx";
export { WaitingScreen } from "./waiting.tsx";
