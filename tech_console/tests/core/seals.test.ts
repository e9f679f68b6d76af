// The seals of a visit, and what is said inside.

import { beforeEach, describe, expect, test } from "vitest";

import { PeerMisbehaved } from "../../src/core/bytes";
import { splitFrame, splitRecord } from "../../src/core/frames";
import { Opener, Sealer } from "../../src/core/records";
import { decode, encode } from "../../src/core/schema";
import { Seals } from "../../src/core/seals";
import { Direction, Lane } from "../../src/wire.gen";
import { only } from "./dialogue";
import { SESSION } from "./fake_host";

const NOW = { utc: 1000, run: 0 };

let secret: { bytes: Uint8Array<ArrayBuffer> };
let seals: Seals;

beforeEach(async () => {
  secret = { bytes: new Uint8Array(32).fill(7) };
  seals = new Seals(SESSION);
  await seals.begin({ secret, transcript: new Uint8Array(32) }, NOW);
});

/** One record of the host on this lane, under the same secret. */
async function record(lane: Lane = Lane.CONTROL) {
  const sealer = await Sealer.begin(await seals.lanes(lane, 0, Direction.TO_TECHNICIAN), 0);
  return splitRecord(await sealer.seal(encode({ type: "still_here" }), 0));
}

describe("seals", () => {
  test("carry what is said to the host's end of the control lane", async () => {
    const { header, sealed } = splitRecord(splitFrame(only([await seals.say({ type: "still_here" }, NOW)])).body);
    const opener = await Opener.begin(await seals.lanes(Lane.CONTROL, 0, Direction.TO_HOST));
    expect(header).toMatchObject({ lane: Lane.CONTROL, grant: 0, sequence: 0 });
    expect(decode(await opener.open(header, sealed), "still_here").type).toBe("still_here");
  });

  test("open what the host says there, and nothing of another lane", async () => {
    const { header, sealed } = await record();
    expect(decode(await seals.open(header, sealed), "still_here").type).toBe("still_here");
    const other = await record(Lane.CHAT);
    await expect(seals.open(other.header, other.sealed)).rejects.toThrow("a record on a closed lane");
  });

  test("are not there before an agreement", async () => {
    const { header, sealed } = await record();
    const none = new Seals(SESSION);
    expect(none.stand).toBe(false);
    expect(none.ground).toBeNull();
    await expect(none.say({ type: "still_here" }, NOW)).rejects.toThrow(PeerMisbehaved);
    await expect(none.open(header, sealed)).rejects.toThrow(PeerMisbehaved);
    await expect(none.lanes(Lane.CHAT, 0, Direction.TO_HOST)).rejects.toThrow(PeerMisbehaved);
  });

  test("say and open nothing while the line is cut, and leave the ground for the next", async () => {
    const { header, sealed } = await record();
    expect(seals.stand).toBe(true);
    seals.rest();
    expect(seals.stand).toBe(false);
    expect(seals.ground?.secret).toBe(secret);
    await expect(seals.say({ type: "still_here" }, NOW)).rejects.toThrow("before the seals");
    await expect(seals.open(header, sealed)).rejects.toThrow("a closed lane");
  });

  test("are wiped at the end", async () => {
    seals.forget();
    expect(secret.bytes).toEqual(new Uint8Array(32));
    expect(seals.ground).toBeNull();
    await expect(seals.lanes(Lane.CHAT, 0, Direction.TO_HOST)).rejects.toThrow("a lane before the seals");
    seals.forget();
    expect(seals.stand).toBe(false);
  });
});
