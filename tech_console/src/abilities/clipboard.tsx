// Text between the two clipboards. Nothing is read from the technician's own but on a press of *Paste to host* or Ctrl + V in its field,
// and nothing is written to it but on *Copy*. What comes from the instrument is plain text in a field, and gone with the right.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import {
  CLIPBOARD,
  CLIPBOARD_ASK_FROM,
  CLIPBOARD_ASK_TO,
  CLIPBOARD_FETCH,
  CLIPBOARD_FETCHED,
  CLIPBOARD_FIELD,
  CLIPBOARD_PASTE,
} from "../app/ids";
import type { Say } from "../app/texts";
import type { VisitShell } from "../app/visit_shell";
import type { ClosedHere } from "../core/closed";
import type { VisitView } from "../core/visit";
import { Permission } from "../wire.gen";

interface PanelProps {
  readonly say: Say;
  readonly visit: VisitShell;
  readonly view: VisitView;
  readonly closed: ClosedHere;
}

export function ClipboardPanel({ say, visit, view, closed }: PanelProps): JSX.Element {
  const { put, fetch } = visit.clipboard.view;
  return (
    <aside class="chat" id={CLIPBOARD} data-put={put.state} data-fetch={fetch.state} aria-label={say("console-clipboard-title")}>
      <h2>{say("console-clipboard-title")}</h2>
      <Right say={say} visit={visit} view={view} closed={closed} permission={Permission.CLIPBOARD_TO_HOST} id={CLIPBOARD_ASK_TO} ask="console-clipboard-ask-to">
        <Paste say={say} visit={visit} />
      </Right>
      <Right say={say} visit={visit} view={view} closed={closed} permission={Permission.CLIPBOARD_FROM_HOST} id={CLIPBOARD_ASK_FROM} ask="console-clipboard-ask-from">
        <Fetch say={say} visit={visit} />
      </Right>
    </aside>
  );
}

interface RightProps extends PanelProps {
  readonly permission: Permission;
  readonly id: string;
  readonly ask: string;
  readonly children: JSX.Element;
}

/** One direction: what it does when it is allowed, else the way to ask for it and why it is not. */
function Right({ say, visit, view, closed, permission, id, ask, children }: RightProps): JSX.Element {
  if (view.granted.includes(permission)) return <fieldset disabled={view.phase !== "viewing"}>{children}</fieldset>;
  const last = view.askings.findLast((each) => each.permission === permission);
  const open = last?.answer === "open";
  const shut = open ? undefined : closed.get(permission);
  const refused = shut ?? last?.reason ?? null;
  return (
    <section>
      <button id={id} type="button" disabled={open || view.phase !== "viewing" || shut !== undefined} onClick={() => visit.ask(permission)}>
        {say(ask)}
      </button>
      <p role="status" class="why">
        {open ? say("console-clipboard-asking") : null}
        {refused === null ? null : say("console-clipboard-refused", { reason: say(`reason-${refused}`) })}
        {last?.answer === "withdrawn" ? say("console-clipboard-withdrawn") : null}
      </p>
    </section>
  );
}

function Paste({ say, visit }: { say: Say; visit: VisitShell }): JSX.Element {
  const [denied, setDenied] = useState(false);
  const { state, letters } = visit.clipboard.view.put;
  const press = () => {
    setDenied(false);
    navigator.clipboard.readText().then(
      (text) => visit.paste(text),
      () => setDenied(true),
    );
  };
  return (
    <>
      <button id={CLIPBOARD_PASTE} type="button" class="main" onClick={press}>
        {say("console-clipboard-paste")}
      </button>
      <label for={CLIPBOARD_FIELD}>{say("console-clipboard-field")}</label>
      <input
        id={CLIPBOARD_FIELD}
        value=""
        autocomplete="off"
        onInput={(event) => (event.currentTarget.value = "")}
        onPaste={(event) => {
          event.preventDefault();
          setDenied(false);
          visit.paste(event.clipboardData?.getData("text/plain") ?? "");
        }}
      />
      <p role="status" class="why">
        {denied ? say("console-clipboard-put-denied") : state === "none" ? null : say(`console-clipboard-put-${state}`, { letters })}
      </p>
    </>
  );
}

function Fetch({ say, visit }: { say: Say; visit: VisitShell }): JSX.Element {
  const [copied, setCopied] = useState("");
  const { state, text, why } = visit.clipboard.view.fetch;
  return (
    <>
      <button id={CLIPBOARD_FETCH} type="button" class="main" disabled={state === "asked"} onClick={() => visit.fetchCopied()}>
        {say("console-clipboard-fetch")}
      </button>
      <p role="status" class="why">
        {state === "asked" || state === "here" ? say(`console-clipboard-fetch-${state}`) : null}
        {why === null ? null : say(`clipboard-missing-${why}`)}
      </p>
      {state === "here" ? (
        <>
          <textarea id={CLIPBOARD_FETCHED} readOnly rows={8} dir="auto" aria-label={say("console-clipboard-fetch-here")} value={text} />
          <div class="actions">
            <button type="button" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}>
              {say(copied === text ? "console-clipboard-copied" : "console-clipboard-copy")}
            </button>
            <button type="button" class="plain" onClick={() => visit.putCopiedAway()}>
              {say("console-clipboard-away")}
            </button>
          </div>
        </>
      ) : null}
    </>
  );
}
