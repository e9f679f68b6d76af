// The visit is over: why, what was asked and answered, which files went, and where its receipt is.

import type { JSX } from "preact";

import { FilesThatWent } from "../../abilities/files";
import { ReturningCard } from "../../abilities/restart";
import { Answer, Permission } from "../../wire.gen";
import type { Asking, VisitView } from "../../core/visit";
import type { Console } from "../console";
import { BACK, RECEIPT, SUMMARY } from "../ids";
import { clock, useFirstFocus } from "../parts";
import type { Say } from "../texts";
import type { VisitShell } from "../visit_shell";

export function Summary({ of, visit, view }: { of: Console; visit: VisitShell; view: VisitView }): JSX.Element {
  const { say } = of.state;
  const place = useFirstFocus<HTMLHeadingElement>();
  const lasted = view.since === null || view.until === null ? null : view.until - view.since;
  const reason = view.reason ?? view.askings.find((each) => each.permission === Permission.VIEW)?.reason ?? null;
  return (
    <section class="card narrow" id={SUMMARY} data-cause={view.cause ?? ""} data-reason={reason ?? ""}>
      <h1 ref={place} tabIndex={-1}>
        {say("console-summary-title", { host: visit.hostName })}
      </h1>
      <p class="lead" role="status">
        {say(`end-${view.cause ?? "connection_lost"}`)}
      </p>
      {view.reason === null ? null : <p>{say(`reason-${view.reason}`)}</p>}
      <ReturningCard of={of} />
      <dl class="summary">
        <dt>{say("console-summary-duration")}</dt>
        <dd>{lasted === null ? say("console-summary-no-picture") : clock(lasted)}</dd>
        {view.askings.map((asking, index) => (
          <AskingLine key={index} say={say} asking={asking} />
        ))}
      </dl>
      <FilesThatWent say={say} files={visit.files} />
      <p id={RECEIPT} class="quiet">
        {say("console-summary-receipt", { session: visit.sessionId })}
      </p>
      <div class="actions">
        <button id={BACK} type="button" class="main" onClick={() => of.leaveVisit()}>
          {say("console-back")}
        </button>
      </div>
    </section>
  );
}

function AskingLine({ say, asking }: { say: Say; asking: Asking }): JSX.Element {
  const { permission, answer, reason } = asking;
  const refusal = reason === null || answer === Answer.ALLOW ? null : say(`reason-${reason}`);
  return (
    <>
      <dt>{say(`permission-${permission}`)}</dt>
      <dd data-permission={permission} data-answer={answer}>
        {refusal === null ? say(`answer-${answer}`) : say("console-summary-refused", { answer: say(`answer-${answer}`), reason: refusal })}
      </dd>
    </>
  );
}
