// The carriage of content: whatever becomes of a channel, each end takes exactly what the other sent, once and in order of each lane.
// Seen to fail for each of these, made one by one: a turn before the relay is empty, held records
// taken before the peer's turn or before our end is verified, nothing sent again, all sent again, sent again before the peer's count is
// known, a new content that overtakes what is held, records taken after our own end, a count not checked, no window, no time limit,
// content over the relay where only the channel may carry it, anything kept over a cut.

import { describe, expect, test } from "vitest";

import { Carriage, encodeTaken, moves, type Step } from "../../src/core/carriage";
import { PeerMisbehaved } from "../../src/core/bytes";
import { HELD_MAX } from "../../src/core/outbox";
import { DirectCause, FrameKind, Lane, LIMITS } from "../../src/wire.gen";

type Bytes = Uint8Array<ArrayBuffer>;

function record(lane: Lane, number: number, size = 40): Bytes {
  const made = new Uint8Array(size);
  made.set([FrameKind.SEALED, lane, number >> 8, number & 0xff]);
  return made;
}

const numberOf = (frame: Uint8Array) => (frame[2] ?? 0) * 256 + (frame[3] ?? 0);
const kinds = (steps: readonly Step[]) => steps.map((step) => step.kind);
const took = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === "take" ? [numberOf(step.frame)] : []));
const put = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === "channel" && step.data[0] !== 0x41 ? [numberOf(step.data)] : []));
const relayed = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === "relay" ? [numberOf(step.frame)] : []));

/** A carriage whose own direction has turned to a channel, and the host's too. */
function direct(): Carriage {
  const carriage = new Carriage();
  carriage.begin(1);
  carriage.opened(1);
  carriage.drained();
  carriage.peerTurns(1);
  return carriage;
}

describe("without a channel", () => {
  test("content goes over the relay, and nothing of a carrier is shown", () => {
    const carriage = new Carriage();
    expect(carriage.content(record(Lane.INPUT, 1))).toEqual([{ kind: "relay", frame: record(Lane.INPUT, 1) }]);
    expect(carriage.carrier).toBeNull();
    expect([carriage.drained(), carriage.tick(9), carriage.reset(), carriage.opened(0), carriage.failed(0, DirectCause.FAILED)].flat()).toEqual([]);
    expect(carriage.messages(0, [record(Lane.SCREEN, 1)])).toEqual([]);
  });

  test("an end or a turn of one is nothing that a host says", () => {
    expect(() => new Carriage().peerTurns(0)).toThrow(PeerMisbehaved);
    expect(() => new Carriage().peerOver(0, 0, DirectCause.FAILED)).toThrow(PeerMisbehaved);
  });

  test("content moves, and everything else stays", () => {
    const moving = Object.values(Lane).filter((lane) => moves(record(lane, 1)));
    expect(moving).toEqual([Lane.SCREEN, Lane.INPUT, Lane.CLIPBOARD_TO_HOST, Lane.CLIPBOARD_FROM_HOST, Lane.CHAT]);
    expect(moves(Uint8Array.of(FrameKind.CONTROL, Lane.INPUT))).toBe(false);
    expect(moves(Uint8Array.of(FrameKind.SEALED))).toBe(false);
  });
});

