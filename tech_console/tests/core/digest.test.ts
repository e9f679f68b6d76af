// A hash that is made piece by piece is the browser's own, however what is hashed was cut.

import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/core/bytes";
import { digestOf, RunningDigest } from "../../src/core/digest";

const BLOCK = 64;

function content(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, at) => (at * 151 + length) % 256);
}

function inPieces(whole: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const running = new RunningDigest();
  for (let at = 0; at < whole.length; at += size) running.update(whole.subarray(at, at + size));
  return running.digest;
}

describe("a hash made piece by piece", () => {
  test("is right for every length around three of its blocks, in pieces of every size up to two", async () => {
    for (let length = 0; length <= 3 * BLOCK; length += 1) {
      const whole = content(length);
      const expected = await sha256(whole);
      for (const size of [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK]) expect(inPieces(whole, size), `${length} in ${size}`).toEqual(expected);
    }
  });

  test("is right where pieces begin at odd places of a record", async () => {
    const whole = content(1_000_003);
    expect(inPieces(whole, 252 * 1024 - 9)).toEqual(await sha256(whole));
  });

  test("of a blob is that of its bytes, and says how far it is", async () => {
    const whole = content(5_000_000);
    const read: number[] = [];
    expect(await digestOf(new Blob([whole]), (bytes) => read.push(bytes), 1000)).toEqual(await sha256(whole));
    expect(read).toEqual([4 * 1024 * 1024, 5_000_000]);
    expect(await digestOf(new Blob([whole]), () => expect.unreachable("it was read whole"))).toEqual(await sha256(whole));
  });
});
