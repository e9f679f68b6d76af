// Files from a host: how much may be on its way, what they are called here, and the archive that a folder becomes.

import { describe, expect, test } from "vitest";

import { utf8 } from "../../src/core/bytes";
import { DATA_MAX, Sending, Taking } from "../../src/core/files";
import { numbered, safeName } from "../../src/core/safe_name";
import { crc32, zipFrame } from "../../src/core/zip";
import { LIMITS } from "../../src/wire.gen";

function piece(offset: number, length: number): { readonly offset: number; readonly content: Uint8Array<ArrayBuffer> } {
  return { offset, content: new Uint8Array(length) };
}

describe("a file that comes", () => {
  test("is asked for from its beginning, acknowledged now and then, and at its end", () => {
    const taking = new Taking(300_000, 0);
    expect(taking.begin()).toEqual({ offset: 0, window: 512 * 1024 });
    expect(taking.came(piece(0, 60_000), 0)).toBeNull();
    expect(taking.came(piece(60_000, 202_144), 0)).toMatchObject({ offset: 262_144 });
    expect(taking.came(piece(262_144, 37_856), 0)).toMatchObject({ offset: 300_000 });
    expect(taking.whole).toBe(true);
  });

  test("goes on over another socket from where it is", () => {
    const taking = new Taking(1000, 0);
    taking.begin();
    taking.came(piece(0, 400), 0);
    expect(taking.begin().offset).toBe(400);
    expect(() => taking.came(piece(0, 400), 0)).toThrow("at a wrong place");
  });

  test.each([piece(1, 5), piece(0, 600 * 1024), piece(0, 1001)])("in a piece that nobody asked for ends the visit", (wrong) => {
    const taking = new Taking(wrong.content.length === 1001 ? 1000 : 2 ** 30, 0);
    taking.begin();
    expect(() => taking.came(wrong, 0)).toThrow("of a file");
  });

  test("before it was asked for ends the visit", () => {
    expect(() => new Taking(10, 0).came(piece(0, 1), 0)).toThrow("than was asked for");
  });

  test("is let come at the pace of the line, within bounds", () => {
    const fast = new Taking(2 ** 30, 0);
    fast.begin();
    expect(fast.came(piece(0, 500_000), 0.001)).not.toBeNull();
    expect(fast.came(piece(500_000, 500_000), 0.25)?.window).toBe(2_000_000);
    const slow = new Taking(2 ** 30, 0);
    slow.begin();
    expect(slow.came(piece(0, 270_000), 100)?.window).toBe(64 * 1024);
    expect(slow.came(piece(270_000, 32 * 1024), 200), "half of a small window is due").not.toBeNull();
    expect(LIMITS.FILE_WINDOW).toBeGreaterThan(1_000_000);
  });

  test.each([1000, 60_000, 300_000, 600_000, 1e8])("is whole in the end over a line of %d bytes a second", (rate) => {
    const sending = new Sending(2 ** 20 + 1);
    const taking = new Taking(sending.total, 0);
    sending.begin(taking.begin());
    const way: ReturnType<typeof piece>[] = [];
    for (let run = 0; !taking.whole; ) {
      for (let next = sending.next(DATA_MAX); next !== null; next = sending.next(DATA_MAX)) way.push(piece(next.offset, next.length));
      const first = way.shift();
      if (first === undefined) throw new Error(`the line stands still at ${sending.sent}`);
      run += first.content.length / rate;
      const ack = taking.came(first, run);
      if (ack !== null) sending.acknowledged(ack);
    }
    expect(taking.got).toBe(sending.total);
  });
});

describe("the name of what is saved", () => {
  test.each([
    ["run 7.csv", "run 7.csv"],
    ["../../etc/passwd", "_._.._etc_passwd"],
    ["C:\\Windows\\a", "C__Windows_a"],
    [".bashrc", "_bashrc"],
    ["-rf", "_rf"],
    ["NUL", "_NUL"],
    ["com1.txt", "_com1.txt"],
    ["a\u202Egpj.exe", "agpj.exe"],
    ["line\nbreak", "line break"],
    ["dots...", "dots"],
    ["e\u0301.txt", "\u00E9.txt"],
    ["\u200B", "_"],
    ["", "_"],
  ])("%j is %j", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  test("keeps its ending when it is too long", () => {
    const short = safeName(`${"\u00E9".repeat(300)}.csv`);
    expect(utf8(short).length).toBeLessThanOrEqual(200);
    expect(short.endsWith(".csv")).toBe(true);
    expect(utf8(safeName("a".repeat(500))).length).toBe(200);
  });

  test("gets a number before its ending", () => {
    expect([numbered("a.csv", 1), numbered("a.csv", 2), numbered("noending", 3), numbered(".x", 2)]).toEqual(["a.csv", "a (2).csv", "noending (3)", ".x (2)"]);
  });
});

describe("the archive of a folder", () => {
  test("has the checksum that every archive has", () => {
    expect(crc32(utf8("123456789"), 0)).toBe(0xcbf4_3926);
    expect(crc32(utf8("6789"), crc32(utf8("12345"), 0))).toBe(0xcbf4_3926);
  });

  test("names each file once, safely, with where it begins", () => {
    const { before, end } = zipFrame([
      { path: "a/b.txt", size: 3, crc: 1 },
      { path: "a/B.TXT", size: 0, crc: 0 },
      { path: "../up", size: 1, crc: 2 },
    ]);
    const names = before.map((head) => new TextDecoder().decode(head.subarray(30)));
    expect(names).toEqual(["a/b.txt", "a/B (2).TXT", "_/up"]);
    const bytes = new DataView(end.buffer, end.byteOffset);
    const last = end.length - 22;
    expect([bytes.getUint32(last, true), bytes.getUint16(last + 10, true)]).toEqual([0x0605_4b50, 3]);
    const [first, second] = before;
    expect(bytes.getUint32(last + 16, true)).toBe(before.reduce((sum, head) => sum + head.length, 0) + 4);
    expect(bytes.getUint32(46 + 7 + 42, true)).toBe((first?.length ?? 0) + 3);
    expect(second?.length).toBe(30 + 11);
  });
});