describe("turning", () => {
  test("is said when the relay's socket is empty, and content follows on the channel", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    expect(relayed(carriage.content(record(Lane.INPUT, 1)))).toEqual([1]);
    expect(carriage.opened(1)).toEqual([{ kind: "drain" }]);
    expect(relayed(carriage.content(record(Lane.INPUT, 2)))).toEqual([2]);
    expect(carriage.drained()).toEqual([{ kind: "turn", attempt: 1 }]);
    expect(carriage.drained()).toEqual([]);
    expect(put(carriage.content(record(Lane.INPUT, 3)))).toEqual([3]);
    expect(carriage.carrier).toBe("relay"); // of the picture, until the host has turned too
    expect(carriage.peerTurns(1)).toEqual([]);
    expect(carriage.carrier).toBe("direct");
  });

  test("happens once for a channel", () => {
    expect(() => direct().peerTurns(1)).toThrow(PeerMisbehaved);
    expect(() => direct().peerTurns(2)).toThrow(PeerMisbehaved);
    expect(direct().opened(1)).toEqual([]);
    const late = new Carriage();
    late.begin(2);
    expect(late.opened(1)).toEqual([]);
  });

  test("of the host is waited for, and until then what it sent is held", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    expect(carriage.messages(1, [record(Lane.SCREEN, 1)])).toEqual([]); // our end is not verified
    expect(kinds(carriage.opened(1))).toEqual(["drain"]);
    expect(carriage.messages(1, [record(Lane.SCREEN, 2), record(Lane.SCREEN, 3)])).toEqual([]);
    const steps = carriage.peerTurns(1);
    expect(took(steps)).toEqual([1, 2, 3]);
    expect(steps.at(-1)).toEqual({ kind: "channel", data: encodeTaken(3) });
    expect(carriage.messages(1, [record(Lane.SCREEN, 4)])).toEqual([
      { kind: "take", frame: record(Lane.SCREEN, 4) },
      { kind: "channel", data: encodeTaken(4) },
    ]);
  });

  test("of the host may come before our end is verified: nothing is taken until then", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    carriage.messages(1, [record(Lane.SCREEN, 1)]);
    expect(carriage.peerTurns(1)).toEqual([]);
    expect(took(carriage.opened(1))).toEqual([1]);
  });

  test("does not happen without an offer in its turn", () => {
    expect(() => direct().begin(2)).toThrow(PeerMisbehaved); // one at a time
    const carriage = direct();
    carriage.peerOver(1, 0, DirectCause.FAILED);
    expect(() => carriage.begin(1)).toThrow(PeerMisbehaved);
    expect(() => new Carriage().begin(0)).toThrow(PeerMisbehaved);
    carriage.begin(2);
    expect(kinds(carriage.opened(2))).toEqual(["drain"]);
  });
});

describe("the window", () => {
  test("lets so much be under way, the hand first, and more when some of it was taken", () => {
    const carriage = direct();
    const sent = [1, 2, 3].flatMap((number) => put(carriage.content(record(Lane.CLIPBOARD_TO_HOST, number, HELD_MAX))));
    expect(sent).toEqual([1]);
    expect(put(carriage.content(record(Lane.INPUT, 9)))).toEqual([9]);
    expect(put(carriage.messages(1, [encodeTaken(1)]))).toEqual([2]);
    expect(put(carriage.messages(1, [encodeTaken(2)]))).toEqual([]);
    expect(put(carriage.messages(1, [encodeTaken(3)]))).toEqual([3]);
  });

  test("holds the hand back too when it is full", () => {
    const carriage = direct();
    const size = LIMITS.SEALED_FRAME_MAX;
    const sent = Array.from({ length: 20 }, (_, number) => put(carriage.content(record(Lane.INPUT, number, size)))).flat();
    expect(sent).toHaveLength(Math.floor(LIMITS.DIRECT_WINDOW / size));
    expect(put(carriage.messages(1, [encodeTaken(2)]))).toHaveLength(2);
  });

  test("is what a host may have under way before it turns", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    const piece = record(Lane.SCREEN, 1, 2 ** 15);
    const held = LIMITS.DIRECT_WINDOW / piece.length;
    expect(carriage.messages(1, Array.from({ length: held }, () => piece))).toEqual([]);
    expect(carriage.messages(1, [record(Lane.SCREEN, 2)])).toEqual([
      { kind: "close" },
      { kind: "over", attempt: 1, received: 0, cause: DirectCause.NOT_AS_AGREED },
    ]);
  });
});

