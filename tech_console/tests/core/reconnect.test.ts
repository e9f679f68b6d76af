// A line that is cut: what was granted waits, and goes on under new keys for the same host alone.

import { beforeEach, describe, expect, test } from "vitest";

import { Answer, EndCause, FrameKind, Lane, Permission, Reason } from "../../src/wire.gen";
import { back, begin, control, cut, hear, host, only, present, renew, sent, tell, view, visit, wait } from "./dialogue";
import { frame } from "./fake_host";

beforeEach(begin);

describe("a line that is cut", () => {
  test("keeps what was granted, and nothing can be said under it", async () => {
    await control();
    await cut();
    expect(visit.view).toMatchObject({ phase: "reconnecting", granted: [Permission.VIEW, Permission.CONTROL], cause: null });
    expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
    expect(await tell({ kind: "drawn", frame: 8, boot: 6_000_000, worked: 3 })).toEqual([]);
    expect(await tell({ kind: "still_here" })).toEqual([]);
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
  });

  test("goes on under new keys when both ends are back", async () => {
    await control();
    await cut();
    expect(await back([1, 2])).toMatchObject([{ kind: "screen_open", start: { grant: 1 } }]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW, Permission.CONTROL] });
    wait(1);
    const frames = sent(await tell({ kind: "deeds", deeds: [{ kind: "button", number: 0, down: true }] }));
    expect(await host.openedOn(frames, Lane.INPUT, 2)).toHaveLength(1);
    expect(await hear(await host.picture(1, Uint8Array.of(0, 9)))).toMatchObject([{ kind: "screen_record", header: { sequence: 0 } }]);
  });

  test("may be cut again", async () => {
    await view();
    for (const number of [1, 2, 3]) {
      await cut();
      await back([1], number);
      expect(visit.view.phase).toBe("viewing");
    }
  });

  test("drops what the host took back meanwhile", async () => {
    await control();
    await cut();
    await back([1]);
    expect(visit.view).toMatchObject({ granted: [Permission.VIEW] });
    expect(visit.view.askings.at(-1)).toMatchObject({ permission: Permission.CONTROL, answer: "withdrawn" });
    await cut();
    expect(await back([], 2)).toEqual([]);
    expect(visit.view).toMatchObject({ phase: "paused", granted: [] });
  });

  test("leaves a question without an answer", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await cut();
    expect(visit.view.askings.at(-1)).toMatchObject({ permission: Permission.CONTROL, answer: Answer.NO_ANSWER });
  });

  test("may have taken an allow with it: the host is told, and takes back what nobody here heard of", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await cut();
    const said = await back([1, 2]);
    expect(await host.opened(only(said), "answer_lost")).toMatchObject({ ask: 2 });
    expect(said).toMatchObject([{ kind: "send" }, { kind: "screen_open", start: { grant: 1 } }]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
    expect(await hear(await host.withdrawn(2, Permission.CONTROL))).toEqual([]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toHaveLength(2);
  });

  test("may have taken an allow with it that was withdrawn before both were back", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.RESTART });
    await cut();
    await present();
    await renew();
    await hear(await host.identity());
    expect(await hear(await host.withdrawn(2, Permission.RESTART))).toEqual([]);
    expect(await hear(await host.inner({ type: "visit_rejoined", grants: [1] }))).toMatchObject([{ kind: "screen_open" }]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
  });

  test("excuses no other grant that was never given", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await cut();
    await back([1, 3]);
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED });
  });

  test("that nobody comes back on ends the visit", async () => {
    await view();
    await cut();
    await tell({ kind: "reconnect_over" });
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.CONNECTION_LOST });
  });

  test("is asked about again when a pass opened nothing", async () => {
    await view();
    await cut();
    await present();
    expect(await hear(frame(FrameKind.CONTROL, { type: "refused", about: "socket_pass", reason: Reason.PASS_INVALID }))).toEqual([]);
    await cut();
    expect(visit.view.phase).toBe("reconnecting");
  });

  test("does not bring back a host that cannot prove it", async () => {
    await view();
    await cut();
    await present();
    const share = only(await hear(await host.renewalOpen(1)));
    await hear(await host.renewalTag(share, false));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED });
  });

  test("does not bring back a host whose long-term key signed nothing, or something else", async () => {
    await view();
    await cut();
    await present();
    await renew();
    await hear(await host.identity({ transcript: new Uint8Array(32) }));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.IDENTITY_NOT_PROVEN });
  });

  test.each(["unproven", "unknown grant", "picture", "same number", "tag first"])("ends at once on a host that breaks the order: %s", async (how) => {
    await view();
    await cut();
    await present();
    if (how === "tag first") await hear(frame(FrameKind.HANDSHAKE, { type: "renewal_tag", number: 1, tag: new Uint8Array(32) }));
    else if (how === "picture") await hear(await host.picture(1, Uint8Array.of(0, 9)));
    else await renew();
    if (how === "same number") await hear(await host.renewalOpen(1));
    if (how === "unknown grant") await hear(await host.identity());
    if (how === "unproven" || how === "unknown grant") await hear(await host.inner({ type: "visit_rejoined", grants: [9] }));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED });
  });

  test("is no way in for a pass that was not wanted", async () => {
    await view();
    expect(await tell({ kind: "reconnect_offered", socketPass: new Uint8Array(32) })).toEqual([]);
  });
});
