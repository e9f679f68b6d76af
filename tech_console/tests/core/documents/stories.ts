// The stories of wire/vectors/tuf: a pinned root, bundles at moments, and what a reader says of each and knows at the end.

import { fromBase64url, utf8, type Bytes } from "../../../src/core/bytes";
import { Documents, type Instant } from "../../../src/core/documents/documents";
import { decode } from "../../../src/core/schema";
import type { DocumentsBundle, Repository } from "../../../src/wire.gen";

export interface Step {
  readonly now: number;
  readonly bundle: string | null;
  readonly reason: string | null;
}

export interface Story {
  readonly why: string;
  readonly root: string;
  readonly repository: Repository;
  readonly site: string | null;
  readonly steps: readonly Step[];
  readonly view: {
    readonly versions: Readonly<Record<string, number>>;
    readonly vendor?: string;
    readonly broker?: { readonly id: string; readonly key: string };
    readonly technicians?: readonly { readonly id: string; readonly name: string; readonly active: boolean; readonly devices: readonly string[] }[];
    readonly hosts?: readonly { readonly id: string; readonly key: string; readonly phi: boolean }[];
    readonly policy?: string;
    readonly digest?: string;
  } | null;
}

const FILES: Record<string, Story> = import.meta.glob("../../../../wire/vectors/tuf/*.json", { import: "default", eager: true });

/** Every story by name. */
export const STORIES: ReadonlyMap<string, Story> = new Map(
  Object.entries(FILES).map(([path, told]) => [path.replace(/^.*\/|\.json$/g, ""), told] as const),
);

export const LYON = "Lyon Nord";

export function story(name: string): Story {
  const found = STORIES.get(name);
  if (found === undefined) throw new Error(`there is no story ${name}`);
  return found;
}

export function rootOf({ root }: Story): Bytes {
  return fromBase64url(root) ?? new Uint8Array();
}

export function bundleOf(step: Step | undefined): DocumentsBundle {
  return decode(utf8(step?.bundle ?? ""), "documents_bundle");
}

/** The bundle of one step, counted from 0. */
export function bundleAt(name: string, step: number): DocumentsBundle {
  return bundleOf(story(name).steps[step]);
}

/** A moment of a story: nobody has set the clock, and it ran since the first step. */
export function at(of: Story, now: number): Instant {
  return { utc: now, boot: now - (of.steps[0]?.now ?? now) };
}

/** A reader that has heard a story up to and without this step. */
export async function readerOf(name: string, steps = Infinity): Promise<Documents> {
  const told = story(name);
  const documents = await Documents.from(rootOf(told), told.repository);
  for (const step of told.steps.slice(0, steps)) {
    if (step.bundle !== null) await documents.accept(bundleOf(step), at(told, step.now), told.site);
  }
  return documents;
}

/** The same bundle with the content of one file changed; null takes the file away. */
export function changed(bundle: DocumentsBundle, path: string, content: Bytes | null): DocumentsBundle {
  const others = bundle.files.filter((file) => file.path !== path);
  return { ...bundle, files: content === null ? others : [...others, { path, content }] };
}
