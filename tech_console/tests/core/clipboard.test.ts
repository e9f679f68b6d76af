// The clipboard at the console: strict as the vectors say, one text and one question at a time, and nothing of it left when it is over.

import { beforeEach, describe, expect, test } from "vitest";

import clipboard from "../../../wire/vectors/clipboard.json";
import { concat, fromHex, hex, u32, u8, utf8, type Bytes } from "../../src/core/bytes";
import { Clipboard, decodeDone, decodeGiven, encodeFetch, encodePut, NO_CLIPBOARD, Parts, recordsOf } from "../../src/core/clipboard";
import { MalformedMessage } from "../../src/core/json";
import { ClipboardMissing, LIMITS, Permission, PutOutcome } from "../../src/wire.gen";

const INTO = Permission.CLIPBOARD_TO_HOST;
const OUT = Permission.CLIPBOARD_FROM_HOST;

describe("vectors", () => {
  test.each(clipboard.texts)("$hex is read, and written the same", ({ hex: data, number, text }) => {
    expect(decodeGiven(fromHex(data))).toEqual({ kind: "text", number, text });
    expect(hex(encodePut(number, text))).toBe(data);
  });

  test.each(clipboard.missing)("$hex says why there is none", ({ hex: data, number, why }) => {
    expect(decodeGiven(fromHex(data))).toEqual({ kind: "missing", number, why });
  });

  test.each(clipboard.bad)("$why is refused", ({ hex: data }) => {
    expect(() => decodeGiven(fromHex(data))).toThrow(MalformedMessage);
  });

  test.each(clipboard.fetches.filter(({ number }) => number !== null))("$hex asks", ({ hex: data, number }) => {
    expect(hex(encodeFetch(number ?? 0))).toBe(data);
  });

  test.each(clipboard.dones.filter(({ number }) => number !== null))("$hex answers", ({ hex: data, number, outcome }) => {
    expect(decodeDone(fromHex(data))).toEqual({ number, done: outcome === PutOutcome.DONE });
  });

  test.each(clipboard.dones.filter(({ number }) => number === null))("$hex is no answer", ({ hex: data }) => {
    expect(() => decodeDone(fromHex(data))).toThrow(MalformedMessage);
  });

  test("the longest text is cut as the host cuts it", () => {
    const records = recordsOf(encodePut(2 ** 32 - 1, "x".repeat(LIMITS.CLIPBOARD_TEXT_MAX)));
    expect(records.map((each) => ({ more: each[0], bytes: each.length }))).toEqual(clipboard.chunks.records);
  });

  test.each(clipboard.joined.filter(({ messages }) => messages !== null))("$records are joined", ({ records, messages }) => {
    const parts = new Parts();
    expect(records.map((each) => parts.add(fromHex(each))).map((each) => each && hex(each))).toEqual(messages);
  });

  test.each(clipboard.joined.filter(({ messages }) => messages === null))("$records are refused", ({ records }) => {
    expect(() => new Parts().add(fromHex(records[0] ?? ""))).toThrow(MalformedMessage);
  });

  test("a host that never ends a text is cut at its bound", () => {
    const parts = new Parts();
    const part = concat(u8(1), new Uint8Array(LIMITS.RECORD_PLAIN_MAX - 1));
    expect(parts.add(part)).toBeNull();
    expect(() => parts.add(part)).toThrow(MalformedMessage);
  });

  test.each(["", "a\u202E", "x".repeat(LIMITS.CLIPBOARD_TEXT_MAX + 1)])("what nobody could read is not written", (text) => {
    expect(() => encodePut(1, text)).toThrow(RangeError);
  });
});

let ours: Clipboard;

beforeEach(() => {
  ours = new Clipboard();
});

function given(number: number, text: string): void {
  for (const plain of recordsOf(concat(u8(1), u32(number), utf8(text)))) ours.received(OUT, plain);
}

function missing(number: number, why: ClipboardMissing): void {
  ours.received(OUT, concat(u8(0), u8(2), u32(number), u8(why)));
}

