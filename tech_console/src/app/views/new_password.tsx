// A new password, twice, with what is still wrong with it: at the invitation, on the way in when it is due, and when somebody wants one.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { PasswordTerms } from "../../wire.gen";
import { judge } from "../../core/password";
import { NEW_PASSWORD, NEW_PASSWORD_AGAIN } from "../ids";
import { Field, NewPasswordInput, useFirstFocus } from "../parts";
import type { Say } from "../texts";

interface NewPasswordProps {
  readonly say: Say;
  readonly about: readonly string[];
  readonly terms: PasswordTerms;
  /** Called with the password while both fields hold it and it will do, else with null. */
  readonly chosen: (password: string | null) => void;
  /** Nothing is asked for before it: the keyboard goes here. */
  readonly first?: boolean;
}

export function NewPassword({ say, about, terms, chosen, first = true }: NewPasswordProps): JSX.Element {
  const place = useFirstFocus<HTMLInputElement>(first);
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [visible, setVisible] = useState(false);
  const verdict = judge(password, about, terms);
  const tell = (once: string, twice: string) =>
    chosen(once === twice && judge(once, about, terms) === "good" ? once : null);
  const { shortest } = terms;
  return (
    <>
      <Field id={NEW_PASSWORD} label={say("console-new-password")} hint={say(`password-${verdict}`, { shortest })}>
        <NewPasswordInput
          id={NEW_PASSWORD}
          place={place}
          visible={visible}
          value={password}
          set={(value) => (setPassword(value), tell(value, again))}
        />
        <meter min={0} max={shortest} low={shortest - 1} optimum={shortest} value={Math.min(password.length, shortest)} aria-hidden="true" />
      </Field>
      <Field
        id={NEW_PASSWORD_AGAIN}
        label={say("console-new-password-again")}
        hint={again !== "" && again !== password ? say("console-passwords-differ") : " "}
      >
        <NewPasswordInput
          id={NEW_PASSWORD_AGAIN}
          visible={visible}
          value={again}
          set={(value) => (setAgain(value), tell(password, value))}
        />
      </Field>
      <label class="check">
        <input type="checkbox" checked={visible} onChange={(event) => setVisible(event.currentTarget.checked)} />
        {say("console-show-password")}
      </label>
    </>
  );
}
