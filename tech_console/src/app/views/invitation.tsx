// From an invitation to a recognised device: a password, a second factor, a key that never leaves this browser, and the
// fingerprint that the technician reads to the supervisor.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { AuthenticatorType, Label, type InvitationShown, type TotpIssued } from "../../wire.gen";
import type { Bytes } from "../../core/bytes";
import { fingerprint, makeDeviceKey, sign } from "../../core/statements";
import { isReason, post } from "../broker";
import type { Console } from "../console";
import { ACCEPT, CONFIRM, DONE, FINGERPRINT, TOTP, TOTP_SECRET } from "../ids";
import { deviceOf, keepDevice, keepTechnician, type Device } from "../memory";
import { onSubmit, Problem, QrCode, TotpField, useFirstFocus } from "../parts";
import { refusalOf, type Refusal } from "../refusal";
import type { Say } from "../texts";
import { NewPassword } from "./new_password";
import { RecoveryCodes } from "./recovery";

/** What the broker and this browser made: the key's fingerprint, and the recovery codes that are shown this once. */
interface Registered {
  readonly digits: readonly string[];
  readonly codes: readonly string[];
}

interface StepProps {
  readonly of: Console;
  readonly token: Bytes;
  readonly who: InvitationShown;
}

export function Invitation({ of, token }: { of: Console; token: Bytes }): JSX.Element {
  const { say } = of.state;
  const [who, setWho] = useState<InvitationShown | null>(null);
  const [problem, setProblem] = useState<Refusal>(null);
  const [issued, setIssued] = useState<TotpIssued | null>(null);
  const [registered, setRegistered] = useState<Registered | null>(null);
  useEffect(() => {
    const look = async () => {
      const shown = await post(of.config, "/api/invitation/look", { type: "invitation_look", token }, "invitation_shown");
      if (isReason(shown)) return shown;
      setWho(shown);
      return null;
    };
    void refusalOf(look).then(setProblem);
  }, [of, token]);
  return (
    <section class="card narrow">
      <h1>{say("console-invitation-title")}</h1>
      <Problem say={say} reason={problem} />
      {who === null ? null : (
        <>
          <p class="lead">{say("console-invitation-for", { name: who.name, company: who.company })}</p>
          <Steps say={say} at={registered !== null ? 3 : issued !== null ? 2 : 1} />
          {registered !== null ? (
            <Recognition of={of} registered={registered} />
          ) : issued !== null ? (
            <SecondFactor of={of} token={token} who={who} issued={issued} done={setRegistered} />
          ) : (
            <Password of={of} token={token} who={who} done={setIssued} />
          )}
        </>
      )}
    </section>
  );
}

function Steps({ say, at }: { say: Say; at: number }): JSX.Element {
  const names = ["console-step-password", "console-step-factor", "console-step-device"];
  return (
    <ol class="steps">
      {names.map((name, index) => (
        <li key={name} class={index + 1 < at ? "past" : ""} aria-current={index + 1 === at ? "step" : undefined}>
          {say(name)}
        </li>
      ))}
    </ol>
  );
}

function Password({ of, token, who, done }: StepProps & { done: (issued: TotpIssued) => void }): JSX.Element {
  const { say } = of.state;
  const [password, setPassword] = useState<string | null>(null);
  const [problem, setProblem] = useState<Refusal>(null);
  const [busy, setBusy] = useState(false);
  const accept = async () => {
    if (password === null) return null;
    const answer = await post(of.config, "/api/invitation/accept", { type: "invitation_accept", token, password }, "totp_issued");
    if (isReason(answer)) return answer;
    setPassword(null);
    done(answer);
    return null;
  };
  const submit = async () => {
    setBusy(true);
    setProblem(await refusalOf(accept));
    setBusy(false);
  };
  const about = [who.sign_in_name, ...who.name.split(" "), who.company];
  return (
    <form onSubmit={onSubmit(() => void submit())}>
      <Problem say={say} reason={problem} />
      <input class="hidden" autocomplete="username" value={who.sign_in_name} readOnly tabIndex={-1} aria-hidden="true" />
      <NewPassword say={say} about={about} terms={who.password_terms} chosen={setPassword} />
      <div class="actions">
        <button id={ACCEPT} type="submit" class="main" disabled={busy || password === null}>
          {say("console-continue")}
        </button>
      </div>
    </form>
  );
}

