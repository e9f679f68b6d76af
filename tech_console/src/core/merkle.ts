// Checks proofs about the Merkle tree of a log (RFC 9162, sections 2.1.3.2 and 2.1.4.2), with the verdicts of audit/merkle.py.
// Leaves count from 0. Sizes go up to 2^53 - 1, so they are halved by division: the bit operators of this language stop at 2^31.

import { concat, equal, sha256, type Bytes } from "./bytes";

/** The proof does not show what it should. */
export class ProofInvalid extends Error {
  override name = "ProofInvalid";
}

const HASH = 32;

/** The hash of two subtrees side by side. */
function node(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function isOdd(number: number): boolean {
  return number % 2 === 1;
}

/** Is the leaf where it is said to be, in the tree with this root? Throws ProofInvalid if not. */
export async function checkInclusion(index: number, size: number, leaf: Bytes, path: readonly Bytes[], root: Bytes): Promise<void> {
  mustBeHashes(leaf, root, ...path);
  if (!equal(await rootByInclusion(index, size, leaf, path), root)) throw new ProofInvalid("the leaf is not in this tree");
}

async function rootByInclusion(index: number, size: number, leaf: Bytes, path: readonly Bytes[]): Promise<Bytes> {
  mustCount(index, size);
  if (index >= size) throw new ProofInvalid("the leaf lies outside the tree");
  let [place, last, joined] = [index, size - 1, leaf];
  for (const each of path) {
    if (last === 0) throw new ProofInvalid("the proof is too long");
    if (isOdd(place) || place === last) {
      joined = await node(each, joined);
      while (place > 0 && !isOdd(place)) [place, last] = [half(place), half(last)];
    } else {
      joined = await node(joined, each);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last > 0) throw new ProofInvalid("the proof is too short");
  return joined;
}

/** The same in the subtree over leaves [start, end). Throws ProofInvalid if not, and where that is no subtree. */
export async function checkSubtreeInclusion(index: number, range: Range, leaf: Bytes, path: readonly Bytes[], root: Bytes): Promise<void> {
  mustBeSubtree(range);
  await checkInclusion(index - range.start, range.end - range.start, leaf, path, root);
}

/** Leaves from `start`, without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A tree, or a part of one: how many leaves, and its root. */
export interface Tree {
  readonly size: number;
  readonly root: Bytes;
}

/** Does the newer tree begin with the older one? Throws ProofInvalid if not: of an empty one nothing can be shown. */
export async function checkConsistency(older: Tree, newer: Tree, path: readonly Bytes[]): Promise<void> {
  if (older.size === 0) throw new ProofInvalid("every tree begins with the empty one");
  await checkSubtreeConsistency({ start: 0, end: older.size }, older.root, newer, path);
}

/** Does this tree hold, over [start, end), the subtree with `part` as its root? Throws ProofInvalid if not. */
export async function checkSubtreeConsistency(range: Range, part: Bytes, whole: Tree, path: readonly Bytes[]): Promise<void> {
  if (path.length > 0) mustBeHashes(part, whole.root, ...path);
  mustCount(whole.size);
  mustBeSubtree(range);
  if (range.end > whole.size) throw new ProofInvalid("the tree is the smaller one");
  if (range.start === range.end) return mustBeEmpty(part, path);
  let [first, place, last] = [range.start, range.end - 1, whole.size - 1];
  // 1. Up to the largest complete subtree that ends with the last leaf of [start, end): the proof begins there.
  while (first !== place && (isOdd(place) || place === last)) [first, place, last] = [half(first), half(place), half(last)];
  const [begin, rest] = first === place ? [part, path] : [path[0], path.slice(1)];
  if (begin === undefined) throw new ProofInvalid("the proof is too short");
  let [joinedPart, joined] = [begin, begin];
  // 2. Up to the root: what lies left belongs to both, as long as it is inside [start, end); what lies right to the whole tree alone.
  for (const each of rest) {
    if (last === 0) throw new ProofInvalid("the proof is too long");
    if (isOdd(place) || place === last) {
      if (first < place) joinedPart = await node(each, joinedPart);
      joined = await node(each, joined);
      while (place > 0 && !isOdd(place)) [first, place, last] = [half(first), half(place), half(last)];
    } else {
      joined = await node(joined, each);
    }
    [first, place, last] = [half(first), half(place), half(last)];
  }
  if (last > 0 || !equal(joinedPart, part) || !equal(joined, whole.root)) {
    throw new ProofInvalid("the newer tree does not begin with the older one");
  }
}

async function mustBeEmpty(part: Bytes, path: readonly Bytes[]): Promise<void> {
  if (path.length > 0 || !equal(part, await sha256(new Uint8Array()))) {
    throw new ProofInvalid("an empty tree has another root, and no proof");
  }
}

/** A range is a subtree of every tree that is large enough, if it begins where one of at least its size does. */
function mustBeSubtree({ start, end }: Range): void {
  mustCount(start, end);
  if (start > end) throw new ProofInvalid("this is no subtree");
  let width = 1;
  while (width < end - start) width *= 2;
  if (start % width !== 0) throw new ProofInvalid("this is no subtree");
}

/** What this language cannot count exactly is no place in a log of ours. */
function mustCount(...numbers: readonly number[]): void {
  if (numbers.some((each) => !Number.isSafeInteger(each) || each < 0)) throw new ProofInvalid("this is no place in a log");
}

function mustBeHashes(...hashes: readonly Bytes[]): void {
  if (hashes.some((each) => each.length !== HASH)) throw new ProofInvalid("a hash has another length");
}
