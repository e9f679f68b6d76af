// My instruments, and helping somebody: code, reason, case reference and the technician's own words.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { LIMITS, Purpose, Reason } from "../../wire.gen";
import { grouped, splitCode } from "../../core/code";
import { ReturningCard } from "../../abilities/restart";
import { mayAsk, type Console } from "../console";
import { CASE_REFERENCE, CLAIM, CODE, CONFIRM_FACTOR, FACTOR, HELP, LINK, PURPOSE, TOTP, WORDS } from "../ids";
import { Field, onSubmit, Problem, PurposeField, TotpField, useFirstFocus } from "../parts";
import { Instruments } from "./instruments";
import { Fingerprint } from "./invitation";

export function Home({ of }: { of: Console }): JSX.Element {
  const { factorWanted, recovered, me } = of.state;
  return (
    <div class="columns">
      {recovered && me !== null ? (
        <p class="notice" role="status">
          {of.state.say("console-recovery-used", { left: me.recovery_left })}
        </p>
      ) : null}
      <ReturningCard of={of} />
      {factorWanted ? <FreshFactor of={of} /> : <Help of={of} open={mayAsk(of.state)} />}
      <section class="card">
        <h2>{of.state.say("console-instruments")}</h2>
        <Link of={of} />
        <Instruments of={of} />
      </section>
    </div>
  );
}

/** Whether the broker is there and has proven itself; if not, why, and what to do. */
function Link({ of }: { of: Console }): JSX.Element {
  const { say, link, linkReason, fingerprint, logSeen } = of.state;
  const unknown = linkReason === Reason.DEVICE_NOT_RECOGNISED;
  const words = linkReason === null ? `link-${link}` : isReason(linkReason) ? `reason-${linkReason}` : `control-${linkReason}`;
  return (
    <div id={LINK} class={`link ${link === "open" && !mayAsk(of.state) ? "lost" : link}`} data-state={link} data-reason={linkReason ?? ""} data-log={logSeen ?? ""} role="status">
      <p>{say(words)}</p>
      {link === "open" && logSeen !== null ? <p class="hint">{say("console-log-seen", { entries: logSeen })}</p> : null}
      {unknown && fingerprint !== null ? (
        <>
          <p>{say("console-device-read")}</p>
          <Fingerprint say={say} digits={fingerprint} />
        </>
      ) : null}
      {unknown && fingerprint === null ? <p>{say("console-device-none")}</p> : null}
      {(link === "lost" || link === "replaced") && fingerprint !== null ? (
        <button type="button" class="plain" onClick={() => of.retryLink()}>
          {say(link === "replaced" ? "console-use-here" : "console-retry")}
        </button>
      ) : null}
    </div>
  );
}

function isReason(why: string): why is Reason {
  return (Object.values(Reason) as string[]).includes(why);
}

function Help({ of, open }: { of: Console; open: boolean }): JSX.Element {
  const { say, busy, problem } = of.state;
  const place = useFirstFocus<HTMLInputElement>();
  const [typed, setTyped] = useState("");
  const [purpose, setPurpose] = useState<Purpose>(Purpose.FAULT);
  const [reference, setReference] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    if (problem !== null) place.current?.focus(); // what was typed is gone: the next try begins with the code
  }, [problem, place]);
  const code = splitCode(typed);
  const submit = () => {
    if (code === null) return;
    of.claim({ code, purpose, caseReference: reference.trim(), words: words.trim() });
    setTyped(""); // the code has gone where it is used, and is on the page no longer
  };
  return (
    <section class="card" id={HELP}>
      <h1>{say("console-help-title")}</h1>
      <p class="lead">{say("console-help-lead")}</p>
      <Problem say={say} reason={problem} />
      <form onSubmit={onSubmit(submit)} autocomplete="off">
        <Field id={CODE} label={say("console-code")} hint={say("console-code-hint")}>
          <input
            id={CODE}
            ref={place}
            class="code"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            placeholder="482-913 K7QF-2M9X"
            aria-describedby={`${CODE}-hint`}
            value={typed}
            onInput={(event) => {
              event.currentTarget.value = grouped(event.currentTarget.value);
              setTyped(event.currentTarget.value);
            }}
          />
        </Field>
        <div class="pair">
          <PurposeField say={say} id={PURPOSE} value={purpose} set={setPurpose} />
          <Field id={CASE_REFERENCE} label={say("console-case")}>
            <input
              id={CASE_REFERENCE}
              autocomplete="off"
              required
              maxLength={64}
              value={reference}
              onInput={(event) => setReference(event.currentTarget.value)}
            />
          </Field>
        </div>
        <Field id={WORDS} label={say("console-words")} hint={say("console-words-hint")}>
          <textarea
            id={WORDS}
            rows={3}
            maxLength={LIMITS.FREE_TEXT_MAX}
            aria-describedby={`${WORDS}-hint`}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </Field>
        <div class="actions">
          <button id={CLAIM} type="submit" class="main" disabled={busy || !open || code === null || reference.trim() === ""}>
            {say("console-claim")}
          </button>
          {busy ? <span class="quiet">{say("console-claiming")}</span> : null}
        </div>
      </form>
    </section>
  );
}

/** Admission wants a second factor of the last five minutes; what was asked goes out again after it. */
export function FreshFactor({ of }: { of: Console }): JSX.Element {
  const { say, busy, problem } = of.state;
  const [totp, setTotp] = useState("");
  const submit = async () => {
    await of.confirmFactor(totp);
    setTotp("");
  };
  return (
    <section class="card" id={FACTOR}>
      <h1>{say("console-factor-title")}</h1>
      <p class="lead">{say("reason-second_factor_stale")}</p>
      <Problem say={say} reason={problem} />
      <form onSubmit={onSubmit(() => void submit())}>
        <TotpField say={say} id={TOTP} value={totp} set={setTotp} first />
        <div class="actions">
          <button id={CONFIRM_FACTOR} type="submit" class="main" disabled={busy || totp.length !== 6}>
            {say("console-continue")}
          </button>
          <button type="button" class="plain" onClick={() => of.cancelFactor()}>
            {say("console-cancel")}
          </button>
        </div>
      </form>
    </section>
  );
}
