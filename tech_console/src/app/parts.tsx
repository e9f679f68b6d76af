// The few pieces that every page is made of: fields with their labels, the one place for refusals, a QR code.

import type { ComponentChildren, JSX, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { encode as encodeQr } from "uqr";

import { Purpose, type Reason } from "../wire.gen";
import { PROBLEM } from "./ids";
import type { Say } from "./texts";

/** Where the keyboard goes when a page or step appears: to the first thing that it is about, before anybody can have gone elsewhere. */
export function useFirstFocus<T extends HTMLElement>(wanted = true): RefObject<T | null> {
  const place = useRef<T>(null);
  useLayoutEffect(() => (wanted ? place.current?.focus() : undefined), []);
  return place;
}

/** A refusal, in words that say what to do. */
export function Problem({ say, reason }: { say: Say; reason: Reason | "unreachable" | null }): JSX.Element {
  return (
    <div id={PROBLEM} role="alert" class={reason === null ? "problem empty" : "problem"} data-reason={reason ?? ""}>
      {reason === null ? null : <p>{say(reason === "unreachable" ? "console-unreachable" : `reason-${reason}`)}</p>}
    </div>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

/** A label, its field, and a hint that screen readers read with it. */
export function Field({ id, label, hint, children }: FieldProps): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface NewPasswordProps {
  readonly id: string;
  readonly place?: RefObject<HTMLInputElement | null>;
  readonly visible: boolean;
  readonly value: string;
  readonly set: (value: string) => void;
}

/** A password that is being chosen, shown or hidden as the person likes. */
export function NewPasswordInput({ id, place, visible, value, set }: NewPasswordProps): JSX.Element {
  const type = visible ? ({ type: "text" } as const) : ({ type: "password" } as const);
  return (
    <input
      {...type}
      {...(place === undefined ? {} : { ref: place })}
      id={id}
      autocomplete="new-password"
      autocapitalize="none"
      spellcheck={false}
      required
      maxLength={256}
      aria-describedby={`${id}-hint`}
      value={value}
      onInput={(event: { currentTarget: HTMLInputElement }) => set(event.currentTarget.value)}
    />
  );
}

interface PurposeProps {
  readonly say: Say;
  readonly id: string;
  readonly value: Purpose;
  readonly set: (value: Purpose) => void;
}

/** Why somebody asks, from the closed list. */
export function PurposeField({ say, id, value, set }: PurposeProps): JSX.Element {
  return (
    <Field id={id} label={say("console-purpose")}>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value as Purpose)}>
        {Object.values(Purpose).map((each) => (
          <option key={each} value={each}>
            {say(`purpose-${each}`)}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface TotpProps {
  readonly say: Say;
  readonly id: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly first?: boolean;
}

/** Six digits from the authenticator app. */
export function TotpField({ say, id, value, set, first = false }: TotpProps): JSX.Element {
  const place = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => (first ? place.current?.focus() : undefined), [first]);
  return (
    <Field id={id} label={say("console-totp")} hint={say("console-totp-hint")}>
      <input
        id={id}
        ref={place}
        class="digits"
        inputMode="numeric"
        autocomplete="one-time-code"
        required
        maxLength={7}
        aria-describedby={`${id}-hint`}
        value={value}
        onInput={(event) => set(event.currentTarget.value.replaceAll(/\D/g, "").slice(0, 6))}
      />
    </Field>
  );
}

/** A QR code as one path, dark on light in every colour scheme, because cameras want it so. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { data, size } = encodeQr(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Minutes and seconds, as a clock shows them. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** Stop a form from going anywhere by itself, then do what it is for. */
export function onSubmit(act: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}
