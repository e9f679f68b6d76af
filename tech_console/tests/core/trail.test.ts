// What a reader of the log typed, as the broker is asked.

import { describe, expect, test } from "vitest";

import { EVERYTHING, filterOf, idOf, known, listed, secondsOf } from "../../src/core/trail";

const ANNA = { id: "t-anna", name: "Anna Berg", belongs: "Acme" };
const OTHER = { id: "t-other", name: "anna berg", belongs: "Acme" };
const RACK = { id: "h-rack", name: "Rack 7", belongs: "Lyon" };

describe("who is meant", () => {
  test.each([
    ["", ""],
    ["  t-anna ", "t-anna"],
    [listed(ANNA), "t-anna"],
    ["rack 7", "h-rack"],
    ["anna berg", null],
    ["nobody", null],
    ["x-1", null],
  ])("%s is %s", (typed, id) => {
    expect(idOf(typed, [ANNA, OTHER, RACK])).toBe(id);
  });
});

describe("the question", () => {
  test("asks for everything unless something is said", () => {
    expect(filterOf(EVERYTHING, [])).toEqual({ since: 0, until: 0, host: "", technician: "", session: "", event: "" });
  });

  test("takes times as they are here, and persons and devices from their own lists", () => {
    const typed = { since: "2026-05-04T12:00", until: "no time", person: "Anna Berg", device: listed(RACK), kind: " signed_in " };
    expect(filterOf(typed, [ANNA, RACK])).toEqual({
      since: new Date(2026, 4, 4, 12).getTime() / 1000,
      until: 0,
      host: "h-rack",
      technician: "t-anna",
      session: "",
      event: "signed_in",
    });
    expect(filterOf({ ...EVERYTHING, person: "Rack 7" }, [ANNA, RACK])).toBeNull();
    expect(filterOf({ ...EVERYTHING, device: "Anna Berg" }, [ANNA, RACK])).toBeNull();
    expect(secondsOf("1960-01-01T00:00")).toBe(0);
  });

  test("names are gathered page by page, each once", () => {
    const renamed = { ...ANNA, name: "Anna Zorn" };
    expect(known([ANNA, RACK], [renamed])).toEqual([renamed, RACK]);
  });
});
