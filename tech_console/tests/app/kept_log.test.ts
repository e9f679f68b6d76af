// What a browser holds of a broker's log: held once, doubted until a person acts on it, and shared by all pages of this browser.

import { beforeEach, expect, test, vi } from "vitest";

import evidence from "../../../wire/vectors/evidence.json";
import { KeptLog } from "../../src/app/kept_log";
import type { LogMemory } from "../../src/app/memory";
import { NoteInvalid } from "../../src/core/checkpoint";
import { heldBefore } from "../../src/core/heads";
import { Doubt, type LogDoubted } from "../../src/wire.gen";

const { store } = vi.hoisted(() => ({ store: new Map<string, unknown>() }));

// The browser's database, as one that all pages share.
vi.mock("../../src/app/memory", () => ({
  changeLog: async (name: string, change: (kept: LogMemory | undefined) => LogMemory): Promise<LogMemory> => {
    const now = await Promise.resolve(change(store.get(name) as LogMemory | undefined));
    store.set(name, now);
    return now;
  },
}));

const NOTES = evidence.notes.filter(({ opens }) => opens !== null).map(({ note }) => note);
const [ONE = "", TWO = ""] = NOTES;
const DOUBTED: LogDoubted = { doubt: Doubt.FORKED, held: ONE, given: TWO };

beforeEach(() => {
  store.clear();
});

test("nothing is held at first, and what is held outlives the page", async () => {
  const kept = await KeptLog.open("root", "b-1");
  expect([kept.held, kept.doubted]).toEqual([null, null]);
  expect(await kept.hold(heldBefore(ONE))).toBe(true);
  const later = await KeptLog.open("root", "b-1");
  expect(later.held).toEqual(heldBefore(ONE));
});

test("each broker and each pinned root has a memory of its own", async () => {
  await (await KeptLog.open("root", "b-1")).hold(heldBefore(ONE));
  for (const [root, broker] of [["root", "b-2"], ["other", "b-1"]] as const) {
    expect((await KeptLog.open(root, broker)).held).toBeNull();
  }
});

test("a head that was compared with an older one than another page holds is not held", async () => {
  const [one, other] = [await KeptLog.open("root", "b-1"), await KeptLog.open("root", "b-1")];
  expect(await one.hold(heldBefore(ONE))).toBe(true);
  expect(await other.hold(heldBefore(TWO))).toBe(false);
  expect(other.held).toEqual(heldBefore(ONE));
  expect(await other.hold(heldBefore(TWO))).toBe(true);
});

test("a doubt stands on every page, the first one stays, and nothing more is held", async () => {
  const kept = await KeptLog.open("root", "b-1");
  await kept.hold(heldBefore(ONE));
  await kept.doubt(DOUBTED);
  await kept.doubt({ ...DOUBTED, doubt: Doubt.NOT_SIGNED });
  expect(kept.doubted).toEqual(DOUBTED);
  expect(await kept.hold(heldBefore(TWO))).toBe(false);
  const later = await KeptLog.open("root", "b-1");
  expect([later.doubted, later.held]).toEqual([DOUBTED, heldBefore(ONE)]);
});

test("once a person has acted, the next head is believed as the first one was", async () => {
  const kept = await KeptLog.open("root", "b-1");
  await kept.hold(heldBefore(ONE));
  await kept.doubt(DOUBTED);
  await kept.believeAnew();
  expect([kept.held, kept.doubted]).toEqual([null, null]);
  expect(await kept.hold(heldBefore(TWO))).toBe(true);
});

test("something else where a note was kept is not taken for one", async () => {
  store.set("root b-1", { note: "no note", doubted: null });
  const kept = await KeptLog.open("root", "b-1");
  expect(() => kept.held).toThrow(NoteInvalid);
});
