// What waits for the socket: the hand goes first, and the order within each lane stays.

import { expect, test } from "vitest";

import { HELD_MAX, Outbox } from "../../src/core/outbox";
import { FrameKind, Lane } from "../../src/wire.gen";

function frame(lane: Lane, number: number, size = 16): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(size);
  made.set([FrameKind.SEALED, lane, number]);
  return made;
}

const marks = (frames: readonly Uint8Array[]) => frames.map((each) => [each[1], each[2]]);

test("a key overtakes four megabytes of anything else, and nothing of one lane overtakes itself", () => {
  const outbox = new Outbox();
  for (let number = 0; number < 64; number += 1) outbox.put(frame(Lane.CLIPBOARD_TO_HOST, number, 64 * 1024));
  expect(marks(outbox.take(0))).toEqual([[Lane.CLIPBOARD_TO_HOST, 0]]);
  expect(outbox.take(HELD_MAX)).toEqual([]);
  outbox.put(frame(Lane.INPUT, 1));
  outbox.put(frame(Lane.INPUT, 2));
  expect(marks(outbox.take(HELD_MAX))).toEqual([
    [Lane.INPUT, 1],
    [Lane.INPUT, 2],
  ]);
  expect(marks(outbox.take(HELD_MAX - 1))).toEqual([[Lane.CLIPBOARD_TO_HOST, 1]]);
  expect(outbox.waits).toBe(true);
});

test("little goes at once, as much as the socket may hold", () => {
  const outbox = new Outbox();
  for (let number = 0; number < 3; number += 1) outbox.put(frame(Lane.CHAT, number, HELD_MAX / 2));
  expect(marks(outbox.take(0))).toEqual([
    [Lane.CHAT, 0],
    [Lane.CHAT, 1],
  ]);
});

test("at the end everything goes", () => {
  const outbox = new Outbox();
  outbox.put(frame(Lane.CHAT, 1, HELD_MAX));
  outbox.put(frame(Lane.CHAT, 2));
  outbox.put(frame(Lane.INPUT, 3));
  expect(marks(outbox.all())).toEqual([
    [Lane.INPUT, 3],
    [Lane.CHAT, 1],
    [Lane.CHAT, 2],
  ]);
  expect(outbox.waits).toBe(false);
});

test("a frame that is not sealed is nobody's hand", () => {
  const outbox = new Outbox();
  outbox.put(Uint8Array.of(FrameKind.CONTROL, Lane.INPUT));
  outbox.put(frame(Lane.INPUT, 1));
  expect(outbox.take(0)[0]).toEqual(frame(Lane.INPUT, 1));
});

test("where there is a bound, the hand keeps to it too", () => {
  const outbox = new Outbox(100);
  outbox.put(frame(Lane.INPUT, 1, 60));
  outbox.put(frame(Lane.INPUT, 2, 60));
  expect(marks(outbox.take(0))).toEqual([[Lane.INPUT, 1]]);
  expect(outbox.take(41)).toEqual([]);
  expect(marks(outbox.take(40))).toEqual([[Lane.INPUT, 2]]);
});

test("a word of the visit itself goes after all content that was given before it", () => {
  const outbox = new Outbox();
  outbox.put(frame(Lane.CLIPBOARD_TO_HOST, 1));
  outbox.put(frame(Lane.INPUT, 2));
  outbox.put(frame(Lane.SCREEN, 3));
  outbox.put(frame(Lane.CONTROL, 4));
  expect(marks(outbox.take(0)).at(-1)).toEqual([Lane.CONTROL, 4]);
});
