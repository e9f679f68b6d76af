// Where a visit stands at the console: its state, in the table's order, and what the page shows of it.

import { Notice, SessionState, type Permission, type Reason, type SessionEvent } from "../wire.gen";
import { PeerMisbehaved } from "./bytes";
import { NO_CHAT } from "./chat";
import { advance, ENTERED } from "./session";
import { NO_SECOND, WITHOUT_PICTURE, type Asking, type Phase, type VisitCommand, type VisitView } from "./visit_terms";

/** One visit. Every part of it moves and shows the same one. */
export class Standing {
  private at: SessionState = ENTERED;
  private shown: VisitView = {
    phase: "opening", runsLeft: null, askings: [], granted: [], notice: null,
    chat: NO_CHAT, second: NO_SECOND, carrier: null, since: null, until: null, cause: null, reason: null,
  };

  /** What to show now. */
  get view(): VisitView {
    return this.shown;
  }

  get state(): SessionState {
    return this.at;
  }

  /** Take one step. Throws PeerMisbehaved for one that the table does not have. */
  move(event: SessionEvent): void {
    const next = advance(this.at, event);
    if (next === null) throw new PeerMisbehaved("a step out of order");
    this.at = next;
  }

  /** Show this from now on. There is nothing else to do for it. */
  show(change: Partial<VisitView>): VisitCommand[] {
    this.shown = { ...this.shown, ...change };
    return [];
  }

  /** One more request, and where it stands. */
  add(asking: Asking): VisitCommand[] {
    return this.show({ askings: [...this.shown.askings, asking] });
  }

  /** What became of the last request for this permission. */
  note(permission: Permission, answer: Asking["answer"], reason: Reason | null): void {
    const at = this.shown.askings.findLastIndex((asking) => asking.permission === permission);
    this.show({ askings: this.shown.askings.with(at, { permission, answer, reason }) });
  }

  /** What the host tells of the screen and of the hand. A screen that nobody may see pauses a visit that has seen it. */
  noticed(notice: Notice): VisitCommand[] {
    if (WITHOUT_PICTURE.has(notice)) return this.show({ notice, phase: this.viewingOr("paused") });
    if (notice === Notice.SCREEN_RESUMED) return this.show({ notice: null, phase: this.viewingOr("viewing") });
    return this.show({ notice: notice === Notice.PROMPT_GONE ? null : notice });
  }

  private viewingOr(phase: Phase): Phase {
    return this.at === SessionState.VIEWING ? phase : this.shown.phase;
  }
}
