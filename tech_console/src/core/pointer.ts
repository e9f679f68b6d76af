// The host's pointer as the technician should see it: which shape, where, and whose movement it was. Somebody who controls
// sees the shape on the own pointer, at once; where the person at the instrument moves it, it is shown where it is.

import { LIMITS } from "../wire.gen";
import { MalformedMessage } from "./json";
import type { Cursor, Pointer } from "./scene";

/** How long a move of one's own may take to come back. */
const OWN_SECONDS = 3;
const OWN_MOST = 256;

/** Which slots hold a shape. A host that shows what it never sent is refused before the page hears of it. */
export class Slots {
  private readonly held = new Set<number>();

  /** Throws MalformedMessage for a shape that is not there. */
  check(told: Cursor | Pointer): void {
    if (told.kind === "cursor") this.held.add(told.slot);
    else if (told.slot !== LIMITS.POINTER_HIDDEN && !this.held.has(told.slot)) {
      throw new MalformedMessage("screen.pointer", "has no such shape");
    }
  }
}

/** What to show now. `shape` is null while the pointer is not to be seen; `theirs`: it is where nobody here moved it. */
export interface Sight {
  readonly shape: Cursor | null;
  readonly x: number;
  readonly y: number;
  readonly theirs: boolean;
}

/** The pointer of one visit. Times are seconds of a steady clock. */
export class PointerSight {
  private readonly shapes = new Map<number, Cursor>();
  private readonly own = new Map<string, number>();
  private sight: Sight | null = null;

  /** Null before the host has told anything. */
  get shown(): Sight | null {
    return this.sight;
  }

  /** The host told of a shape or a place. */
  told(told: Cursor | Pointer, now: number): void {
    if (told.kind === "cursor") {
      this.shapes.set(told.slot, told);
      return;
    }
    const { x, y } = told;
    const moved = this.own.get(`${x},${y}`);
    const theirs = moved === undefined || now - moved > OWN_SECONDS;
    this.sight = { shape: this.shapes.get(told.slot) ?? null, x, y, theirs };
  }

  /** The technician moved the pointer there. */
  moved(x: number, y: number, now: number): void {
    const place = `${x},${y}`;
    this.own.delete(place);
    this.own.set(place, now);
    const [oldest] = this.own.keys();
    if (this.own.size > OWN_MOST && oldest !== undefined) this.own.delete(oldest);
  }

  /** Nothing of the picture is left. */
  forget(): void {
    this.shapes.clear();
    this.own.clear();
    this.sight = null;
  }
}
