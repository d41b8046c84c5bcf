import { render } from "preact";
import { Root } from "./root.tsx";
import { Diary } from "./diary.ts";
import { watchInstall } from "./install.ts";
import { applyPreferences } from "./preferences.ts";
import { Sending } from "./sending.ts";
import { startWorker } from "./updates.ts";
import { Writing } from "./writing.ts";
import { watchLock } from "./auto-lock.ts";

const diary = new Diary();
const sending = new Sending(diary);
const writing = new Writing(diary, sending);

applyPreferences(diary.store.get().preferences);
watchInstall();
watchLock(diary);
const root = document.getElementById("root");
if (root !== null) render(<Root rooms={{ diary, sending, writing }} />, root);
void diary.open().then(() => sending.start());
startWorker(diary);
