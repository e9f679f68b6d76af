// What the two people of a visit write to each other.

import { beforeEach, describe, expect, test } from "vitest";

import { Messages } from "../../src/core/messages";
import { Seals } from "../../src/core/seals";
import { Standing } from "../../src/core/standing";
import { decodeSaid, NO_CHAT, encodeSaid } from "../../src/core/chat";
import { encodeFrame } from "../../src/core/frames";
import { EndCause, FrameKind, Lane, Reason } from "../../src/wire.gen";
import { begin, control, hear, host, seal, sent, tell, visit } from "./dialogue";
import { frame, SESSION } from "./fake_host";

beforeEach(begin);

const NOW = { utc: 0, run: 0 };
const WAY = { waits: false, goes: (body: Uint8Array<ArrayBuffer>) => Promise.resolve([{ kind: "send", frame: body } as const]) };

async function openToWords(): Promise<void> {
  await seal();
  await hear(await host.inner({ type: "chat_standing", reason: null }));
}

describe("messages", () => {
  test("are open once the host says so, go sealed, and are gone with the visit", async () => {
    await seal();
    expect(visit.view.chat.standing).toBe("unknown");
    expect(await tell({ kind: "written", text: "hello?" })).toEqual([]);
    await hear(await host.inner({ type: "chat_standing", reason: null }));
    const frames = sent(await tell({ kind: "written", text: "please press Allow" }));
    expect((await host.openedOn(frames, Lane.CHAT, 0)).map(decodeSaid)).toEqual(["please press Allow"]);
    await hear(await host.under(Lane.CHAT, 0, encodeSaid("<b>which</b> one?")));
    expect(visit.view.chat.lines.map(({ mine, text }) => [mine, text])).toEqual([
      [true, "please press Allow"],
      [false, "<b>which</b> one?"],
    ]);
    await tell({ kind: "end_wanted", cause: EndCause.TECHNICIAN_ENDED });
    expect(visit.view.chat.lines).toEqual([]);
  });

  test("that come before the lane is open, or are none, end the visit", async () => {
    await seal();
    await hear(await host.under(Lane.CHAT, 0, encodeSaid("psst")));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("that cannot be read end the visit", async () => {
    await openToWords();
    await hear(await host.under(Lane.CHAT, 0, Uint8Array.of(9, 97)));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("are shut by the broker without an end of the visit, and say why", async () => {
    await openToWords();
    await hear(frame(FrameKind.CONTROL, { type: "refused", about: "chat", reason: Reason.PHI_POLICY }));
    expect(visit.view.chat).toMatchObject({ standing: "closed", reason: Reason.PHI_POLICY });
    expect(visit.view.phase).toBe("asking");
    expect(await tell({ kind: "written", text: "still there?" })).toEqual([]);
  });

  test("before the seals end the visit", async () => {
    await tell({ kind: "socket_opened" });
    await hear(encodeFrame(FrameKind.SEALED, new Uint8Array([Lane.CHAT, ...new Uint8Array(40)])));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});

describe("a line", () => {
  test("that is cut carries nothing, and what was written stays", async () => {
    await control();
    await hear(await host.inner({ type: "chat_standing", reason: null }));
    await tell({ kind: "written", text: "please press Allow" });
    await tell({ kind: "socket_closed" });
    expect(await tell({ kind: "written", text: "hello?" })).toEqual([]);
    expect(visit.view.chat).toMatchObject({ notSent: "apart", lines: [{ text: "please press Allow" }] });
  });

  test("without seals has no messages yet, and says so", async () => {
    const standing = new Standing();
    const messages = new Messages(standing);
    expect(messages.stands(null)).toEqual([]);
    expect(await messages.written("hello?", NOW, WAY)).toEqual([]);
    await messages.renew(() => Promise.reject(new Error("no seals")), 0);
    messages.rest();
    messages.forget();
    expect(standing.view.chat).toEqual(NO_CHAT);
  });

  test("with seals keeps its messages under the next ones", async () => {
    const seals = new Seals(SESSION);
    await seals.begin({ secret: { bytes: new Uint8Array(32) }, transcript: new Uint8Array(32) }, { utc: 0, run: 0 });
    const standing = new Standing();
    const messages = new Messages(standing);
    await messages.begin(seals.lanes, 0);
    messages.stands(null);
    expect(await messages.written("one", NOW, WAY)).toHaveLength(1);
    messages.rest();
    await messages.begin(seals.lanes, 0);
    expect(await messages.written("two", NOW, WAY)).toEqual([]);
    await messages.renew(seals.lanes, 0);
    expect(await messages.written("two", NOW, WAY)).toHaveLength(1);
    expect(standing.view.chat.lines.map(({ text }) => text)).toEqual(["one", "two"]);
  });
});
