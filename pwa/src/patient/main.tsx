import { render } from "preact";
import { Root } from "./root.tsx";
import { Diary } from "./diary.ts";
import { watchInstall } from "./install.ts";
import { watchBadge } from "./badge.ts";
import { applyPreferences } from "./preferences.ts";
import { fetchLater } from "./later.tsx";
import { watchPush } from "./push.ts";
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
void diary.open().then((isOpen) => {
  if (!isOpen) return;
  sending.start();
  void fetchLater();
  watchBadge(diary);
  if ("serviceWorker" in navigator) watchPush(diary, sending);
});
startWorker(diary);
