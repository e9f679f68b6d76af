// What the two people write to each other, beside the picture. Every message is plain text in a direction of its own: nothing in it is a
// link or mark-up, and nothing of it can turn what stands around it. It is kept nowhere but here, and gone with the visit.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { CHAT, CHAT_FIELD, CHAT_LINES, CHAT_OPEN, CHAT_SEND } from "../app/ids";
import { onSubmit } from "../app/parts";
import type { Say } from "../app/texts";
import type { ChatLine, ChatView, NotSent } from "../core/chat";

/** How many messages are not read yet, and that the panel is open or not. */
export interface ChatState {
  readonly open: boolean;
  readonly unread: number;
  readonly toggle: () => void;
}

/** The panel is open until it is put away, and counts what came meanwhile. */
export function useChat(view: ChatView): ChatState {
  const [open, setOpen] = useState(false);
  const [read, setRead] = useState(0);
  const newest = view.lines.findLast((line) => !line.mine)?.number ?? 0;
  useEffect(() => (open ? setRead(newest) : undefined), [open, newest]);
  const unread = open ? 0 : view.lines.filter((line) => !line.mine && line.number > read).length;
  return { open, unread, toggle: () => setOpen(!open) };
}

interface ButtonProps {
  readonly say: Say;
  readonly view: ChatView;
  readonly state: ChatState;
}

/** The way to the messages. Where they are closed it is still there, because it says why. */
export function ChatButton({ say, view, state }: ButtonProps): JSX.Element {
  const fresh = state.unread > 0;
  return (
    <button
      id={CHAT_OPEN}
      type="button"
      class={fresh ? "unread" : "plain"}
      aria-expanded={state.open}
      aria-controls={CHAT}
      disabled={view.standing === "unknown"}
      data-unread={state.unread}
      onClick={state.toggle}
    >
      {say("console-chat-open", { unread: state.unread })}
    </button>
  );
}

const NOT_SENT: Readonly<Record<NotSent, string>> = {
  too_fast: "reason-too_fast",
  too_long: "console-chat-too-long",
  apart: "console-chat-apart",
};

interface PanelProps {
  readonly say: Say;
  readonly view: ChatView;
  readonly host: string;
  readonly send: (text: string) => void;
}

export function ChatPanel({ say, view, host, send }: PanelProps): JSX.Element {
  return (
    <aside class="chat" id={CHAT} data-standing={view.standing} data-reason={view.reason ?? ""} aria-label={say("console-chat-title")}>
      <h2>{say("console-chat-title")}</h2>
      <Lines say={say} host={host} lines={view.lines} />
      {view.standing === "open" ? <Write say={say} view={view} send={send} /> : null}
      <p class="why" role="status">
        {view.reason !== null && view.standing === "closed" ? say("console-chat-closed", { reason: say(`reason-${view.reason}`) }) : ""}
        {view.notSent === null ? "" : say(NOT_SENT[view.notSent])}
      </p>
    </aside>
  );
}

/** Newest at the end, and in sight. */
function Lines({ say, host, lines }: { say: Say; host: string; lines: readonly ChatLine[] }): JSX.Element {
  const place = useRef<HTMLOListElement>(null);
  const newest = lines.at(-1)?.number ?? 0;
  useEffect(() => place.current?.scrollTo(0, place.current.scrollHeight), [newest]);
  return (
    <ol id={CHAT_LINES} ref={place} aria-live="polite" aria-label={say("console-chat-lines")}>
      {lines.map(({ number, mine, text }) => (
        <li key={number} class={mine ? "mine" : "theirs"} data-mine={mine}>
          <span class="by">{mine ? say("console-chat-you") : host}</span>
          <p dir="auto">{text}</p>
        </li>
      ))}
    </ol>
  );
}

/** Enter sends, with Shift it is a new line. What was not sent stays in the field, and so does what was typed after it was sent. */
function Write({ say, view, send }: { say: Say; view: ChatView; send: (text: string) => void }): JSX.Element {
  const place = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState("");
  const sent = view.lines.findLast((line) => line.mine)?.number ?? 0;
  const last = useRef("");
  const submit = () => {
    last.current = typed;
    send(typed);
  };
  useLayoutEffect(() => place.current?.focus(), []);
  useEffect(() => {
    const gone = last.current;
    last.current = ""; // once: what is begun may happen to begin alike
    setTyped((now) => (now.startsWith(gone) ? now.slice(gone.length) : now));
  }, [sent]);
  return (
    <form onSubmit={onSubmit(submit)} autocomplete="off">
      <label for={CHAT_FIELD}>{say("console-chat-field")}</label>
      <textarea
        id={CHAT_FIELD}
        ref={place}
        rows={3}
        dir="auto"
        autocomplete="off"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <button id={CHAT_SEND} type="submit" class="main" disabled={typed.trim() === ""}>
        {say("console-chat-send")}
      </button>
    </form>
  );
}
