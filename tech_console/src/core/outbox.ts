// What leaves this page on the visit's socket, in which order: mouse and keyboard before everything else. A socket sends what it was
// given in the order it was given, so it is given little at a time; of each lane the order stays, as its seals want it.

import { FrameKind, Lane } from "../wire.gen";
import type { Bytes } from "./bytes";

/** How much the socket may hold before the rest waits here: what 20 ms of a slow line carry. */
export const HELD_MAX = 64 * 1024;

/** Frames on their way out. It sends nothing itself. */
export class Outbox {
  private readonly hand: Bytes[] = [];
  private readonly rest: Bytes[] = [];

  /** One more frame. */
  put(frame: Bytes): void {
    (isOfTheHand(frame) ? this.hand : this.rest).push(frame);
  }

  /** What may go now, when the socket still holds so many bytes. */
  take(held: number): Bytes[] {
    const going = this.hand.splice(0);
    let size = held + going.reduce((sum, each) => sum + each.length, 0);
    while (this.rest.length > 0 && size < HELD_MAX) {
      const [next] = this.rest.splice(0, 1);
      if (next === undefined) break;
      going.push(next);
      size += next.length;
    }
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
