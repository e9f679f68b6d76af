// Whose movement of the pointer it was, and which shape is shown.

import { expect, test } from "vitest";

import { PeerMisbehaved } from "../../src/core/bytes";
import { PointerSight, Slots } from "../../src/core/pointer";
import type { Cursor, Pointer } from "../../src/core/scene";
import { LIMITS } from "../../src/wire.gen";

const ARROW: Cursor = { kind: "cursor", slot: 3, width: 1, height: 1, hot_x: 0, hot_y: 0, data: new Uint8Array(4) };
const at = (x: number, y: number, slot = 3): Pointer => ({ kind: "pointer", slot, x, y });

test("a shape that was never sent is refused, and hiding needs none", () => {
  const slots = new Slots();
  expect(() => slots.check(at(1, 1))).toThrow(PeerMisbehaved);
  slots.check(at(1, 1, LIMITS.POINTER_HIDDEN));
  slots.check(ARROW);
  slots.check(at(1, 1));
});

test("where the technician moved it, it is the technician's, and where nobody here did it is theirs", () => {
  const sight = new PointerSight();
  expect(sight.shown).toBeNull();
  sight.told(ARROW, 0);
  expect(sight.shown).toBeNull();
  sight.told(at(5, 6), 0);
  expect(sight.shown).toEqual({ shape: ARROW, x: 5, y: 6, theirs: true });
  sight.moved(7, 8, 1);
  sight.moved(9, 9, 1.1);
  sight.told(at(7, 8), 1.2);
  expect(sight.shown?.theirs).toBe(false);
  sight.told(at(7, 9), 1.3);
  expect(sight.shown?.theirs).toBe(true);
  sight.told(at(9, 9), 4.2);
  expect(sight.shown?.theirs).toBe(true);
});

test("a hidden pointer has no shape, and what is forgotten is gone", () => {
  const sight = new PointerSight();
  sight.told(ARROW, 0);
  sight.told(at(5, 6, LIMITS.POINTER_HIDDEN), 0);
  expect(sight.shown?.shape).toBeNull();
  sight.forget();
  expect(sight.shown).toBeNull();
  sight.told(at(5, 6), 0);
  expect(sight.shown?.shape).toBeNull();
});

test("only the newest moves are remembered", () => {
  const sight = new PointerSight();
  for (let x = 0; x <= 256; x += 1) sight.moved(x, 0, 0);
  sight.moved(1, 0, 0);
  sight.told(at(0, 0), 0);
  expect(sight.shown?.theirs).toBe(true);
  sight.told(at(1, 0), 0);
  expect(sight.shown?.theirs).toBe(false);
});
