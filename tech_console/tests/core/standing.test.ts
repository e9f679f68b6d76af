// Where a visit stands, and what the page shows of it.

import { beforeEach, describe, expect, test } from "vitest";

import { PeerMisbehaved } from "../../src/core/bytes";
import { Standing } from "../../src/core/standing";
import { SessionEvent, SessionState, Answer, Notice, Permission, Reason } from "../../src/wire.gen";
import { begin, hear, host, seal, view, visit } from "./dialogue";

beforeEach(begin);

describe("a step", () => {
  test("that the table has is taken, and any other is misbehaviour", () => {
    const standing = new Standing();
    standing.move(SessionEvent.IDENTITIES_PROVEN);
    standing.move(SessionEvent.VIEW_ASKED);
    expect(() => standing.move(SessionEvent.MORE_ASKED)).toThrow(PeerMisbehaved);
    expect(standing.state).toBe(SessionState.ASKING);
  });
});

describe("what is shown", () => {
  test("changes by what changed and by nothing else, and is never altered behind a page's back", () => {
    const standing = new Standing();
    const before = standing.view;
    expect(standing.show({ phase: "waiting" })).toEqual([]);
    expect(before.phase).toBe("opening");
    expect(standing.view).toEqual({ ...before, phase: "waiting" });
  });

  test("of a request is what became of the last for this permission", () => {
    const standing = new Standing();
    for (const permission of [Permission.CONTROL, Permission.VIEW, Permission.CONTROL]) standing.add({ permission, answer: "open", reason: null });
    standing.note(Permission.CONTROL, Answer.REFUSE, Reason.REFUSED_BY_PERSON);
    expect(standing.view.askings.map(({ answer }) => answer)).toEqual(["open", "open", Answer.REFUSE]);
  });
});

describe("a notice", () => {
  test.each([
    [Notice.SCREEN_PAUSED, "paused", Notice.SCREEN_PAUSED],
    [Notice.SUSPENDED, "paused", Notice.SUSPENDED],
    [Notice.PAUSED_BY_PERSON, "paused", Notice.PAUSED_BY_PERSON],
    [Notice.LOCAL_INPUT, "viewing", Notice.LOCAL_INPUT],
    [Notice.SCREEN_RESUMED, "viewing", null],
    [Notice.INPUT_STALE, "viewing", Notice.INPUT_STALE],
    [Notice.PROMPT_GONE, "viewing", null],
  ])("after the notice %s is %s", async (notice, phase, shown) => {
    await view();
    await hear(await host.inner({ type: "host_notice", notice }));
    expect(visit.view).toMatchObject({ phase, notice: shown });
  });

  test("a notice before the picture changes no phase", async () => {
    await seal();
    await hear(await host.inner({ type: "host_notice", notice: Notice.NO_SCREEN }));
    expect(visit.view).toMatchObject({ phase: "asking", notice: Notice.NO_SCREEN });
  });
});
