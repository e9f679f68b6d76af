// A visit: waiting with its reason, the picture with its head, the summary. What is shown follows core/visit.ts.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { ChatButton, ChatPanel, useChat, type ChatState } from "../../abilities/chat";
import { ClipboardPanel } from "../../abilities/clipboard";
import { RestartButton, restartWords } from "../../abilities/restart";
import { Notice, Permission } from "../../wire.gen";
import { closedHere, together, type ClosedHere } from "../../core/closed";
import { splitHalf } from "../../core/code";
import { Files } from "../../abilities/files";
import type { Asking, VisitView } from "../../core/visit";
import type { Console } from "../console";
import { CARRIER, CLIPBOARD, CLIPBOARD_OPEN, CLOSED, CONTROL, END, FILES_OPEN, NOTICE, RETYPE, RETYPE_SEND, SCALE, SECOND, STAY, VISIT } from "../ids";
import { clock, Field, onSubmit, useFirstFocus } from "../parts";
import type { Language, Say } from "../texts";
import type { VisitShell } from "../visit_shell";
import { ALL, MonitorChoice, useLayout } from "./monitors";
import { Picture } from "./picture";
import { Summary } from "./summary";

const HINT_MS = 4000;
/** What is said of a hand that is held; without one there is nothing to say. */
const OF_THE_HAND: ReadonlySet<Notice | null> = new Set([Notice.LOCAL_INPUT, Notice.LOCAL_QUIET]);

export function VisitPage({ of, visit }: { of: Console; visit: VisitShell }): JSX.Element {
  const { view } = visit;
  const chat = useChat(view.chat);
  if (view.phase === "ended") return <Summary of={of} visit={visit} view={view} />;
  const live = view.phase === "viewing" || view.phase === "paused" || view.phase === "reconnecting";
  const closed = closedHere(of.state.instruments, visit.hostId);
  const shown = { say: of.state.say, language: of.state.language, visit, view, chat, closed };
  return live ? <Live {...shown} /> : <Waiting {...shown} />;
}

interface Shown {
  readonly say: Say;
  readonly visit: VisitShell;
  readonly view: VisitView;
  readonly chat: ChatState;
  readonly language: Language;
  readonly closed: ClosedHere;
}

function controlOf(view: VisitView): "none" | "asking" | "held" {
  if (view.granted.includes(Permission.CONTROL)) return "held";
  return view.askings.some((each) => each.permission === Permission.CONTROL && each.answer === "open") ? "asking" : "none";
}

/** Who has the hand, in a word: *held* when it is the person at the instrument. */
function stateOf(view: VisitView, control: string): "held" | "controlling" | VisitView["phase"] {
  if (view.phase !== "viewing" || control !== "held") return view.phase;
  return view.notice === Notice.LOCAL_INPUT ? "held" : "controlling";
}

/** Before the picture: each step in words, so that a technician on the telephone can say what is going on. */
function Waiting({ say, visit, view, chat }: Shown): JSX.Element {
  const write = (text: string) => visit.write(text);
  const place = useFirstFocus<HTMLHeadingElement>();
  const steps = ["waiting", "agreeing", "asking"] as const;
  const at = { opening: 0, waiting: 0, agreeing: 1, retype: 1, proving: 1, asking: 2, viewing: 2, paused: 2, reconnecting: 2, ended: 2 }[view.phase];
  return (
    <section class="card narrow" id={VISIT} data-phase={view.phase} data-control="none">
      <h1 ref={place} tabIndex={-1}>
        {visit.hostName}
      </h1>
      <ol class="steps">
        {steps.map((step, index) => (
          <li key={step} class={index < at ? "past" : ""} aria-current={index === at ? "step" : undefined}>
            {say(`visit-step-${step}`)}
          </li>
        ))}
      </ol>
      <div role="status" class="waiting">
        <p>{say(`visit-${view.phase}`, { left: view.runsLeft ?? 0 })}</p>
      </div>
      {view.phase === "retype" ? <Retype say={say} visit={visit} /> : null}
      {view.phase === "asking" && chat.open ? <ChatPanel say={say} view={view.chat} host={visit.hostName} send={write} /> : null}
      <div class="actions">
        {view.phase === "asking" ? <ChatButton say={say} view={view.chat} state={chat} /> : null}
        <button id={END} type="button" class="plain" onClick={() => void visit.end()}>
          {say("console-cancel")}
        </button>
      </div>
    </section>
  );
}

