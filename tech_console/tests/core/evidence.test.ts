// The vectors of notes, proofs and heads (wire/vectors/evidence.json), met by the console's code.

import { describe, expect, test } from "vitest";

import evidence from "../../../wire/vectors/evidence.json";
import { fromHex, hex, utf8 } from "../../src/core/bytes";
import { NoteInvalid, openNote } from "../../src/core/checkpoint";
import { Doubted, follow, heldBefore, type Side } from "../../src/core/heads";
import { checkConsistency, checkInclusion, checkSubtreeConsistency, checkSubtreeInclusion, ProofInvalid } from "../../src/core/merkle";
import { decode } from "../../src/core/schema";

/** What came of it, or null for a fault of this kind; any other fault stays one. */
async function orNull<T>(fault: new (...words: never[]) => Error, work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (why) {
    if (why instanceof fault) return null;
    throw why;
  }
}

async function shown(proof: Promise<void>): Promise<boolean> {
  return (await orNull(ProofInvalid, proof.then(() => true))) ?? false;
}

test.each(evidence.notes)("a note $name", async ({ note, key, opens }) => {
  const opened = await orNull(NoteInvalid, openNote(note, fromHex(key)));
  expect(opened === null ? null : { ...opened, root: hex(opened.root) }).toEqual(opens);
});

describe("a proof that a leaf is in its tree", () => {
  test.each(evidence.inclusion)("$name", async ({ index, size, leaf, path, root, right }) => {
    expect(await shown(checkInclusion(index, size, fromHex(leaf), path.map(fromHex), fromHex(root)))).toBe(right);
  });

  test.each([8, 24])("is the same in a subtree from %i", async (start) => {
    const small = evidence.inclusion.filter(({ size }) => size <= 8);
    const verdicts = small.map(({ index, size, leaf, path, root }) => {
      return shown(checkSubtreeInclusion(start + index, { start, end: start + size }, fromHex(leaf), path.map(fromHex), fromHex(root)));
    });
    expect(await Promise.all(verdicts)).toEqual(small.map(({ right }) => right));
  });

  test.each([
    [3, 5],
    [2, 6],
    [6, 4],
  ])("is none in [%i, %i), which is no subtree", async (start, end) => {
    const leaf = new Uint8Array(32);
    await expect(checkSubtreeInclusion(start, { start, end }, leaf, [], leaf)).rejects.toThrow("no subtree");
  });

  test.each([
    [-1, 1],
    [0, 2 ** 53],
    [0.5, 1],
    [Number.NaN, 1],
  ])("is none for leaf %d of %d, which is no place in a log", async (index, size) => {
    const leaf = new Uint8Array(32);
    await expect(checkInclusion(index, size, leaf, [], leaf)).rejects.toThrow("no place in a log");
    await expect(checkSubtreeInclusion(index, { start: index, end: size }, leaf, [], leaf)).rejects.toThrow("no place in a log");
    const whole = { size: size === 1 ? index : size, root: leaf };
    await expect(checkSubtreeConsistency({ start: 0, end: 1 }, leaf, whole, [])).rejects.toThrow("no place in a log");
  });
});

test.each(evidence.consistency)("a proof that a tree grew from $name", async (it) => {
  const [older, newer] = [{ size: it.old, root: fromHex(it.old_root) }, { size: it.new, root: fromHex(it.new_root) }];
  expect(await shown(checkConsistency(older, newer, it.path.map(fromHex)))).toBe(it.right);
});

test.each(evidence.subtrees)("a proof about $name", async ({ start, end, size, part, root, path, right }) => {
  const whole = { size, root: fromHex(root) };
  expect(await shown(checkSubtreeConsistency({ start, end }, fromHex(part), whole, path.map(fromHex)))).toBe(right);
});

describe("a head", () => {
  test.each(evidence.heads)("$name", async ({ side, key, held, head, doubt }) => {
    const said = decode(utf8(head), "head");
    const before = held === null ? null : heldBefore(held);
    const after = await follow(before, said, side as Side, fromHex(key)).catch((fault: unknown) => fault);
    expect(after instanceof Doubted ? after.doubt : after).toEqual(doubt ?? heldBefore(said.note));
  });

  test("that is doubted says what it claims, if that can be read", async () => {
    const doubted = evidence.heads.find((each) => each.name === "a shorter log");
    if (doubted === undefined) throw new Error("no such case");
    const head = decode(utf8(doubted.head), "head");
    const fault: unknown = await follow(heldBefore(doubted.held ?? ""), head, "broker", fromHex(doubted.key)).catch((why: unknown) => why);
    expect(fault).toMatchObject({ name: "Doubted", given: { size: 7 } });
    const unread: unknown = await follow(null, { ...head, note: "nothing" }, "broker", fromHex(doubted.key)).catch((why: unknown) => why);
    expect(unread).toMatchObject({ name: "Doubted", given: null });
  });
});