describe("a channel is over", () => {
  test.each([
    ["nothing", new Uint8Array(0)],
    ["a frame of another kind", Uint8Array.of(FrameKind.CONTROL, Lane.SCREEN, ...new Uint8Array(40))],
    ["a record of a lane that stays", record(Lane.CONTROL, 1)],
    ["a record that is too short", record(Lane.SCREEN, 1, 31)],
    ["a record that is too long", record(Lane.SCREEN, 1, LIMITS.SEALED_FRAME_MAX + 1)],
    ["a short count", Uint8Array.of(0x41, 0)],
    ["a long count", Uint8Array.of(...encodeTaken(0), 0)],
    ["a count of more than was sent", encodeTaken(2)],
    ["a count of less than before", encodeTaken(0)],
    ["a count beyond all numbers", Uint8Array.of(0x41, ...new Uint8Array(8).fill(255))],
  ])("after %s on it", (_, message) => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    carriage.messages(1, [encodeTaken(1)]);
    carriage.messages(1, [record(Lane.SCREEN, 1)]);
    expect(carriage.messages(1, [record(Lane.SCREEN, 2), message])).toEqual([
      { kind: "close" },
      { kind: "over", attempt: 1, received: 1, cause: DirectCause.NOT_AS_AGREED },
    ]);
    expect(carriage.carrier).toBe("relay");
    expect(carriage.messages(1, [record(Lane.SCREEN, 2)])).toEqual([]);
  });

  test("and what the host did not take goes over the relay, the same bytes, once the host says how much it took", () => {
    const carriage = direct();
    const frames = [1, 2, 3].map((number) => record(Lane.INPUT, number));
    for (const frame of frames) carriage.content(frame);
    expect(kinds(carriage.failed(1, DirectCause.FAILED))).toEqual(["close", "over"]);
    expect(carriage.failed(1, DirectCause.FAILED)).toEqual([]);
    expect(carriage.content(record(Lane.INPUT, 4))).toEqual([]);
    const steps = carriage.peerOver(1, 1, DirectCause.FAILED);
    expect(relayed(steps)).toEqual([2, 3, 4]);
    expect(steps[0]).toEqual({ kind: "relay", frame: frames[1] });
    expect(relayed(carriage.content(record(Lane.INPUT, 5)))).toEqual([5]);
    expect(() => carriage.peerOver(1, 1, DirectCause.FAILED)).toThrow(PeerMisbehaved);
  });

  test("when the host says so: its word is answered first", () => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    expect(carriage.peerOver(1, 0, DirectCause.SLOWER)).toEqual([
      { kind: "close" },
      { kind: "over", attempt: 1, received: 0, cause: DirectCause.SLOWER },
      { kind: "relay", frame: record(Lane.INPUT, 1) },
    ]);
  });

  test("which the host says of this one alone, with a count that can be", () => {
    expect(() => direct().peerOver(2, 0, DirectCause.FAILED)).toThrow(PeerMisbehaved);
    expect(() => direct().peerOver(1, 1, DirectCause.FAILED)).toThrow(PeerMisbehaved);
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    carriage.messages(1, [encodeTaken(1)]);
    expect(() => carriage.peerOver(1, 0, DirectCause.FAILED)).toThrow(PeerMisbehaved);
  });

  test("before it ever opened: the relay goes on meanwhile", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    expect(carriage.failed(2, DirectCause.FAILED)).toEqual([]);
    expect(carriage.failed(1, DirectCause.FAILED).at(-1)).toEqual({ kind: "over", attempt: 1, received: 0, cause: DirectCause.FAILED });
    expect(relayed(carriage.content(record(Lane.INPUT, 1)))).toEqual([1]);
    expect(carriage.opened(1)).toEqual([]);
    expect(carriage.peerTurns(1)).toEqual([]); // was said before the host knew
    expect(carriage.peerOver(1, 0, DirectCause.FAILED)).toEqual([]);
  });

  test("when nothing is taken for two seconds, and not a moment longer", () => {
    const carriage = direct();
    expect(carriage.tick(60)).toEqual([]); // nothing is under way
    carriage.content(record(Lane.INPUT, 1));
    expect(carriage.tick(1)).toEqual([]);
    carriage.content(record(Lane.INPUT, 2));
    carriage.messages(1, [encodeTaken(0)]); // no progress
    expect(carriage.tick(0.9)).toEqual([]);
    carriage.messages(1, [encodeTaken(1)]);
    expect(carriage.tick(60)).toEqual([]); // a page that slept has not read what arrived
    expect(carriage.tick(1)).toEqual([{ kind: "close" }, { kind: "over", attempt: 1, received: 0, cause: DirectCause.STALLED }]);
    expect(carriage.tick(60)).toEqual([]);
  });

  test("when what is said of it is no progress", () => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    carriage.tick(1);
    carriage.messages(1, [encodeTaken(0)]);
    expect(carriage.tick(1).at(-1)).toMatchObject({ kind: "over", cause: DirectCause.STALLED });
  });

  test("and nothing of it is taken afterwards, nor of another", () => {
    const carriage = direct();
    expect(carriage.messages(2, [record(Lane.SCREEN, 1)])).toEqual([]);
    carriage.failed(1, DirectCause.FAILED);
    expect(carriage.messages(1, [record(Lane.SCREEN, 1)])).toEqual([]);
    carriage.peerOver(1, 0, DirectCause.FAILED);
    carriage.begin(2);
    carriage.peerTurns(2);
    expect(took(carriage.opened(2))).toEqual([]);
  });

  test("and time does not count from before something was under way", () => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    carriage.tick(1);
    carriage.messages(1, [encodeTaken(1)]);
    carriage.content(record(Lane.INPUT, 2));
    expect(carriage.tick(1)).toEqual([]);
  });

  test("when it does not open in time", () => {
    const carriage = new Carriage();
    carriage.begin(1);
    for (let second = 1; second < LIMITS.DIRECT_TRY_SECONDS; second += 1) expect(carriage.tick(1)).toEqual([]);
    expect(carriage.tick(1).at(-1)).toMatchObject({ kind: "over", cause: DirectCause.FAILED });
  });

  test("when the line is cut, and nothing sealed for it is kept", () => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    carriage.messages(1, [record(Lane.SCREEN, 1)]);
    expect(carriage.reset()).toEqual([{ kind: "close" }]);
    expect(carriage.reset()).toEqual([]);
    expect(relayed(carriage.content(record(Lane.INPUT, 2)))).toEqual([2]);
    carriage.begin(2);
    expect(carriage.messages(2, [record(Lane.SCREEN, 2)])).toEqual([]);
    carriage.opened(2);
    expect(carriage.drained()).toEqual([{ kind: "turn", attempt: 2 }]);
    expect(carriage.peerTurns(2).at(-1)).toEqual({ kind: "channel", data: encodeTaken(1) });
    expect(carriage.peerOver(2, 0, DirectCause.FAILED).at(1)).toMatchObject({ received: 1 });
  });
});

