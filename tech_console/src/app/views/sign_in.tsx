// Name, password and second factor together: the answer never says which of them was wrong.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Console } from "../console";
import { PASSWORD, SIGN_IN, SIGN_IN_NAME, TOTP } from "../ids";
import { Field, onSubmit, Problem, TotpField, useFirstFocus } from "../parts";

export function SignInPage({ of }: { of: Console }): JSX.Element {
  const { say, busy, problem } = of.state;
  const place = useFirstFocus<HTMLInputElement>();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const submit = async () => {
    await of.signIn(name.trim(), password, totp);
    setPassword("");
    setTotp("");
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
        <TotpField say={say} id={TOTP} value={totp} set={setTotp} />
        <div class="actions">
          <button id={SIGN_IN} type="submit" class="main" disabled={busy || totp.length !== 6}>
            {say("console-sign-in")}
          </button>
        </div>
      </form>
    </section>
  );
}
