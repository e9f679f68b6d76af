// Roots, timestamp and snapshot with one character changed, each of them in turn: refused, and nothing is taken.

import { expect, test } from "vitest";

import type { Bytes } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { DocumentRefused } from "../../../src/core/documents/refused";
import { BUNDLE, bundlesWith, metadata, METADATA, NOW, PATIENCE, STORY, taken } from "./altered";
import { rootOf } from "./stories";

test("there is metadata of every kind, and without a change it is taken", async () => {
  const documents = await Documents.from(rootOf(STORY));
  expect(await documents.accept(BUNDLE, NOW, STORY.site)).toEqual({ kind: "good", changed: true });
  const kinds = METADATA.map(({ path }) => path.replace(/^metadata\/(?:\d+\.)?|-.*$|\.json$/g, ""));
  expect(new Set(kinds)).toEqual(new Set(["root", "timestamp", "snapshot", "targets", "hosts", "devices"]));
  expect(METADATA.every(({ path }) => documents.files.has(path))).toBe(true);
});

test.each(metadata(true))(
  "%s",
  async (path, content) => {
    expect(await taken(content, bundlesWith(path))).toEqual([]);
  },
  PATIENCE,
);

async function isRoot(altered: Bytes): Promise<boolean> {
  const fault = await Documents.from(altered).catch((why: unknown) => why);
  return !(fault instanceof DocumentRefused);
}

test(
  "the pinned root",
  async () => {
    expect(await taken(rootOf(STORY), async () => isRoot)).toEqual([]);
  },
  PATIENCE,
);
