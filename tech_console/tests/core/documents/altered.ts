// Metadata with one character changed, each of them in turn, and readers that look whether it is taken. The two files that use this
// run side by side.

import { expect } from "vitest";

import { owned, type Bytes } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { at, bundleAt, changed, rootOf, story } from "./stories";

/** Two roots replace every key here: all that a reader ever reads is in it. */
export const STORY = story("rotated");
export const NOW = at(STORY, STORY.steps[1]?.now ?? 0);
export const BUNDLE = bundleAt("rotated", 1);
const PINNED = "metadata/1.root.json";
export const METADATA = BUNDLE.files.filter(({ path }) => path.startsWith("metadata/") && path !== PINNED);
export const PATIENCE = 60_000;
/** So many readers look at once: each mostly waits for signatures to be checked on other threads. */
const READERS = 16;

/** With the lowest bit turned over a digit mostly stays a digit, and a letter a letter. */
function withOtherCharacter(content: Bytes, place: number): Bytes {
  const other = owned(content);
  other[place] = (other[place] ?? 0) ^ 1;
  return other;
}

/** What came of a content with one character changed: was it taken? */
export type Look = (altered: Bytes) => Promise<boolean>;

/** The places whose change was taken, out of all of them; `reader` makes somebody who looks. */
export async function taken(content: Bytes, reader: () => Promise<Look>): Promise<number[]> {
  const [places, found] = [content.keys(), [] as number[]];
  const read = async () => {
    const look = await reader();
    for (const place of places) if (await look(withOtherCharacter(content, place))) found.push(place);
  };
  await Promise.all(Array.from({ length: READERS }, read));
  expect(places.next().done).toBe(true);
  return found;
}

/** A reader of bundles in which the file at `path` is another one. */
export function bundlesWith(path: string): () => Promise<Look> {
  return async () => {
    const documents = await Documents.from(rootOf(STORY));
    return async (altered) => {
      const verdict = await documents.accept(changed(BUNDLE, path, altered), NOW, STORY.site);
      return verdict.kind === "good" || documents.files.size > 0;
    };
  };
}

/** Root, timestamp and snapshot, which lead to the others, or the others. */
export function metadata(top: boolean): readonly (readonly [path: string, content: Bytes])[] {
  return METADATA.filter(({ path }) => /root|timestamp|snapshot/.test(path) === top).map(({ path, content }) => [path, content] as const);
}
