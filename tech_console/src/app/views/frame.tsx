// What stands around every page: name, who is signed in, the language, the way out.

import type { ComponentChildren, JSX } from "preact";

import type { Console } from "../console";
import { Operation } from "../../wire.gen";
import { LANGUAGE, OPEN_LOG, OPEN_OWN_ACCOUNT, SIGN_OUT, SIGN_OUT_EVERYWHERE } from "../ids";
import { LANGUAGES, type Language } from "../texts";
import { Alarm } from "./doubt";

const NAMES: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

export function Frame({ of, children }: { of: Console; children: ComponentChildren }): JSX.Element {
  const { say, me, language, page } = of.state;
  return (
    <div class={page === "visit" ? "frame wide" : "frame"}>
      <header class="top">
        <span class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          Chaperone
        </span>
        <span class="grow" />
        {me === null ? null : (
          <span class="who">
            <strong>{me.name}</strong>
            <span>{me.company}</span>
          </span>
        )}
        <label class="hidden" for={LANGUAGE}>
          {say("console-language")}
        </label>
        <select id={LANGUAGE} value={language} onChange={(event) => void of.chooseLanguage(event.currentTarget.value as Language)}>
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {NAMES[each]}
            </option>
          ))}
        </select>
        {me === null || page !== "home" || !me.may.includes(Operation.AUDIT_READ) ? null : (
          <button id={OPEN_LOG} type="button" class="plain" onClick={() => of.openLog()}>
            {say("console-trail-open")}
          </button>
        )}
        {me === null || page !== "home" ? null : (
          <button id={OPEN_OWN_ACCOUNT} type="button" class="plain" onClick={() => void of.openOwnAccount()}>
            {say("console-own-open")}
          </button>
        )}
        {me === null || page !== "home" ? null : (
          <button id={SIGN_OUT_EVERYWHERE} type="button" class="plain" onClick={() => void of.signOut("everywhere")}>
            {say("console-sign-out-everywhere")}
          </button>
        )}
        {me === null ? null : (
          <button id={SIGN_OUT} type="button" class="plain" onClick={() => void of.signOut()}>
            {say("console-sign-out")}
          </button>
        )}
      </header>
      <main>
        <Alarm of={of} />
        {children}
      </main>
    </div>
  );
}
