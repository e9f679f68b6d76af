// Every story of wire/vectors/tuf, told to the console's reader: the same answers and the same view as from Python's.

import { describe, expect, test } from "vitest";

import { base64url, hex } from "../../../src/core/bytes";
import { Documents, type Instant } from "../../../src/core/documents/documents";
import { at, bundleOf, rootOf, STORIES, type Story } from "./stories";

async function told(story: Story): Promise<{ reasons: (string | null)[]; documents: Documents; now: Instant }> {
  const documents = await Documents.from(rootOf(story), story.repository);
  const reasons: (string | null)[] = [];
  let now: Instant = { utc: 0, boot: 0 };
  for (const step of story.steps) {
    now = at(story, step.now);
    const verdict = step.bundle === null ? null : await documents.accept(bundleOf(step), now, story.site);
    reasons.push(verdict?.kind === "bad" ? `document_${verdict.why}` : null);
  }
  return { reasons, documents, now };
}

/** What this reader knows, in the words of the story. */
async function known(documents: Documents, now: Instant): Promise<Story["view"]> {
  if (documents.secondsLeft(now) <= 0) return null;
  const versions = Object.fromEntries(documents.versions);
  const view = await documents.view(now);
  if (view === null) return { versions };
  return {
    versions,
    vendor: view.vendor,
    broker: { id: view.broker.id, key: base64url(view.broker.key) },
    technicians: view.technicians.map(({ id, name, active, authenticators }) => {
      return { id, name, active, devices: authenticators.map((each) => base64url(each.key)) };
    }),
    hosts: view.hosts.map(({ id, key, profile }) => ({ id, key: base64url(key), phi: profile.phi })),
    policy: view.policy,
    digest: hex(view.digest),
  };
}

test("there are stories", () => {
  expect(STORIES.size).toBeGreaterThan(20);
});

describe.each([...STORIES])("%s", (_name, story) => {
  test("the reader answers as the story says, and knows what it says", async () => {
    const { reasons, documents, now } = await told(story);
    expect(reasons).toEqual(story.steps.map((step) => step.reason));
    expect(await known(documents, now)).toEqual(story.view);
  });

  test("what was kept is the same after a restart", async () => {
    const { documents, now } = await told(story);
    const again = await Documents.from(rootOf(story), story.repository);
    const verdict = await again.restore(documents.files, now, story.site);
    expect(verdict.kind).toBe(documents.files.size === 0 ? "bad" : "good");
    expect(again.files).toEqual(documents.files);
    expect(await known(again, now)).toEqual(await known(documents, now));
  });
});
