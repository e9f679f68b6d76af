// Restarting the instrument PC: the button that asks for it, what is said meanwhile, and the card of the way back.

import type { JSX } from "preact";

import { Permission } from "../wire.gen";
import type { ClosedHere } from "../core/closed";
import type { VisitView } from "../core/visit";
import type { Console } from "../app/console";
import { CLOSED, RESTART, RETURNING, RETURNING_DROP } from "../app/ids";
import type { Say } from "../app/texts";

type Restart = "none" | "asking" | "waiting";

function restartOf(view: VisitView): Restart {
  if (view.granted.includes(Permission.RESTART)) return "waiting";
  return view.askings.some((each) => each.permission === Permission.RESTART && each.answer === "open") ? "asking" : "none";
}

interface ButtonProps {
  readonly say: Say;
  readonly view: VisitView;
  readonly closed: ClosedHere;
  readonly ask: () => void;
}

export function RestartButton({ say, view, closed, ask }: ButtonProps): JSX.Element {
  const restart = restartOf(view);
  const shut = closed.has(Permission.RESTART) && restart === "none";
  return (
    <button
      id={RESTART}
      type="button"
      class="plain"
      data-restart={restart}
      aria-describedby={shut ? CLOSED : undefined}
      disabled={restart !== "none" || view.phase !== "viewing" || shut}
      onClick={ask}
    >
      {say(restart === "none" ? "console-restart" : `console-restart-${restart}`)}
    </button>
  );
}

/** What there is to say of it now; null while the newest thing that was asked is something else. */
export function restartWords(say: Say, view: VisitView): string | null {
  const restart = restartOf(view);
  if (restart !== "none") return say(`console-restart-${restart}-long`);
  const last = view.askings.at(-1);
  if (last?.permission !== Permission.RESTART) return null;
  if (last.answer === "withdrawn") return say("console-restart-withdrawn");
  return last.reason === null ? null : say("console-restart-refused", { reason: say(`reason-${last.reason}`) });
}

/** While the instrument restarts: what happens by itself, until when, and the way to leave it. */
export function ReturningCard({ of }: { of: Console }): JSX.Element | null {
  const { say, returning, language } = of.state;
  if (returning === null) return null;
  const until = new Date(returning.until).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  return (
    <section class="card" id={RETURNING} data-state={returning.state} role="status">
      <h2>{say("console-returning-title", { host: returning.hostName })}</h2>
      <p>{say(`console-returning-${returning.state}`, { until })}</p>
      <div class="actions">
        <button id={RETURNING_DROP} type="button" class="plain" onClick={() => of.dropReturn()}>
          {say("console-returning-drop")}
        </button>
      </div>
    </section>
  );
}
