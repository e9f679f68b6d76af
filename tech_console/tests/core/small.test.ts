// The small rules: codes as they are typed, passwords, bytes, frames put together, records that do not fit.

import { describe, expect, test } from "vitest";

import { base64url, fromBase64url, readU64, u64, view } from "../../src/core/bytes";
import { splitFrame, splitRecord } from "../../src/core/frames";
import { grouped, splitCode, splitHalf } from "../../src/core/code";
import { judge } from "../../src/core/password";
import { recoveryCode } from "../../src/core/recovery";
import { Opener, Sealer, type LaneStart } from "../../src/core/records";
import { encode, MalformedMessage } from "../../src/core/schema";
import type { Monitors } from "../../src/core/scene";
import { FrameAssembly, type Copy, type Piece } from "../../src/core/screen";
import { advance, ENTERED } from "../../src/core/session";
import { open, p256, verifyBytes } from "../../src/core/statements";
import { FrameKind, Codec, Direction, Label, Lane, LIMITS, SessionEvent, SessionState, TRANSITIONS } from "../../src/wire.gen";

describe("a code while it is typed", () => {
  test.each([
    ["4", "4"],
    ["4829", "482-9"],
    ["482913", "482-913"],
    ["482913k", "482-913 K"],
    ["482913k7qf2", "482-913 K7QF-2"],
    ["482-913 K7QF-2M9X99", "482-913 K7QF-2M9X"],
    ["", ""],
  ])("%s is shown as %s", (typed, shown) => {
    expect(grouped(typed)).toBe(shown);
    expect(grouped(grouped(typed))).toBe(shown);
  });

  test("is no code before it is whole", () => {
    expect(splitCode("482-913 K7QF-2M9")).toBeNull();
  });

  test.each([
    ["2m9x", "2M9X"],
    ["2M-9O", "2M90"],
    ["2M9", null],
    ["2M9XX", null],
    ["2M9U", null],
  ])("half %s is read as %s", (typed, half) => {
    expect(splitHalf(typed)).toBe(half);
  });
});

describe("a password", () => {
  test.each([
    ["short", "short"],
    ["a".repeat(257), "long"],
    ["abababababababab", "simple"],
    ["alexmarten12345", "close"],
    ["seven brave otters at dusk", "good"],
    ["alexmarten likes seven otters", "good"],
  ])("%s is %s", (password, verdict) => {
    expect(judge(password, ["AlexMarten", ""])).toBe(verdict);
  });
});

describe("a password under the classic profile", () => {
  test.each([
    ["Otters-at7", "good"],
    ["Otters-a7", "short"],
    ["otters-at7", "classes"],
    ["OTTERS-AT7", "classes"],
    ["Otters-att", "classes"],
    ["Otterssat7", "classes"],
  ])("%s is %s", (password, verdict) => {
    expect(judge(password, [], { shortest: 10, classes: 4, days: 90 })).toBe(verdict);
  });
});

describe("a recovery code as it is typed", () => {
  test.each([
    ["0123-4567-89AB-CDEF", "0123-4567-89AB-CDEF"],
    ["oi23 4567 89ab cdef", "0123-4567-89AB-CDEF"],
    ["0123456789ABCDEF", "0123-4567-89AB-CDEF"],
    ["0123456789ABCDE", null],
    ["0123456789ABCDEFG", null],
    ["0123456789ABCDEU", null],
  ])("%s", (typed, code) => {
    expect(recoveryCode(typed)).toBe(code);
  });
});

describe("bytes", () => {
  test("are spelt in one way only", () => {
    expect(base64url(Uint8Array.of(251, 255))).toBe("-_8");
    expect(fromBase64url("-_8")).toEqual(Uint8Array.of(251, 255));
    expect(["-_9", "-_8=", "+/8", "A", " -_8"].map(fromBase64url)).toEqual([null, null, null, null, null]);
  });

  test("hold counters up to what this language counts exactly", () => {
    expect(readU64(view(u64(Number.MAX_SAFE_INTEGER)), 0)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => readU64(view(new Uint8Array(8).fill(255)), 0)).toThrow("out of range");
  });

  test("cannot be written out of bounds", () => {
    expect(() => encode({ type: "factor_confirm", totp: "12345" })).toThrow(RangeError);
    expect(() => encode({ type: "refused", about: "\ud800", reason: "malformed" })).toThrow(RangeError);
  });
});

