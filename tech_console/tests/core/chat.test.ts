// The chat at the console: strict as the vectors say, within its bounds, and open only when the host says so.

import { beforeEach, describe, expect, test } from "vitest";

import chat from "../../../wire/vectors/chat.json";
import { fromHex, hex, PeerMisbehaved, type Bytes } from "../../src/core/bytes";
import { Budget, Chat, decodeSaid, encodeSaid } from "../../src/core/chat";
import { splitRecord } from "../../src/core/frames";
import { MalformedMessage } from "../../src/core/json";
import { cleaned, writeText } from "../../src/core/plain_text";
import { Opener, Sealer, type LaneStart } from "../../src/core/records";
import type { Lanes } from "../../src/core/rights";
import { Direction, Lane, LIMITS, Reason } from "../../src/wire.gen";

describe("vectors", () => {
  test.each(chat.good)("$hex is read, and written the same", ({ hex: data, text }) => {
    expect(decodeSaid(fromHex(data))).toBe(text);
    expect(hex(encodeSaid(text))).toBe(data);
  });

  test.each(chat.bad)("$why is refused", ({ hex: data }) => {
    expect(() => decodeSaid(fromHex(data))).toThrow(MalformedMessage);
  });

  test.each(chat.cleaned)("$typed is cleaned", ({ typed, text }) => {
    expect(cleaned(typed)).toBe(text);
  });

  test.each(["", "a\u202E", "x".repeat(LIMITS.CHAT_TEXT_MAX + 1)])("what nobody could read is not written", (text) => {
    expect(() => writeText(text, LIMITS.CHAT_TEXT_MAX)).toThrow(RangeError);
  });
});

const lanes: Lanes = (lane, grant, direction) => Promise.resolve(start(lane, grant, direction));

function start(lane: Lane, grant: number, direction: Direction): LaneStart {
  return { sessionId: "s-1", lane, grant, direction, secret: new Uint8Array(32) };
}

let lines: Chat;
let host: { readonly sealer: Sealer; readonly opener: Opener };

beforeEach(async () => {
  lines = await Chat.begin(lanes, 0);
  host = { sealer: await Sealer.begin(start(Lane.CHAT, 0, Direction.TO_TECHNICIAN), 0), opener: await Opener.begin(start(Lane.CHAT, 0, Direction.TO_HOST)) };
});

async function hear(plain: Bytes, { now = 0, directly = false } = {}): Promise<void> {
  const { header, sealed } = splitRecord(await host.sealer.seal(plain, 0));
  await lines.heard(header, sealed, now, directly);
}

async function reads(body: Bytes | null): Promise<string> {
  if (body === null) throw new Error("nothing was sent");
  const { header, sealed } = splitRecord(body);
  return decodeSaid(await host.opener.open(header, sealed));
}

test("both hear each other, in the order of their words", async () => {
  lines.stands(null);
  await hear(encodeSaid("is it on?"));
  expect(await reads(await lines.say(" yes\r\nsince \u202Emorning ", 1))).toBe("yes\nsince morning");
  expect(lines.view.lines).toEqual([
    { number: 1, mine: false, text: "is it on?" },
    { number: 2, mine: true, text: "yes\nsince morning" },
  ]);
});

test("nothing is said before the host has opened it, nor after it is shut, and it opens once", async () => {
  expect(await lines.say("a", 0)).toBeNull();
  await expect(hear(encodeSaid("a"))).rejects.toThrow(PeerMisbehaved);
  lines.stands(null);
  expect(await lines.say("b", 0)).not.toBeNull();
  lines.stands(Reason.PHI_POLICY);
  expect(lines.view).toMatchObject({ standing: "closed", reason: Reason.PHI_POLICY });
  expect(await lines.say("c", 0)).toBeNull();
  lines.stands(null);
  expect(lines.view.standing).toBe("closed");
});

