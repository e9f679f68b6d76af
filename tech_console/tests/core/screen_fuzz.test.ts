// The console's reader of the screen lane against a host that sends junk: a picture inside every bound, or MalformedMessage.

import { expect, test } from "vitest";

import screen from "../../../wire/vectors/screen.json";
import type { Bytes } from "../../src/core/bytes";
import { PeerMisbehaved } from "../../src/core/bytes";
import { decodePicture, FrameAssembly, type WholeFrame } from "../../src/core/screen";
import { LIMITS } from "../../src/wire.gen";

const ROUNDS = 20_000;
const GOOD = screen.good.map(({ hex }) => unhex(hex)).filter((data) => data.length < 4096);

function unhex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The same junk in every run (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function bent(roll: (below: number) => number): Bytes {
  const data = [...(GOOD[roll(GOOD.length)] ?? [])];
  for (let times = roll(4); times > 0; times -= 1) {
    const at = roll(data.length + 1);
    const kind = roll(3);
    if (kind === 0) data.splice(at, 1, roll(256));
    else if (kind === 1) data.splice(at, 1 + roll(8));
    else data.splice(at, 0, ...Array.from({ length: 1 + roll(8) }, () => roll(256)));
  }
  return Uint8Array.from(data);
}

function checked(whole: WholeFrame): void {
  const { width, height } = whole.layout;
  expect(Math.max(width, height) <= LIMITS.PICTURE_SIDE_MAX && width * height <= LIMITS.PICTURE_PIXELS_MAX).toBe(true);
  const drawn = [...whole.copies, ...whole.pieces];
  expect(drawn.every((each) => each.x + each.width <= width && each.y + each.height <= height)).toBe(true);
  expect(drawn.reduce((sum, each) => sum + each.width * each.height, 0) <= 2 * width * height).toBe(true);
  expect(whole.copies.length <= LIMITS.COPIES_MAX && whole.pieces.length <= LIMITS.LIST_MAX).toBe(true);
}

test("junk is a picture within its bounds or misbehaviour, and nothing else", () => {
  const roll = dice(7);
  let assembly = new FrameAssembly();
  let [read, refused] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    try {
      const picture = decodePicture(bent(roll));
      const whole = picture.kind === "cursor" || picture.kind === "pointer" ? null : assembly.add(picture);
      if (whole !== null) checked(whole);
      read += 1;
    } catch (fault) {
      if (!(fault instanceof PeerMisbehaved)) throw fault;
      assembly = new FrameAssembly();
      refused += 1;
    }
  }
  expect(Math.min(read, refused)).toBeGreaterThan(ROUNDS / 50);
}, 600_000);
