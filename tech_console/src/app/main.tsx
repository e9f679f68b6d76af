// Where the page begins: one console, drawn again whenever it changes.

import { render, type JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";

import { Console } from "./console";
import { Frame } from "./views/frame";
import { FreshFactor, Home } from "./views/home";
import { Invitation } from "./views/invitation";
import { LogPage } from "./views/log";
import { OwnAccount } from "./views/own_account";
import { SignInPage } from "./views/sign_in";
import { VisitPage } from "./views/visit";

function App({ of }: { of: Console }): JSX.Element {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => of.listen(() => again(undefined)), [of]);
  return <Frame of={of}>{page(of)}</Frame>;
}

function page(of: Console): JSX.Element {
  const { state } = of;
  switch (state.page) {
    case "loading":
      return <p class="quiet">{state.say("console-loading")}</p>;
    case "broken":
      return <p role="alert">{state.say("console-broken")}</p>;
    case "invitation":
      return state.invitation === null ? <SignInPage of={of} /> : <Invitation of={of} token={state.invitation} />;
    case "sign_in":
      return <SignInPage of={of} />;
    case "home":
      return <Home of={of} />;
    case "own_account":
      return state.me === null ? <SignInPage of={of} /> : state.factorWanted ? <FreshFactor of={of} /> : <OwnAccount of={of} me={state.me} />;
    case "log":
      return state.me === null ? <SignInPage of={of} /> : <LogPage of={of} me={state.me} />;
    case "visit":
      return state.visit === null ? <Home of={of} /> : <VisitPage of={of} visit={state.visit} />;
  }
}

const console = new Console();
const place = document.querySelector("#app");
if (place !== null) render(<App of={console} />, place);
for (const sign of ["pointerdown", "keydown"] as const) document.addEventListener(sign, () => void console.present());
void console.open();
