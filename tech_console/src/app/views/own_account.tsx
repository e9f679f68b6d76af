// What a technician changes of his own: password, recovery codes, authenticator app. The broker wants a fresh second factor for each.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Reason, type SignedIn } from "../../wire.gen";
import { isReason, post } from "../broker";
import type { Console } from "../console";
import { BACK, CHANGE_PASSWORD, CONFIRM, NEW_RECOVERY, OWN_ACCOUNT, PASSWORD, REPLACE_FACTOR, TOTP, TOTP_SECRET } from "../ids";
import { Field, onSubmit, Problem, QrCode, TotpField, useFirstFocus } from "../parts";
import { refusalOf, type Refusal } from "../refusal";
import { NewPassword } from "./new_password";
import { RecoveryCodes } from "./recovery";

export function OwnAccount({ of, me }: { of: Console; me: SignedIn }): JSX.Element {
  const { say } = of.state;
  const place = useFirstFocus<HTMLInputElement>();
  const [problem, setProblem] = useState<Refusal>(null);
  const [done, setDone] = useState("");
  const [password, setPassword] = useState("");
  const act = async (what: () => Promise<Refusal>, said: string) => {
    setDone("");
    const refused = await refusalOf(what);
    if (refused === Reason.SECOND_FACTOR_STALE) of.wantFactor();
    setProblem(refused);
    if (refused === null) setDone(say(said));
  };
  const part = { of, me, act, password };
  return (
    <section class="card" id={OWN_ACCOUNT}>
      <h1>{say("console-own-title")}</h1>
      <Problem say={say} reason={problem} />
      <p role="status">{done}</p>
      <Field id={PASSWORD} label={say("console-password-now")}>
        <input
          id={PASSWORD}
          ref={place}
          type="password"
          autocomplete="current-password"
          maxLength={256}
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </Field>
      <ChangePassword {...part} />
      <NewRecoveryCodes {...part} />
      <AnotherApp {...part} />
      <div class="actions">
        <button id={BACK} type="button" class="plain" onClick={() => of.goHome()}>
          {say("console-back")}
        </button>
      </div>
    </section>
  );
}

interface PartProps {
  readonly of: Console;
  readonly me: SignedIn;
  readonly password: string;
  readonly act: (what: () => Promise<Refusal>, said: string) => Promise<void>;
}

function ChangePassword({ of, me, act, password }: PartProps): JSX.Element {
  const { say } = of.state;
  const [chosen, setChosen] = useState<string | null>(null);
  const change = async () => {
    const said = { type: "password_change", password, new_password: chosen ?? "" } as const;
    const answer = await post(of.config, "/api/password", said, "done");
    return isReason(answer) ? answer : null;
  };
  return (
    <form onSubmit={onSubmit(() => void act(change, "console-password-changed"))}>
      <h2>{say("console-password-change")}</h2>
      <NewPassword say={say} about={[...me.name.split(" "), me.company]} terms={me.password_terms} chosen={setChosen} first={false} />
      <div class="actions">
        <button id={CHANGE_PASSWORD} type="submit" class="main" disabled={chosen === null || password === ""}>
          {say("console-password-change")}
        </button>
      </div>
    </form>
  );
}

function NewRecoveryCodes({ of, me, act }: PartProps): JSX.Element {
  const { say } = of.state;
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const make = async () => {
    const answer = await post(of.config, "/api/recovery-codes", { type: "done" }, "recovery_codes");
    if (isReason(answer)) return answer;
    setCodes(answer.codes);
    return null;
  };
  return (
    <div>
      {codes === null ? <h2>{say("console-recovery-title")}</h2> : <RecoveryCodes say={say} codes={codes} />}
      {codes === null ? <p>{say("console-recovery-left", { left: me.recovery_left })}</p> : null}
      <div class="actions">
        <button id={NEW_RECOVERY} type="button" class="plain" onClick={() => void act(make, "console-recovery-made")}>
          {say("console-recovery-new")}
        </button>
      </div>
    </div>
  );
}

function AnotherApp({ of, act, password }: PartProps): JSX.Element {
  const { say } = of.state;
  const [issued, setIssued] = useState<{ readonly secret: string; readonly otpauth: string } | null>(null);
  const [totp, setTotp] = useState("");
  const begin = async () => {
    const answer = await post(of.config, "/api/factor/replace", { type: "factor_replace", password }, "totp_issued");
    if (isReason(answer)) return answer;
    setIssued(answer);
    return null;
  };
  const finish = async () => {
    const answer = await post(of.config, "/api/factor/replaced", { type: "factor_confirm", totp }, "done");
    setTotp("");
    if (isReason(answer)) return answer;
    setIssued(null);
    return null;
  };
  return (
    <div>
      <h2>{say("console-app-title")}</h2>
      {issued === null ? (
        <div class="actions">
          <button id={REPLACE_FACTOR} type="button" class="plain" disabled={password === ""} onClick={() => void act(begin, "console-factor-scan")}>
            {say("console-app-new")}
          </button>
        </div>
      ) : (
        <form onSubmit={onSubmit(() => void act(finish, "console-app-replaced"))}>
          <div class="factor">
            <QrCode text={issued.otpauth} label={say("console-factor-qr")} />
            <div>
              <p class="hint">{say("console-factor-secret")}</p>
              <code id={TOTP_SECRET} class="secret">
                {(issued.secret.match(/.{1,4}/g) ?? []).join(" ")}
              </code>
            </div>
          </div>
          <TotpField say={say} id={TOTP} value={totp} set={setTotp} first />
          <div class="actions">
            <button id={CONFIRM} type="submit" class="main" disabled={totp.length !== 6}>
              {say("console-continue")}
            </button>
          </div>
        </form>
      )}
    </div>
  );
}
