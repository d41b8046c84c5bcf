/** "Test my reminders": every step of the way, and what to do where it stops. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PushState, Test } from "../../api/push.ts";
import { Icon, Mend } from "../../parts/basics.tsx";
import type { IconName } from "../../parts/drawings.ts";
import { useApp } from "../app-context.tsx";
import { ability } from "../push.ts";
import { sentenceFor } from "../screens/entrance.tsx";
import { breakOf, chainOf, isFine, type Standing } from "./chain.ts";
import { useWords } from "./words.ts";

const LOOK_EVERY_MS = 1_000;
/** The worker looks every second; a push that has not come by now will be too late for a dose as well. */
const WAIT_MS = 25_000;
const ICONS: Record<Standing, IconName> = { done: "check", wait: "wait", broken: "x", later: "clock" };

export function TestPart({ state, onState }: { state: PushState | null; onState: () => Promise<PushState | null> }): JSX.Element {
  const { t, diary } = useApp();
  const w = useWords();
  const [test, setTest] = useState<Test | null>(null);
  const [running, setRunning] = useState(false);
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const left = useRef(false);
  useEffect(() => () => { left.current = true; }, []);

  const run = async (): Promise<void> => {
    setRunning(true);
    setOver(false);
    setTest(null);
    setProblem(null);
    try {
      const known = await onState();
      let now = (await diary.call("POST", "/api/patient/push/tests")) as Test;
      const until = Date.now() + WAIT_MS;
      for (;;) {
        if (left.current) return;
        setTest(now);
        const chain = chainOf({ ability: ability(), state: known, test: now, isOver: false });
        if (isFine(chain) || breakOf(chain) !== null || Date.now() > until || now.id === null) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        now = (await diary.call("GET", `/api/patient/push/tests/${now.id}`)) as Test;
      }
      setOver(true);
    } catch (error) {
      setProblem(sentenceFor(error, t));
    } finally {
      setRunning(false);
    }
  };
  const chain = chainOf({ ability: ability(), state, test, isOver });
  const broken = test === null ? null : breakOf(chain);
  return (
    <section class="card stack" aria-labelledby="test-title">
      <h2 id="test-title">{w.test.title}</h2>
      <p class="meta">{w.test.lead}</p>
      {test === null ? null : (
        <ol class="chain" aria-live="polite">
          {chain.map(([step, standing]) => (
            <li key={step} class={standing}><Icon name={ICONS[standing]} /><span>{w.test.steps[step]}</span><span class="meta">{w.test.word[standing]}</span></li>
          ))}
        </ol>
      )}
      {isFine(chain) ? <p><b>{w.test.fine}</b></p> : broken === null ? null : <p><b>{w.test.breaks[broken]}</b></p>}
      <Mend text={problem} />
      <button type="button" class="btn" disabled={running} onClick={() => void run()}>{running ? w.test.going : test === null ? w.test.go : w.test.again}</button>
    </section>
  );
}