describe("where content may never go over the relay", () => {
  test("it waits for a channel, and is on the next what it was on the last", () => {
    const carriage = new Carriage();
    expect(carriage.restrict(true)).toEqual([]);
    carriage.begin(1);
    expect([carriage.carrier, carriage.waits]).toEqual(["waiting", true]);
    expect(carriage.content(record(Lane.INPUT, 1))).toEqual([]);
    expect(kinds(carriage.opened(1))).toEqual(["turn", "channel"]);
    carriage.content(record(Lane.INPUT, 2));
    expect(kinds(carriage.failed(1, DirectCause.FAILED))).toEqual(["close", "over"]);
    expect(carriage.content(record(Lane.INPUT, 3))).toEqual([]);
    expect(carriage.peerOver(1, 1, DirectCause.FAILED)).toEqual([]);
    carriage.begin(2);
    expect(put(carriage.opened(2))).toEqual([2, 3]);
    expect(carriage.waits).toBe(false);
    carriage.peerTurns(2);
    expect(carriage.carrier).toBe("direct");
    carriage.reset();
    expect(carriage.content(record(Lane.INPUT, 4))).toEqual([]);
    expect(carriage.carrier).toBe("waiting");
    expect(relayed(carriage.restrict(false))).toEqual([4]);
    expect(relayed(carriage.content(record(Lane.INPUT, 5)))).toEqual([5]);
  });

  test("is said while there is a channel too, and holds from its end on", () => {
    const carriage = direct();
    carriage.content(record(Lane.INPUT, 1));
    expect(carriage.restrict(true)).toEqual([]);
    expect(carriage.carrier).toBe("direct");
    expect(relayed(carriage.peerOver(1, 0, DirectCause.POLICY))).toEqual([]);
    expect(relayed(carriage.restrict(false))).toEqual([1]);
  });

  test("is taken back while a channel ends: what it took is known first", () => {
    const carriage = direct();
    carriage.restrict(true);
    carriage.content(record(Lane.INPUT, 1));
    carriage.content(record(Lane.INPUT, 2));
    carriage.failed(1, DirectCause.FAILED);
    carriage.content(record(Lane.INPUT, 3));
    expect(carriage.restrict(false)).toEqual([]);
    expect(relayed(carriage.peerOver(1, 1, DirectCause.FAILED))).toEqual([2, 3]);
  });
});