function piece(change: Partial<Piece> = {}): Piece {
  return { kind: "piece", frame: 1, x: 0, y: 0, width: 256, height: 256, codec: Codec.FILL, data: new Uint8Array(3), ...change };
}

function copy(change: Partial<Copy> = {}): Copy {
  return { kind: "copy", frame: 1, from_x: 0, from_y: 1, x: 0, y: 0, width: 512, height: 9, ...change };
}

describe("a frame", () => {
  const layout = { kind: "layout", width: 512, height: 256 } as const;
  const end = { kind: "frame_end", frame: 1, boot: 5 } as const;

  test("is drawn when all of it is there, and not before", () => {
    const assembly = new FrameAssembly();
    expect([layout, piece(), piece({ x: 256 })].map((each) => assembly.add(each))).toEqual([null, null, null]);
    expect(assembly.add(end)).toMatchObject({ frame: 1, boot: 5, layout, pieces: [{ x: 0 }, { x: 256 }] });
    expect([piece(), layout, piece({ x: 256 })].map((each) => assembly.add(each))).toEqual([null, null, null]);
    expect(assembly.add(end)).toMatchObject({ pieces: [{ x: 256 }] }); // a layout begins anew: what was cut inside a frame is let fall
    expect(assembly.add({ ...end, frame: 2 })).toMatchObject({ frame: 2, pieces: [] });
    expect([copy(), copy({ y: 3 }), piece()].map((each) => assembly.add(each))).toEqual([null, null, null]);
    expect(assembly.add(end)).toMatchObject({ begins: false, copies: [{ y: 0 }, { y: 3 }], pieces: [{ x: 0 }] });
  });

  test("is drawn on black when it is the first of its layout", () => {
    const assembly = new FrameAssembly();
    const begin = () => [layout, end, end].map((each) => assembly.add(each)?.begins);
    expect([begin(), begin()]).toEqual([[undefined, true, false], [undefined, true, false]]);
  });

  test("knows the monitors of its layout, and forgets them with it", () => {
    const assembly = new FrameAssembly();
    const monitors = [
      { x: 0, y: 0, width: 256, height: 256, primary: 1 },
      { x: 256, y: 0, width: 256, height: 200, primary: 0 },
    ];
    for (const each of [layout, { kind: "monitors", monitors } as const]) assembly.add(each);
    expect(assembly.add(end)).toMatchObject({ monitors });
    assembly.add(layout);
    expect(assembly.add(end)).toMatchObject({ monitors: [] });
  });

  const beside: Monitors = { kind: "monitors", monitors: [{ x: 257, y: 0, width: 256, height: 256, primary: 0 }] };
  const below: Monitors = { kind: "monitors", monitors: [{ x: 0, y: 1, width: 256, height: 256, primary: 0 }] };

  test.each([
    ["a piece before any layout", [piece()]],
    ["monitors before any layout", [{ ...beside, monitors: [{ x: 0, y: 0, width: 1, height: 1, primary: 0 }] }]],
    ["a monitor beside the picture", [layout, beside]],
    ["a monitor below the picture", [layout, below]],
    ["a piece outside", [layout, piece({ x: 257 })]],
    ["a piece below", [layout, piece({ y: 1 })]],
    ["a piece of another frame", [layout, piece(), piece({ frame: 2 })]],
    ["an end before any layout", [end]],
    ["the end of another frame", [layout, piece(), { ...end, frame: 2 }]],
    ["a copy before any layout", [copy()]],
    ["a copy from outside", [layout, copy({ from_x: 1 })]],
    ["a copy from below", [layout, copy({ from_y: 248 })]],
    ["a copy to outside", [layout, copy({ x: 1 })]],
    ["a copy of another frame", [layout, copy(), copy({ frame: 2 })]],
    ["a copy behind a piece", [layout, piece(), copy()]],
    ["the end of another frame than its copies", [layout, copy(), { ...end, frame: 2 }]],
    ["more copies than a frame has", [layout, ...Array.from({ length: LIMITS.COPIES_MAX + 1 }, () => copy({ width: 1, height: 1 }))]],
    ["copies of more pixels than any picture needs", [layout, copy({ height: 200 }), copy({ height: 200 }), copy({ height: 200 })]],
    ["more pixels than any picture needs", [layout, piece(), piece(), piece(), piece(), piece()]],
  ])("is refused with %s", (_name, pictures) => {
    const assembly = new FrameAssembly();
    expect(() => pictures.map((each) => assembly.add(each))).toThrow(MalformedMessage);
  });
});