function done(number: number, outcome: PutOutcome): void {
  ours.received(INTO, concat(u8(1), u32(number), u8(outcome)));
}

function sent(records: readonly Bytes[]): string {
  return hex(concat(...records.map((each) => each.subarray(1))));
}

describe("to the host", () => {
  test("a text goes clean, and its answer is shown", () => {
    expect(sent(ours.put("Lot\r\n\u202E4711"))).toBe(hex(encodePut(1, "Lot\n4711")));
    expect(ours.view.put).toEqual({ state: "sent", letters: 8 });
    done(1, PutOutcome.DONE);
    expect(ours.view.put.state).toBe("there");
    ours.put("b");
    done(1, PutOutcome.DONE);
    expect(ours.view.put.state).toBe("sent");
    done(2, PutOutcome.REFUSED);
    expect(ours.view.put.state).toBe("refused");
  });

  test.each([
    ["", "nothing"],
    ["\u200B", "nothing"],
    ["x".repeat(LIMITS.CLIPBOARD_TEXT_MAX + 1), "too_long"],
    ["\u20AC".repeat(LIMITS.CLIPBOARD_TEXT_MAX / 2), "too_long"],
  ])("what cannot go is said and not sent", (text, state) => {
    expect(ours.put(text)).toEqual([]);
    expect(ours.view.put).toEqual({ state, letters: 0 });
  });

  test("a letter outside the first plane is one letter", () => {
    ours.put("a\u{1F600}");
    expect(ours.view.put.letters).toBe(2);
  });
});

describe("from the host", () => {
  test("what was asked for is here until it is put away", () => {
    expect(hex(ours.fetch())).toBe(hex(encodeFetch(1)));
    given(1, "E14\n<b>x</b>");
    expect(ours.view.fetch).toEqual({ state: "here", text: "E14\n<b>x</b>", why: null });
    given(1, "another");
    expect(ours.view.fetch.text).toBe("E14\n<b>x</b>");
    ours.putAway();
    expect(ours.view.fetch).toEqual(NO_CLIPBOARD.fetch);
  });

  test("what nobody asked for, or asked for before, is nothing", () => {
    given(0, "a");
    expect(ours.view).toEqual(NO_CLIPBOARD);
    ours.fetch();
    ours.fetch();
    given(1, "old");
    expect(ours.view.fetch.state).toBe("asked");
    missing(2, ClipboardMissing.NOT_SENT);
    expect(ours.view.fetch).toEqual({ state: "missing", text: "", why: ClipboardMissing.NOT_SENT });
  });

  test("a text that steers is malformed", () => {
    ours.fetch();
    expect(() => given(1, "a\u202Eb")).toThrow(MalformedMessage);
  });
});

describe("what is over", () => {
  test("a right that is taken back leaves nothing of itself, and the other stands", () => {
    ours.put("a");
    ours.fetch();
    given(1, "b");
    ours.withdrawn(OUT);
    expect(ours.view.fetch).toEqual(NO_CLIPBOARD.fetch);
    expect(ours.view.put.state).toBe("sent");
    ours.withdrawn(INTO);
    ours.withdrawn(Permission.CONTROL);
    expect(ours.view).toEqual(NO_CLIPBOARD);
    expect(hex(ours.fetch())).toBe(hex(encodeFetch(1)));
  });

  test("what was on its way when the line was cut is lost, and numbers go on", () => {
    ours.put("a");
    ours.fetch();
    ours.received(OUT, concat(u8(1), u8(1), u32(1), utf8("half")));
    ours.parted();
    expect(ours.view.put.state).toBe("refused");
    expect(ours.view.fetch).toEqual({ state: "missing", text: "", why: ClipboardMissing.NOT_SENT });
    expect(sent(ours.put("a"))).toBe(hex(encodePut(2, "a")));
    ours.fetch();
    given(2, "whole");
    expect(ours.view.fetch.text).toBe("whole");
    ours.parted();
    expect(ours.view.fetch.text).toBe("whole");
  });
});
