// What is told to be closed: of the instrument that is visited alone, every reason once, both ways of a thing in one word.

import { describe, expect, test } from "vitest";

import { closedHere, together } from "../../src/core/closed";
import { HostState, Permission, Reason, type Instrument } from "../../src/wire.gen";

const { CONTROL, FILE_TO_HOST, FILE_FROM_HOST, CLIPBOARD_TO_HOST, CLIPBOARD_FROM_HOST, RESTART } = Permission;

function instrument(host_id: string, ...closed: [Permission, Reason][]): Instrument {
  const told = closed.map(([permission, reason]) => ({ permission, reason }));
  return { host_id, name: "Analyser", site: "Site", model: "AX", phi: false, state: HostState.VISITED, closed: told };
}

describe("what may not be asked for", () => {
  test("is what is told of this instrument and of no other", () => {
    const all = [instrument("h-1", [RESTART, Reason.SITE_POLICY]), instrument("h-2", [CONTROL, Reason.VENDOR_POLICY])];
    expect([...closedHere(all, "h-1")]).toEqual([[RESTART, Reason.SITE_POLICY]]);
    expect(closedHere(all, "h-3").size).toBe(0);
    expect(closedHere(null, "h-1").size).toBe(0);
  });

  test("is said once for each reason, and both ways of a thing in one word", () => {
    const phi = Reason.PHI_POLICY;
    const closed = closedHere(
      [instrument("h-1", [CONTROL, Reason.SITE_POLICY], [FILE_TO_HOST, phi], [FILE_FROM_HOST, phi], [CLIPBOARD_TO_HOST, phi], [CLIPBOARD_FROM_HOST, phi])],
      "h-1",
    );
    expect(together(closed)).toEqual([
      { reason: Reason.SITE_POLICY, what: [CONTROL] },
      { reason: phi, what: ["files", "clipboard"] },
    ]);
  });

  test("names one way where the other is open, or closed for another reason", () => {
    const closed = closedHere([instrument("h-1", [FILE_TO_HOST, Reason.SITE_POLICY], [FILE_FROM_HOST, Reason.VENDOR_POLICY], [RESTART, Reason.SITE_POLICY])], "h-1");
    expect(together(closed)).toEqual([
      { reason: Reason.SITE_POLICY, what: [FILE_TO_HOST, RESTART] },
      { reason: Reason.VENDOR_POLICY, what: [FILE_FROM_HOST] },
    ]);
    expect(together(new Map())).toEqual([]);
  });
});