describe("records", () => {
  const start: LaneStart = { sessionId: "s", lane: Lane.INPUT, grant: 1, direction: Direction.TO_HOST, secret: new Uint8Array(32) };

  test("do not leave with a length that their lane does not carry", async () => {
    const sealer = await Sealer.begin(start, 0);
    await expect(sealer.seal(new Uint8Array(LIMITS.INPUT_PLAIN - 1), 0)).rejects.toThrow(RangeError);
  });

  test("of a file are longer than others, and a frame is what it is called", async () => {
    const file: LaneStart = { ...start, lane: Lane.FILE_TO_HOST };
    const plain = new Uint8Array(LIMITS.FILE_PLAIN_MAX);
    const framed = await (await Sealer.begin(file, 0)).frame(plain, 0);
    const { kind, body } = splitFrame(framed);
    expect([kind, framed.length]).toEqual([FrameKind.SEALED, LIMITS.FILE_FRAME_MAX]);
    expect(body).toEqual(await (await Sealer.begin(file, 0)).seal(plain, 0));
    const { header, sealed } = splitRecord(body);
    expect((await (await Opener.begin(file)).open(header, sealed)).length).toBe(plain.length);
    const longer = new Uint8Array(LIMITS.FILE_PLAIN_MAX + 1);
    await expect((await Sealer.begin(file, 0)).frame(longer, 0)).rejects.toThrow(RangeError);
    const ofScreen: LaneStart = { ...start, lane: Lane.SCREEN, direction: Direction.TO_TECHNICIAN };
    await expect((await Sealer.begin(ofScreen, 0)).seal(plain, 0)).rejects.toThrow(RangeError);
  });

  test("are not opened after a fault", async () => {
    const opener = await Opener.begin(start);
    const header = { lane: start.lane, grant: start.grant, epoch: 0, sequence: 0 };
    const sealed = new Uint8Array(LIMITS.INPUT_PLAIN + LIMITS.RECORD_TAG);
    await expect(opener.open(header, sealed)).rejects.toThrow("does not open");
    await expect(opener.open(header, sealed)).rejects.toThrow("after a fault");
  });
});

describe("the order of a visit", () => {
  test("is the generated table and nothing else", () => {
    for (const state of Object.values(SessionState)) {
      for (const event of Object.values(SessionEvent)) expect(advance(state, event)).toBe(TRANSITIONS[state][event] ?? null);
    }
    expect(ENTERED).toBe(SessionState.ADMITTED);
  });
});

describe("signatures", () => {
  test("of a wrong length or under no key are none", async () => {
    const message = new Uint8Array(1);
    expect(await verifyBytes(p256(new Uint8Array(65)), new Uint8Array(64), message)).toBe(false);
    expect(await verifyBytes(p256(new Uint8Array(64)), new Uint8Array(64), message)).toBe(false);
    expect(await verifyBytes(p256(new Uint8Array(65)), new Uint8Array(63), message)).toBe(false);
  });

  test("under another label are not looked at", async () => {
    const statement = { label: Label.ENDED, alg: "p256", payload: new Uint8Array(2), sig: new Uint8Array(64) } as const;
    expect(await open(statement, Label.ASKED, p256(new Uint8Array(65)), "Ended")).toBeNull();
  });
});
