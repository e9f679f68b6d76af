// Pieces on their way to being a bundle: in order, all of one bundle, and no more of it held than one.

import { beforeEach, expect, test } from "vitest";

import { Gathering } from "../../../src/core/documents/gathering";
import { DocumentRefused } from "../../../src/core/documents/refused";
import { encode } from "../../../src/core/schema";
import { LIMITS, type DocumentsBundle, type DocumentsPiece } from "../../../src/wire.gen";

const BUNDLE: DocumentsBundle = { repository: "vendor", site: "", files: [{ path: "metadata/timestamp.json", content: new Uint8Array(90) }] };
const CONTENT = encode({ type: "documents_bundle", ...BUNDLE });
const THIRD = Math.ceil(CONTENT.length / 3);

let gathering: Gathering;

beforeEach(() => {
  gathering = new Gathering();
});

function piece(number: number, change: Partial<DocumentsPiece> = {}): DocumentsPiece {
  return { number, pieces: 3, content: CONTENT.slice(number * THIRD, (number + 1) * THIRD), ...change };
}

function gathered(...pieces: readonly DocumentsPiece[]): DocumentsBundle | null {
  let bundle: DocumentsBundle | null = null;
  for (const each of pieces) bundle = gathering.add(each);
  return bundle;
}

test("the last piece makes the bundle, and the next begins anew", () => {
  expect(gathered(piece(0), piece(1))).toBeNull();
  expect(gathered(piece(2))).toMatchObject(BUNDLE);
  expect(gathered(piece(0), piece(1), piece(2))).toMatchObject(BUNDLE);
});

test("a first piece forgets what came before", () => {
  expect(gathered(piece(0), piece(1), piece(0), piece(1), piece(2))).toMatchObject(BUNDLE);
});

test.each([
  ["one without a beginning", [piece(1)]],
  ["one too early", [piece(0), piece(2)]],
  ["one twice", [piece(0), piece(1), piece(1)]],
  ["one of another bundle", [piece(0), piece(1, { pieces: 2 })]],
  ["one after the last", [piece(0), piece(1), piece(2), piece(3)]],
])("%s is refused, and nothing of it stays", (_name, pieces) => {
  expect(() => gathered(...pieces)).toThrow(DocumentRefused);
  expect(() => gathered(piece(2))).toThrow(DocumentRefused);
});

test("what is no bundle is refused", () => {
  expect(() => gathered(piece(0, { pieces: 1 }))).toThrow(DocumentRefused);
  expect(() => gathered(piece(0, { pieces: 1, content: encode({ type: "done" }) }))).toThrow(DocumentRefused);
});

test("no more pieces than a bundle may have can be spoken of", () => {
  expect(LIMITS.DOCUMENT_PIECES_MAX * LIMITS.DOCUMENT_PIECE_MAX).toBe(LIMITS.DOCUMENT_BUNDLE_MAX);
});
