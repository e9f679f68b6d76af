// My instruments with their live state, and the request to be called where somebody has to press *Get help* first.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { HostState, Purpose, type Instrument } from "../../wire.gen";
import { mayAsk, type CallState, type Console } from "../console";
import { CALL_CASE, CALL_PURPOSE, CALL_SEND, INSTRUMENTS } from "../ids";
import { Field, onSubmit, PurposeField, useFirstFocus } from "../parts";
import type { Say } from "../texts";

const ORDER = [HostState.CALLING, HostState.VISITED, HostState.READY, HostState.OFFLINE] as const;
/** Where nobody shows a code and nobody is being helped. */
const MAY_CALL: ReadonlySet<HostState> = new Set([HostState.READY, HostState.OFFLINE]);

export function Instruments({ of }: { of: Console }): JSX.Element | null {
  const { say, instruments } = of.state;
  const [asking, setAsking] = useState<string | null>(null);
  if (instruments === null) return null;
  if (instruments.length === 0) return <p class="quiet">{say("console-instruments-none")}</p>;
  const sorted = instruments.toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || one.name.localeCompare(other.name));
  return (
    <ul id={INSTRUMENTS} class="instruments" aria-label={say("console-instruments")}>
      {sorted.map((each) => (
        <Line key={each.host_id} of={of} instrument={each} asking={asking === each.host_id} ask={setAsking} />
      ))}
    </ul>
  );
}

interface LineProps {
  readonly of: Console;
  readonly instrument: Instrument;
  readonly asking: boolean;
  readonly ask: (hostId: string | null) => void;
}

function Line({ of, instrument, asking, ask }: LineProps): JSX.Element {
  const { say, calls } = of.state;
  const { host_id: id, name, site, model, phi, state } = instrument;
  const call = calls.get(id);
  const mayCall = MAY_CALL.has(state) && mayAsk(of.state);
  return (
    <li data-host={id} data-state={state} data-call={call ?? ""}>
      <span class="what">
        <strong>{name}</strong>
        <span>{[model, site].filter((part) => part !== "").join(" · ")}</span>
      </span>
      {phi ? <span class="tag">{say("console-phi")}</span> : null}
      <span class={`state ${state}`}>{say(`host-state-${state}`)}</span>
      {mayCall && !asking ? (
        <button type="button" class="plain" aria-label={say("console-call-at", { instrument: name })} onClick={() => ask(id)}>
          {say("console-call")}
        </button>
      ) : null}
      {call === undefined ? null : <p class="call">{told(say, call)}</p>}
      {mayCall && asking ? <CallForm of={of} hostId={id} done={() => ask(null)} /> : null}
    </li>
  );
}

function told(say: Say, call: CallState): string {
  if (call === "unreachable") return say("console-unreachable");
  if (call === "sending" || call === "waiting" || call === "shown") return say(`console-call-${call}`);
  return say(`reason-${call}`);
}

/** Nothing is opened by it: the person at the instrument reads who asks, and calls. */
function CallForm({ of, hostId, done }: { of: Console; hostId: string; done: () => void }): JSX.Element {
  const { say } = of.state;
  const place = useFirstFocus<HTMLInputElement>();
  const [purpose, setPurpose] = useState<Purpose>(Purpose.FAULT);
  const [reference, setReference] = useState("");
  const submit = () => {
    void of.askForCall({ hostId, purpose, caseReference: reference.trim() });
    done();
  };
  return (
    <form class="call" onSubmit={onSubmit(submit)} autocomplete="off">
      <p class="hint">{say("console-call-lead")}</p>
      <div class="pair">
        <PurposeField say={say} id={CALL_PURPOSE} value={purpose} set={setPurpose} />
        <Field id={CALL_CASE} label={say("console-case")}>
          <input
            id={CALL_CASE}
            ref={place}
            autocomplete="off"
            required
            maxLength={64}
            value={reference}
            onInput={(event) => setReference(event.currentTarget.value)}
          />
        </Field>
      </div>
      <div class="actions">
        <button id={CALL_SEND} type="submit" class="main" disabled={reference.trim() === ""}>
          {say("console-call-send")}
        </button>
        <button type="button" class="plain" onClick={done}>
          {say("console-cancel")}
        </button>
      </div>
    </form>
  );
}
