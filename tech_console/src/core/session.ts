// The order of a visit at the console: the generated table of policy/session.py and nothing else decides it.

import { SessionState, TRANSITIONS, type SessionEvent } from "../wire.gen";

/** The next state, or null: what the table does not name may not happen. */
export function advance(state: SessionState, event: SessionEvent): SessionState | null {
  return TRANSITIONS[state][event] ?? null;
}

/** Where a console enters the visit: the host has shown its code, and this console has claimed it. */
export const ENTERED: SessionState = SessionState.ADMITTED;
