/** The calendar: a file that rings without a network, and an address that follows changes. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Feed } from "../../api/push.ts";
import { NoAnswer, Refusal } from "../../api/client.ts";
import { Icon, Mend } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import { useApp } from "../app-context.tsx";
import { phoneZone } from "../diary.ts";
import { sentenceFor } from "../screens/entrance.tsx";
import { dayInWords, momentInWords } from "../when.ts";
import { useWords } from "./words.ts";

export function CalendarPart({ recommended }: { recommended: boolean }): JSX.Element {
  const w = useWords();
  return (
    <section class="card stack" aria-labelledby="calendar-title">
      <h2 id="calendar-title">{w.calendar.title}</h2>
      {recommended ? <p class="tag"><Icon name="check" />{w.calendar.recommended}</p> : null}
      <p>{w.calendar.lead}</p>
      <a class="btn" href="/api/patient/calendar.ics" download="diary.ics"><Icon name="today" />{w.calendar.file}</a>
      <p class="meta">{w.calendar.fileLead}</p>
      <FeedPart />
    </section>
  );
}

function FeedPart(): JSX.Element {
  const { t, diary, toast } = useApp();
  const w = useWords();
  const [feed, setFeed] = useState<Feed | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof NoAnswer)) throw error;
      setProblem(sentenceFor(error, t));
    }
  };
  const read = async (): Promise<void> => setFeed((await diary.call("GET", "/api/patient/calendar-feed")) as Feed);
  useEffect(() => void read().catch(() => undefined), []);
  const make = async (): Promise<void> => {
    setUrl(((await diary.call("POST", "/api/patient/calendar-feed")) as { url: string }).url);
    await read();
  };
  const revoke = async (): Promise<void> => {
    await diary.call("POST", "/api/patient/calendar-feed/revoke");
    setUrl(null);
    await read();
    toast(w.calendar.revoked);
  };
  const copy = async (address: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      toast(w.calendar.copied);
    } catch {
      // No clipboard here: the address stands in its field, to be marked by hand.
      document.querySelector<HTMLInputElement>("#feed-url")?.select();
    }
  };
  const words = (at: string): string => momentInWords(local(Date.parse(at), phoneZone()), Date.now(), t);
  const since = feed?.created_at ?? null;
  return (
    <>
      <h3>{w.calendar.feedTitle}</h3>
      <p class="meta">{w.calendar.feedLead}</p>
      {url === null ? null : (
        <div class="field">
          <label for="feed-url">{w.calendar.once}</label>
          <input id="feed-url" class="input" readOnly value={url} onFocus={(e) => e.currentTarget.select()} />
          <button type="button" class="btn" onClick={() => void copy(url)}>{w.calendar.copy}</button>
        </div>
      )}
      {since === null ? null : <p class="meta">{w.calendar.live(dayInWords(local(Date.parse(since), phoneZone()).day, t))} {feed?.read_at == null ? w.calendar.unread : w.calendar.read(words(feed.read_at))}</p>}
      <Mend text={problem} />
      <div class="row">
        <button type="button" class="btn" onClick={() => void attempt(make)}>{since === null ? w.calendar.make : w.calendar.anew}</button>
        {since === null ? null : <button type="button" class="btn danger" onClick={() => void attempt(revoke)}>{w.calendar.revoke}</button>}
      </div>
    </>
  );
}
