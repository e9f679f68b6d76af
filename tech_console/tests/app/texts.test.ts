// Every sentence that a page can say is in every catalogue, with the same arguments.

import { describe, expect, test } from "vitest";

import { LANGUAGES, preferred, voice } from "../../src/app/texts";
import { Answer, Doubt, EndCause, ENUMS, HostState, Notice, Permission, Purpose, Reason } from "../../src/wire.gen";

const PAGES: Record<string, string> = import.meta.glob("../../src/app/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const CATALOGUES: Record<string, string> = import.meta.glob("../../src/locale/*.ftl", { query: "?raw", import: "default", eager: true });
const MESSAGE = /["'`]((?:console|visit|link|password|control)-[a-z_-]+)["'`]/g;

/** Whatever stands in quotes in the page's code and looks like a message of the console. */
function saidByPages(): string[] {
  const code = Object.values(PAGES).join("\n");
  return [...new Set(Array.from(code.matchAll(MESSAGE), (found) => found[1] ?? ""))];
}

const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  reason: Reason,
  end: EndCause,
  doubt: Doubt,
  notice: Notice,
  purpose: Purpose,
  permission: Permission,
  answer: { ...Answer, open: "open", withdrawn: "withdrawn" },
  "host-state": HostState,
  link: { connecting: "connecting", open: "open", lost: "lost", replaced: "replaced" },
  password: { short: "short", long: "long", simple: "simple", close: "close", good: "good" },
  visit: { opening: "opening", waiting: "waiting", agreeing: "agreeing", retype: "retype", proving: "proving", asking: "asking" },
  "visit-step": { waiting: "waiting", agreeing: "agreeing", asking: "asking" },
  control: { version: "version", none: "no-documents", invalid: "documents-invalid", stale: "documents-stale", unproven: "broker-unproven" },
};

const LISTED = Object.entries(LISTS).flatMap(([prefix, list]) => Object.values(list).map((value) => `${prefix}-${value}`));
const NOT_MESSAGES = new Set(["control-held"]);

function argumentsOf(language: string): Map<string, string> {
  // Comments may differ; messages and what they take may not.
  const entries = (CATALOGUES[`../../src/locale/${language}.ftl`] ?? "").replaceAll(/^#.*$/gm, "").trim().split(/\n(?=[a-z][\w-]* =)/);
  return new Map(entries.map((entry) => [entry.split(" =")[0] ?? "", [...new Set(entry.match(/\$\w+/g))].toSorted().join(" ")]));
}

describe.each(LANGUAGES)("in %s", (language) => {
  const say = voice(language);

  test.each([...LISTED, ...saidByPages().filter((id) => !NOT_MESSAGES.has(id))])("%s can be said", (id) => {
    expect(say(id, { left: 2, shortest: 15, name: "A", company: "B", host: "C", reason: "D", answer: "E", entries: 3, held: 3, given: 2 })).not.toBe(id);
  });

  test("the same messages take the same arguments as in English", () => {
    expect(argumentsOf(language)).toEqual(argumentsOf("en"));
  });
});

test("the pages say something at all", () => {
  expect(saidByPages().length).toBeGreaterThan(60);
  expect(Object.keys(ENUMS)).toContain("Reason");
});

test.each([
  [["fr-CA", "en"], "fr"],
  [["de", "fr"], "fr"],
  [["en-GB", "fr"], "en"],
  [["de"], "en"],
  [[], "en"],
])("a browser that prefers %j gets %s", (wanted, language) => {
  expect(preferred(wanted)).toBe(language);
});
