// Targets, and the roles that they name, with one character changed, each of them in turn: refused, and nothing is taken.

import { expect, test } from "vitest";

import { bundlesWith, metadata, PATIENCE, taken } from "./altered";

test.each(metadata(false))(
  "%s",
  async (path, content) => {
    expect(await taken(content, bundlesWith(path))).toEqual([]);
  },
  PATIENCE,
);