interface SecondFactorProps extends StepProps {
  readonly issued: TotpIssued;
  readonly done: (registered: Registered) => void;
}

function SecondFactor({ of, token, who, issued, done }: SecondFactorProps): JSX.Element {
  const { say } = of.state;
  const [totp, setTotp] = useState("");
  const [problem, setProblem] = useState<Refusal>(null);
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    const device = await deviceFor(who.technician_id);
    const registration = await sign(device.privateKey, Label.DEVICE_REGISTRATION, "RegistrationPayload", {
      technician_id: who.technician_id,
      type: AuthenticatorType.P256,
      key: device.publicKey,
      at: Math.floor(Date.now() / 1000),
    });
    const answer = await post(of.config, "/api/invitation/confirm", { type: "invitation_confirm", token, totp, registration }, "recovery_codes");
    if (isReason(answer)) return answer;
    await keepTechnician(who.sign_in_name, who.technician_id);
    done({ digits: await fingerprint(AuthenticatorType.P256, device.publicKey), codes: answer.codes });
    return null;
  };
  const submit = async () => {
    setBusy(true);
    setProblem(await refusalOf(confirm));
    setTotp("");
    setBusy(false);
  };
  return (
    <form onSubmit={onSubmit(() => void submit())}>
      <p>{say("console-factor-scan")}</p>
      <div class="factor">
        <QrCode text={issued.otpauth} label={say("console-factor-qr")} />
        <div>
          <p class="hint">{say("console-factor-secret")}</p>
          <code id={TOTP_SECRET} class="secret">
            {(issued.secret.match(/.{1,4}/g) ?? []).join(" ")}
          </code>
        </div>
      </div>
      <Problem say={say} reason={problem} />
      <TotpField say={say} id={TOTP} value={totp} set={setTotp} first />
      <div class="actions">
        <button id={CONFIRM} type="submit" class="main" disabled={busy || totp.length !== 6}>
          {say("console-continue")}
        </button>
      </div>
    </form>
  );
}

/** This browser's key for the technician: made once, kept before the broker hears of it, so that it cannot be lost between. */
async function deviceFor(technicianId: string): Promise<Device> {
  const kept = await deviceOf(technicianId);
  if (kept !== null) return kept;
  const made = await makeDeviceKey();
  await keepDevice(technicianId, made);
  return made;
}

function Recognition({ of, registered }: { of: Console; registered: Registered }): JSX.Element {
  const { say } = of.state;
  const place = useFirstFocus<HTMLHeadingElement>();
  return (
    <div>
      <h2 ref={place} tabIndex={-1}>{say("console-device-title")}</h2>
      <p>{say("console-device-read")}</p>
      <Fingerprint say={say} digits={registered.digits} />
      <p class="hint">{say("console-device-why")}</p>
      <RecoveryCodes say={say} codes={registered.codes} />
      <div class="actions">
        <button id={DONE} type="button" class="main" onClick={() => void of.resume()}>
          {say("console-device-done")}
        </button>
      </div>
    </div>
  );
}

/** Large, in groups, so that it can be read out. */
export function Fingerprint({ say, digits }: { say: Say; digits: readonly string[] }): JSX.Element {
  return (
    <p id={FINGERPRINT} class="fingerprint" aria-label={say("console-fingerprint")} role="group">
      {digits.map((group, index) => (
        <span key={index}>{group}{index === digits.length - 1 ? "" : " "}</span>
      ))}
    </p>
  );
}