test("what was on its way when it was shut is not shown", async () => {
  lines.stands(null);
  lines.stands(Reason.SITE_POLICY);
  await hear(encodeSaid("late"));
  expect(lines.view.lines).toEqual([]);
});

test("what is ahead of the word that opens the chat is shown with it, in its order, and never without it", async () => {
  await hear(encodeSaid("one"), { directly: true });
  await hear(encodeSaid("two"), { directly: true });
  expect(lines.view.lines).toEqual([]);
  lines.stands(null);
  await hear(encodeSaid("three"), { directly: true });
  expect(lines.view.lines.map(({ text }) => text)).toEqual(["one", "two", "three"]);
});

test("what is ahead of the word that there is no chat is never shown", async () => {
  await hear(encodeSaid("one"), { directly: true });
  lines.stands(Reason.SITE_POLICY);
  expect(lines.view.lines).toEqual([]);
});

test("more than a minute may have is no honest host's, whichever way it came", async () => {
  lines.stands(null);
  const longest = encodeSaid("x".repeat(LIMITS.CHAT_TEXT_MAX));
  const fit = Math.floor(LIMITS.CONTROL_LANE_BYTES_PER_MINUTE / (LIMITS.CHAT_TEXT_MAX + 33));
  for (let heard = 0; heard < fit; heard += 1) await hear(longest, { now: 1, directly: true });
  await expect(hear(longest, { now: 59, directly: true })).rejects.toThrow(PeerMisbehaved);
  await hear(longest, { now: 61 });
});

test("where no way leads to the host nothing is sent", async () => {
  lines.stands(null);
  expect(await lines.say("a", 0, true)).toBeNull();
  expect(lines.view.notSent).toBe("apart");
  expect(await reads(await lines.say("a", 0, false))).toBe("a");
});

test("what is too long or too much is not sent, and said so until something is", async () => {
  lines.stands(null);
  expect(await lines.say("x".repeat(LIMITS.CHAT_TEXT_MAX + 1), 0)).toBeNull();
  expect(lines.view.notSent).toBe("too_long");
  const longest = "x".repeat(LIMITS.CHAT_TEXT_MAX);
  const fit = Math.floor(LIMITS.CHAT_SENT_BYTES_PER_MINUTE / (LIMITS.CHAT_TEXT_MAX + 33));
  for (let sent = 0; sent < fit; sent += 1) expect(await lines.say(longest, 1)).not.toBeNull();
  expect(await lines.say(longest, 59)).toBeNull();
  expect(lines.view.notSent).toBe("too_fast");
  expect(await lines.say(longest, 61)).not.toBeNull();
  expect(lines.view.notSent).toBeNull();
  expect(await lines.say(" \u200B ", 61)).toBeNull();
});

test("while the line is cut nothing is sent, and with new keys it goes on behind what was written", async () => {
  lines.stands(null);
  await lines.say("before", 0);
  lines.rest();
  expect(await lines.say("meanwhile", 1)).toBeNull();
  expect(lines.view.notSent).toBe("apart");
  await lines.renew(lanes, 2);
  host = { sealer: host.sealer, opener: await Opener.begin(start(Lane.CHAT, 0, Direction.TO_HOST)) };
  expect(await reads(await lines.say("after", 2))).toBe("after");
  expect(lines.view.lines.map(({ text }) => text)).toEqual(["before", "after"]);
});

test("a host that writes without end costs no more than the newest lines", async () => {
  lines.stands(null);
  for (let count = 0; count < 510; count += 1) await hear(encodeSaid(String(count)));
  expect(lines.view.lines).toHaveLength(500);
  expect(lines.view.lines.at(-1)).toEqual({ number: 510, mine: false, text: "509" });
});

test("a minute's bound is included, and begins anew a minute later", () => {
  const budget = new Budget(10);
  expect([budget.spend(6, 100), budget.spend(5, 101), budget.spend(4, 102), budget.spend(1, 159.9)]).toEqual([true, false, true, false]);
  expect(budget.spend(10, 160)).toBe(true);
});