/** What was typed serves one try: the last four characters are asked for again. */
function Retype({ say, visit }: { say: Say; visit: VisitShell }): JSX.Element {
  const place = useFirstFocus<HTMLInputElement>();
  const [typed, setTyped] = useState("");
  const half = splitHalf(typed);
  const submit = () => {
    if (half !== null) visit.typeAgain(half);
    setTyped("");
  };
  return (
    <form onSubmit={onSubmit(submit)} autocomplete="off">
      <Field id={RETYPE} label={say("console-retype")} hint={say("console-retype-hint")}>
        <input
          id={RETYPE}
          ref={place}
          class="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          required
          maxLength={9}
          aria-describedby={`${RETYPE}-hint`}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      <div class="actions">
        <button id={RETYPE_SEND} type="submit" class="main" disabled={half === null}>
          {say("console-continue")}
        </button>
      </div>
    </form>
  );
}

function Live({ say, language, visit, view, chat, closed }: Shown): JSX.Element {
  const place = useFirstFocus<HTMLHeadingElement>();
  const [fit, setFit] = useState(true);
  const [filesOpen, setFilesOpen] = useState(false);
  const [hint, setHint] = useState(false);
  const [copies, showCopies] = useState(false);
  const layout = useLayout(visit);
  const [chosen, choose] = useState(ALL);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const watches = view.second.viewOnly;
  const control = controlOf(view);
  const controlling = control === "held" && view.phase !== "reconnecting";
  const state = stateOf(view, control);
  const copiesClosed = closed.has(Permission.CLIPBOARD_TO_HOST) && closed.has(Permission.CLIPBOARD_FROM_HOST);
  const filesClosed = closed.has(Permission.FILE_TO_HOST) && closed.has(Permission.FILE_FROM_HOST);
  const controlClosed = closed.has(Permission.CONTROL) && control === "none";
  const refused = view.askings.findLast((each) => each.permission === Permission.CONTROL);
  const viewOnlyClick = () => {
    setHint(true);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setHint(false), HINT_MS);
  };
  return (
    <section class="visit" id={VISIT} data-phase={view.phase} data-control={control}>
      <div class="bar">
        <h1 ref={place} tabIndex={-1}>
          {visit.hostName}
        </h1>
        <span class={`state ${state}`} data-state={state}>
          {say(`visit-${state}`)}
        </span>
        <Elapsed say={say} since={view.since} />
        <Second say={say} view={view} />
        <CarrierLine say={say} carrier={view.carrier} />
        <span class="grow" />
        <MonitorChoice say={say} monitors={layout.monitors} chosen={chosen} choose={choose} />
        {watches ? null : (
          <>
            <button
              id={CLIPBOARD_OPEN}
              type="button"
              class="plain"
              aria-expanded={copies}
              aria-controls={CLIPBOARD}
              aria-describedby={copiesClosed ? CLOSED : undefined}
              disabled={copiesClosed && !copies}
              onClick={() => showCopies(!copies)}
            >
              {say("console-clipboard-open")}
            </button>
            <ChatButton say={say} view={view.chat} state={chat} />
          </>
        )}
        <button id={SCALE} type="button" class="plain" aria-pressed={!fit} onClick={() => setFit(!fit)}>
          {say(fit ? "console-scale-actual" : "console-scale-fit")}
        </button>
        {watches ? null : (
          <>
            <button
              id={CONTROL}
              type="button"
              aria-describedby={controlClosed ? CLOSED : undefined}
              disabled={control !== "none" || view.phase !== "viewing" || controlClosed}
              onClick={() => visit.ask(Permission.CONTROL)}
            >
              {say(control === "asking" ? "console-control-asking" : control === "held" ? "console-control-held" : "console-control")}
            </button>
            <button
              id={FILES_OPEN}
              type="button"
              class="plain"
              aria-expanded={filesOpen}
              aria-describedby={filesClosed ? CLOSED : undefined}
              disabled={filesClosed && !filesOpen}
              onClick={() => setFilesOpen(!filesOpen)}
            >
              {say("console-files")}
            </button>
            <RestartButton say={say} view={view} closed={closed} ask={() => visit.ask(Permission.RESTART)} />
          </>
        )}
        <button id={END} type="button" class="danger" onClick={() => void visit.end()}>
          {say(watches ? "console-watch-end" : "console-end")}
        </button>
      </div>
      {watches ? null : <ClosedLines say={say} language={language} closed={closed} />}
      <div id={NOTICE} class="notice" role="status" data-notice={view.notice ?? ""}>
        {words(say, view, control, refused, hint)}
        {view.notice === Notice.IDLE_WARNED ? (
          <button id={STAY} type="button" class="main" onClick={() => visit.stay()}>
            {say("console-keep-open")}
          </button>
        ) : null}
      </div>
      {filesOpen ? <Files say={say} files={visit.files} closed={closed} /> : null}
      <div class="beside">
        <Picture say={say} visit={visit} controls={controlling} fit={fit} layout={layout} chosen={chosen} viewOnlyClick={viewOnlyClick} />
        {copies ? <ClipboardPanel say={say} visit={visit} view={view} closed={closed} /> : null}
        {chat.open ? <ChatPanel say={say} view={view.chat} host={visit.hostName} send={(text) => visit.write(text)} /> : null}
      </div>
    </section>
  );
}

