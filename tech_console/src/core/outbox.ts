// What leaves this page on the visit's socket or channel, in which order: mouse and keyboard before everything else. A socket sends what it
// was given in the order it was given, so it is given little at a time; of each lane the order stays, as its seals want it.

import { FrameKind, Lane } from "../wire.gen";
import type { Bytes } from "./bytes";

/** How much the socket may hold before the rest waits here: what 20 ms of a slow line carry. */
export const HELD_MAX = 64 * 1024;

/** Frames on their way out. It sends nothing itself. */
export class Outbox {
  private readonly hand: Bytes[] = [];
  private readonly rest: Bytes[] = [];
  private readonly most: number;

  /** `most`: what may be held in all, the hand included. A socket takes the hand whatever it holds. */
  constructor(most = Infinity) {
    this.most = most;
  }

  /** One more frame. */
  put(frame: Bytes): void {
    (isOfTheHand(frame) ? this.hand : this.rest).push(frame);
  }

  /** What may go now, when the socket still holds so many bytes. */
  take(held: number): Bytes[] {
    const going: Bytes[] = [];
    let size = held;
    const move = (from: Bytes[], fits: (next: Bytes) => boolean) => {
      for (let next = from[0]; next !== undefined && fits(next); next = from[0]) {
        from.shift();
        going.push(next);
        size += next.length;
      }
    };
    move(this.hand, (next) => size + next.length <= this.most);
    move(this.rest, () => size < HELD_MAX);
    return going;
  }

  /** Everything, because nothing comes after. */
  all(): Bytes[] {
    return [...this.hand.splice(0), ...this.rest.splice(0)];
  }

  get waits(): boolean {
    return this.hand.length + this.rest.length > 0;
  }
}

function isOfTheHand(frame: Bytes): boolean {
  return frame[0] === FrameKind.SEALED && frame[1] === Lane.INPUT;
}
