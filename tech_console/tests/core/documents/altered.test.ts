// Metadata with one character changed, each of them in turn: refused, and nothing of it is taken.

import { expect, test } from "vitest";

import { owned, type Bytes } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { DocumentRefused } from "../../../src/core/documents/refused";
import { at, bundleAt, changed, rootOf, story } from "./stories";

/** Two roots replace every key here: all that a reader ever reads is in it. */
const STORY = story("rotated");
const NOW = at(STORY, STORY.steps[1]?.now ?? 0);
const BUNDLE = bundleAt("rotated", 1);
const PINNED = "metadata/1.root.json";
const METADATA = BUNDLE.files.filter(({ path }) => path.startsWith("metadata/") && path !== PINNED);
const PATIENCE = 60_000;

/** With the lowest bit turned over a digit mostly stays a digit, and a letter a letter. */
function withOtherCharacter(content: Bytes, place: number): Bytes {
  const other = owned(content);
  other[place] = (other[place] ?? 0) ^ 1;
  return other;
}

test("there is metadata of every kind, and without a change it is taken", async () => {
  const documents = await Documents.from(rootOf(STORY));
  expect(await documents.accept(BUNDLE, NOW, STORY.site)).toEqual({ kind: "good", changed: true });
  const kinds = METADATA.map(({ path }) => path.replace(/^metadata\/(?:\d+\.)?|-.*$|\.json$/g, ""));
  expect(new Set(kinds)).toEqual(new Set(["root", "timestamp", "snapshot", "targets", "hosts", "devices"]));
  expect(METADATA.every(({ path }) => documents.files.has(path))).toBe(true);
});

test.each(METADATA.map(({ path, content }) => [path, content] as const))(
  "%s",
  async (path, content) => {
    const documents = await Documents.from(rootOf(STORY));
    const taken: number[] = [];
    for (let place = 0; place < content.length; place += 1) {
      const verdict = await documents.accept(changed(BUNDLE, path, withOtherCharacter(content, place)), NOW, STORY.site);
      if (verdict.kind === "good" || documents.files.size > 0) taken.push(place);
    }
    expect(taken).toEqual([]);
  },
  PATIENCE,
);

test(
  "the pinned root",
  async () => {
    const root = rootOf(STORY);
    const taken: number[] = [];
    for (let place = 0; place < root.length; place += 1) {
      const fault = await Documents.from(withOtherCharacter(root, place)).catch((why: unknown) => why);
      if (!(fault instanceof DocumentRefused)) taken.push(place);
    }
    expect(taken).toEqual([]);
  },
  PATIENCE,
);
