// The alarm: the broker's log does not fit to what this browser holds of it. No visit begins before a person has read this,
// passed both texts on, and says so.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { LogDoubted } from "../../wire.gen";
import { saidBy, NoteInvalid } from "../../core/checkpoint";
import type { Console } from "../console";
import { BELIEVE, COPY_GIVEN, COPY_HELD, DOUBT, NOTE_GIVEN, NOTE_HELD } from "../ids";
import type { Say } from "../texts";

export function Alarm({ of }: { of: Console }): JSX.Element {
  const { say, doubted } = of.state;
  return (
    <section class={doubted === null ? "" : "alarm"} aria-label={doubted === null ? undefined : say("console-log-title")}>
      <div id={DOUBT} role="alert" data-doubt={doubted?.doubt ?? ""}>
        {doubted === null ? null : <Words say={say} doubted={doubted} />}
      </div>
      {doubted === null ? null : <Evidence of={of} doubted={doubted} />}
    </section>
  );
}

/** What is read out at once: the two texts are for copying. */
function Words({ say, doubted }: { say: Say; doubted: LogDoubted }): JSX.Element {
  const [held, given] = [entriesOf(doubted.held), entriesOf(doubted.given)];
  return (
    <>
      <h1>{say("console-log-title")}</h1>
      <p>{say("console-log-lead")}</p>
      <p>
        <strong>{say(`doubt-${doubted.doubt}`)}</strong>
        {held === null || given === null ? null : ` ${say("console-log-sizes", { held, given })}`}
      </p>
      <p>{say("console-log-what")}</p>
    </>
  );
}

function Evidence({ of, doubted }: { of: Console; doubted: LogDoubted }): JSX.Element {
  const { say } = of.state;
  return (
    <>
      <div class="notes">
        <Note say={say} id={NOTE_HELD} copy={COPY_HELD} label={say("console-log-held")} text={doubted.held} />
        <Note say={say} id={NOTE_GIVEN} copy={COPY_GIVEN} label={say("console-log-given")} text={doubted.given} />
      </div>
      <div class="actions">
        <button id={BELIEVE} type="button" class="danger" onClick={() => void of.believeLog()}>
          {say("console-log-believe")}
        </button>
      </div>
    </>
  );
}

interface NoteProps {
  readonly say: Say;
  readonly id: string;
  readonly copy: string;
  readonly label: string;
  readonly text: string;
}

/** One signed text, whole, and a button that copies it. */
function Note({ say, id, copy, label, text }: NoteProps): JSX.Element {
  const [copied, setCopied] = useState(false);
  const press = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div role="group" aria-labelledby={`${id}-label`}>
      <h2 id={`${id}-label`}>{label}</h2>
      {text === "" ? (
        <p>{say("console-log-nothing")}</p>
      ) : (
        <>
          <pre id={id}>{text}</pre>
          <button id={copy} type="button" class="plain" aria-describedby={`${id}-label`} onClick={() => void press()}>
            {say(copied ? "console-log-copied" : "console-log-copy")}
          </button>
        </>
      )}
    </div>
  );
}

/** How long a log is said to be, where that can be read. */
function entriesOf(note: string): number | null {
  try {
    return saidBy(note).size;
  } catch (fault) {
    if (fault instanceof NoteInvalid) return null;
    throw fault;
  }
}
