// Coming back after a restart of the instrument PC, without anybody at the console doing anything: the timers around core/returning.ts.

import { Reason, type Instrument } from "../wire.gen";
import { Returning, type Back, type ReturningState } from "../core/returning";
import type { HelpForm } from "./console";

/** What the page shows of it. */
export interface ReturningView {
  readonly hostName: string;
  readonly state: ReturningState;
  /** The time of day until which it is good, in milliseconds since 1970. */
  readonly until: number;
}

interface World {
  readonly instruments: () => readonly Instrument[];
  /** Nothing else is going on here that a visit would interrupt. */
  readonly free: () => boolean;
  /** False when nothing could be said. */
  readonly claim: (form: HelpForm) => boolean;
  readonly changed: (view: ReturningView | null) => void;
}

/** At most one way back. */
export class ComingBack {
  private readonly world: World;
  private returning: Returning | null = null;
  private form: HelpForm | null = null;
  private hostName = "";
  private until = 0;
  private timer = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** The visit ended because the PC restarts; `form` is what it began with. */
  begin(back: Back, form: HelpForm, hostName: string): void {
    this.returning = new Returning(back, run());
    this.form = { ...form, code: back.code };
    this.hostName = hostName;
    this.until = Date.now() + back.seconds * 1000;
    this.look();
  }

  /** Something may have changed. */
  look(): void {
    const { returning, form } = this;
    if (returning === null || form === null) return;
    clearTimeout(this.timer);
    const due = this.world.free() && returning.due(this.world.instruments(), run());
    const again = returning.again(run());
    if (again !== null) this.timer = window.setTimeout(() => this.look(), again * 1000 + 50);
    this.show();
    if (due && !this.world.claim(form)) this.refused(form, Reason.WRONG_MOMENT);
  }

  /** The broker refused a claim with this ticket. True if it was ours. */
  refused(form: HelpForm | null, reason: Reason): boolean {
    if (this.returning === null || form === null || form !== this.form) return false;
    this.returning.refused(reason);
    this.show();
    return true;
  }

  /** It has led to a visit, or nobody wants it any more. */
  drop(): void {
    clearTimeout(this.timer);
    if (this.returning === null) return;
    this.returning = null;
    this.form = null;
    this.world.changed(null);
  }

  private show(): void {
    if (this.returning !== null) this.world.changed({ hostName: this.hostName, state: this.returning.state, until: this.until });
  }
}

function run(): number {
  return performance.now() / 1000;
}
