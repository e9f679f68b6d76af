// Name, password and second factor together: the answer never says which of them was wrong. Who lost the authenticator app gives a
// recovery code instead; whose password is due chooses a new one on the way in.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Reason } from "../../wire.gen";
import { DEFAULT_TERMS } from "../../core/password";
import { recoveryCode } from "../../core/recovery";
import type { Console } from "../console";
import { PASSWORD, RECOVERY_CODE, SIGN_IN, SIGN_IN_NAME, TOTP, USE_RECOVERY } from "../ids";
import { Field, onSubmit, Problem, TotpField, useFirstFocus } from "../parts";
import type { Factor } from "../ways_in";
import { NewPassword } from "./new_password";

export function SignInPage({ of }: { of: Console }): JSX.Element {
  const { say, busy, problem, passwordDue } = of.state;
  const place = useFirstFocus<HTMLInputElement>();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [recovering, setRecovering] = useState(false);
  const [typedCode, setTypedCode] = useState("");
  const [newPassword, setNewPassword] = useState<string | null>(null);
  const code = recoveryCode(typedCode);
  const factor = wanted();
  function wanted(): Factor | null {
    if (recovering) return code === null ? null : { kind: "recovery", code };
    if (totp.length !== 6 || (passwordDue && newPassword === null)) return null;
    return { kind: "totp", totp, newPassword: passwordDue ? newPassword : null };
  }
  const submit = async () => {
    if (factor === null) return;
    const refused = await of.signIn(name.trim(), password, factor);
    // A password that is due was right: it stays while a new one is chosen. The code was not used up.
    if (refused === Reason.PASSWORD_DUE) return;
    if (!passwordDue) setPassword("");
    setTotp("");
    setTypedCode("");
  };
  return (
    <section class="card narrow">
      <h1>{say("console-sign-in-title")}</h1>
      <p class="lead">{say("console-sign-in-lead")}</p>
      <Problem say={say} reason={problem} />
      <form onSubmit={onSubmit(() => void submit())}>
        <Field id={SIGN_IN_NAME} label={say("console-sign-in-name")}>
          <input
            id={SIGN_IN_NAME}
            ref={place}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            maxLength={120}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <Field id={PASSWORD} label={say("console-password")}>
          <input
            id={PASSWORD}
            type="password"
            autocomplete="current-password"
            required
            maxLength={256}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
        {passwordDue && !recovering ? <NewPassword say={say} about={[name]} terms={DEFAULT_TERMS_DUE} chosen={setNewPassword} /> : null}
        {recovering ? (
          <Field id={RECOVERY_CODE} label={say("console-recovery-code")} hint={say("console-recovery-code-hint")}>
            <input
              id={RECOVERY_CODE}
              class="digits"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              required
              maxLength={24}
              aria-describedby={`${RECOVERY_CODE}-hint`}
              value={typedCode}
              onInput={(event) => setTypedCode(event.currentTarget.value)}
            />
          </Field>
        ) : (
          <TotpField say={say} id={TOTP} value={totp} set={setTotp} />
        )}
        <div class="actions">
          <button id={SIGN_IN} type="submit" class="main" disabled={busy || factor === null}>
            {say("console-sign-in")}
          </button>
          <button id={USE_RECOVERY} type="button" class="plain" onClick={() => setRecovering(!recovering)}>
            {say(recovering ? "console-use-app" : "console-use-recovery")}
          </button>
        </div>
      </form>
    </section>
  );
}

/** Before somebody is in, the page does not know the account's terms: it asks for the least, and the broker decides. */
const DEFAULT_TERMS_DUE = { ...DEFAULT_TERMS, shortest: 10 };