/** The one line under the head: what matters most now. */
function words(say: Say, view: VisitView, control: string, refused: Asking | undefined, hint: boolean): string {
  const past = view.notice === Notice.SCREEN_RESUMED || (control !== "held" && OF_THE_HAND.has(view.notice));
  if (view.notice !== null && !past) return say(`notice-${view.notice}`);
  if (view.phase === "paused" || view.phase === "reconnecting") return say(`visit-${view.phase}-long`);
  const restart = restartWords(say, view);
  if (restart !== null) return restart;
  if (view.second.viewOnly) return say("console-watch-how", { name: view.second.name, company: view.second.company });
  if (view.carrier === "waiting") return say("visit-carrier-waiting-long");
  if (control === "held") return say("console-control-how");
  if (control === "asking") return say("console-control-asking-long");
  if (hint) return say("console-view-only-click");
  if (refused?.answer === "withdrawn") return say("console-control-withdrawn");
  if (refused !== undefined && refused.reason !== null) return say("console-control-refused", { reason: say(`reason-${refused.reason}`) });
  return say("console-view-only");
}

/** What would be refused if it were asked for, and why: one sentence for each reason. */
function ClosedLines({ say, language, closed }: { say: Say; language: Language; closed: ClosedHere }): JSX.Element | null {
  if (closed.size === 0) return null;
  const list = new Intl.ListFormat(language);
  return (
    <div id={CLOSED} class="closed">
      {together(closed).map(({ reason, what }) => (
        <p key={reason} data-reason={reason}>
          {say("console-closed", { what: list.format(what.map((each) => say(`closed-${each}`))), reason: say(`reason-${reason}`) })}
        </p>
      ))}
    </div>
  );
}

/** Who else sees the screen, for the technician who is watched; whom, for somebody who watches. */
function Second({ say, view }: { say: Say; view: VisitView }): JSX.Element | null {
  const { viewOnly, name, company } = view.second;
  if (name === "") return null;
  return (
    <span id={SECOND} class="second" role="status" data-view-only={viewOnly}>
      {say(viewOnly ? "console-watching" : "console-watched", { name, company })}
    </span>
  );
}

function Elapsed({ say, since }: { say: Say; since: number | null }): JSX.Element | null {
  const [now, setNow] = useState(() => performance.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  if (since === null) return null;
  return (
    <span class="clock" role="timer" aria-label={say("console-elapsed")}>
      {clock(now - since)}
    </span>
  );
}

/** Which way content goes, once there is more than one. */
function CarrierLine({ say, carrier }: { say: Say; carrier: VisitView["carrier"] }): JSX.Element | null {
  if (carrier === null) return null;
  return (
    <span id={CARRIER} class="carrier" role="status" data-carrier={carrier}>
      {say(`visit-carrier-${carrier}`)}
    </span>
  );
}
