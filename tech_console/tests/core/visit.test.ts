// A whole visit at the console, told as a dialogue with a host: what it sends, what it shows, and what ends it.

import { beforeEach, describe, expect, test } from "vitest";

import { encodeSaid } from "../../src/core/chat";
import { splitFrame, splitRecord } from "../../src/core/frames";
import { matches } from "../../src/core/ledger";
import { decode } from "../../src/core/schema";
import { Answer, AuthenticatorType, EndCause, FrameKind, LIMITS, Label, Lane, Notice, Permission, Purpose, Reason } from "../../src/wire.gen";
import { HALF, WORDS, agree, allow, back, begin, control, cut, hear, host, only, present, renew, seal, sent, tell, view, visit, wait } from "./dialogue";
import { FakeHost, frame, HOST, SESSION, TECHNICIAN, TestSigner } from "./fake_host";

beforeEach(begin);

describe("the way to the picture", () => {
  test("begins with the pass, and nothing else", async () => {
    const pass = decode(splitFrame(only(await tell({ kind: "socket_opened" }))).body, "socket_pass");
    expect(pass.session_id).toBe(SESSION);
    expect(visit.view.phase).toBe("waiting");
  });

  test("asks for view only once both ends have proven themselves, words sealed and reason in clear", async () => {
    const [words, asked] = sent(await seal());
    if (words === undefined || asked === undefined) throw new Error("nothing was asked");
    const sealed = await host.opened(words, "ask_words");
    const clear = host.said(asked, "Asked");
    expect(sealed.words).toBe(WORDS);
    expect(clear).toMatchObject({ ask: 1, permission: Permission.VIEW, purpose: Purpose.FAULT, case_reference: "INC-1" });
    expect(await matches(clear.words_commitment, sealed.key, WORDS)).toBe(true);
    expect(visit.view.phase).toBe("asking");
  });

  test("opens the screen lane under the grant when the person allows it", async () => {
    const opened = (await view()).find((command) => command.kind === "screen_open");
    expect(opened).toMatchObject({ start: { lane: Lane.SCREEN, grant: 1, direction: "to_technician" } });
    expect(visit.view).toMatchObject({ phase: "viewing", since: 100, granted: [Permission.VIEW] });
    const record = await hear(await host.picture(1, Uint8Array.of(0, 9)));
    expect(record).toMatchObject([{ kind: "screen_record", header: { grant: 1, sequence: 0 } }]);
  });

});

describe("the second half", () => {
  test("serves one run: after a failure it has to be typed again", async () => {
    await tell({ kind: "socket_opened" });
    await agree("AAAA");
    expect(visit.view).toMatchObject({ phase: "retype", runsLeft: 2 });
    expect(await hear(host.open())).toEqual([]);
    const share = await tell({ kind: "half_typed", half: HALF });
    const tag = await hear(await host.share(only(share), HALF));
    await host.opened(only(await hear(await host.tag(only(tag), 1))), "session_identity");
    expect(visit.view.phase).toBe("proving");
  });

  test("may be typed before the host opens the next run", async () => {
    await agree("AAAA");
    expect(await tell({ kind: "half_typed", half: HALF })).toEqual([]);
    expect(visit.view.phase).toBe("agreeing"); // nothing more is asked for until the host has answered
    const share = decode(splitFrame(only(await hear(host.open()))).body, "console_share");
    expect(share.run).toBe(2);
  });

  test("burns the code at the last failure", async () => {
    await agree("AAAA", 0);
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.CODE_BURNT });
  });

  test("ends the visit when the host cannot prove that it knows it", async () => {
    const share = await hear(host.open());
    await hear(await host.share(only(share), HALF));
    const commands = await hear(frame(FrameKind.HANDSHAKE, { type: "host_tag", run: 1, tag: new Uint8Array(64) }));
    expect(host.said(only(commands), "Ended")).toMatchObject({ cause: EndCause.IDENTITY_NOT_PROVEN, by: TECHNICIAN });
  });
});

describe("what ends a visit at once", () => {
  test.each([
    ["an unknown frame", async () => Uint8Array.of(9)],
    ["a run out of turn", async () => ((host.run = 1), host.open())],
    ["a suite that is not ours", async () => host.open(["NULL"])],
    ["a share before its run", async () => frame(FrameKind.HANDSHAKE, { type: "host_share", run: 1, share: new Uint8Array(32) })],
    ["a ledger statement that is none", async () => frame(FrameKind.LEDGER, { type: "done" })],
    ["a record before the seals", async () => Uint8Array.from([4, 7, ...new Uint8Array(40)])],
    ["a picture without a grant", async () => Uint8Array.from([4, 1, ...new Uint8Array(40)])],
    ["an answer to nothing", async () => host.ledger(await host.signer.sign("chaperone asked", "Ended", ENDED))],
    ["a message of the broker that has no place here", async () => frame(FrameKind.CONTROL, { type: "done" })],
  ])("%s", async (_name, data) => {
    const commands = await hear(await data());
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED });
    expect(commands.at(-1)).toEqual({ kind: "close" });
    expect(await hear(host.open())).toEqual([]);
  });

  test("a low-order share", async () => {
    await hear(host.open());
    await hear(frame(FrameKind.HANDSHAKE, { type: "host_share", run: 1, share: new Uint8Array(32) }));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("a share sent twice", async () => {
    const share = await host.share(only(await hear(host.open())), HALF);
    await hear(share);
    await hear(share);
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("an answer that somebody else signed", async () => {
    await seal();
    const other = new FakeHost(await TestSigner.make());
    await hear(other.ledger(await other.signer.sign("chaperone ended", "Ended", ENDED)));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("a picture that the worker could not believe", async () => {
    await view();
    expect(await tell({ kind: "screen_fault" })).toContainEqual({ kind: "screen_close" });
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});

const ENDED = { session_id: SESSION, by: HOST, cause: EndCause.HOST_ENDED, at: 1 } as const;

describe("control", () => {
  test("sends deeds as padded records that name the last picture and the host's own time", async () => {
    await control();
    wait(1.5);
    const frames = sent(await tell({ kind: "deeds", deeds: [{ kind: "button", number: 0, down: true }] }));
    const [plain] = await host.openedOn(frames, Lane.INPUT, 2);
    expect(plain).toHaveLength(LIMITS.INPUT_PLAIN);
    expect(Array.from(plain ?? []).slice(0, 12)).toEqual([0, 0, 0, 7, 0, 0, 5, 220, 1, 2, 0, 1]);
  });

  test("is a lane that nothing comes on, and what comes ends the visit", async () => {
    await control();
    await hear(await host.under(Lane.INPUT, 2, Uint8Array.of(1)));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED, granted: [] });
  });

  test("says nothing under a right that was never given", async () => {
    await view();
    expect(await tell({ kind: "say", permission: Permission.CONTROL, plain: Uint8Array.of(1) })).toEqual([]);
  });

});

describe("the picture", () => {
  test("is acknowledged on the way back when it is drawn", async () => {
    await view();
    const frames = sent(await tell({ kind: "drawn", frame: 7, boot: 5_000_000, worked: 3 }));
    expect(await host.openedOn(frames, Lane.SCREEN, 1)).toEqual([Uint8Array.of(1, 0, 0, 0, 7, 0, 3)]);
  });

  test("somebody who only looks can say that he is there", async () => {
    const [words] = sent(await seal());
    await host.opened(words ?? new Uint8Array(), "ask_words");
    await allow(Permission.VIEW, 1);
    await hear(await host.inner({ type: "host_notice", notice: Notice.IDLE_WARNED }));
    expect(visit.view).toMatchObject({ phase: "viewing", notice: Notice.IDLE_WARNED });
    expect(await host.opened(only(await tell({ kind: "still_here" })), "still_here")).toEqual({ type: "still_here" });
  });

});

describe("the end", () => {
  test("is signed, and nothing can be sealed after it", async () => {
    await control();
    const commands = await tell({ kind: "end_wanted", cause: EndCause.TECHNICIAN_ENDED });
    expect(host.said(only(commands), "Ended")).toMatchObject({ cause: EndCause.TECHNICIAN_ENDED });
    expect(commands.map((command) => command.kind)).toEqual(["screen_close", "send", "close"]);
    expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
    expect(visit.view).toMatchObject({ phase: "ended", until: 100 });
  });

  test("by the host is told with its cause", async () => {
    await view();
    const commands = await hear(await host.ended(EndCause.HOST_ENDED));
    expect(commands.map((command) => command.kind)).toEqual(["screen_close", "close"]);
    expect(visit.view.cause).toBe(EndCause.HOST_ENDED);
  });

  test("by the broker needs no signature", async () => {
    await view();
    await hear(frame(FrameKind.CONTROL, { type: "session_over", session_id: SESSION, cause: EndCause.LEASE_EXPIRED }));
    expect(visit.view.cause).toBe(EndCause.LEASE_EXPIRED);
  });

  test("by a refused pass says why", async () => {
    await tell({ kind: "socket_opened" });
    await hear(frame(FrameKind.CONTROL, { type: "refused", about: "socket_pass", reason: Reason.PASS_INVALID }));
    expect(visit.view).toMatchObject({ cause: EndCause.CONNECTION_LOST, reason: Reason.PASS_INVALID });
  });

  test("a record header names its lane in clear", async () => {
    await view();
    const [ack] = sent(await tell({ kind: "drawn", frame: 1, boot: 1, worked: 3 }));
    expect(splitRecord(splitFrame(ack ?? new Uint8Array()).body).header).toMatchObject({ lane: Lane.SCREEN, grant: 1 });
  });
});

describe("a line that is cut", () => {
  test("before the view is the end, and with it a wait for both ends (reconnect.test.ts)", async () => {
    await seal();
    await tell({ kind: "socket_closed" });
    expect(visit.view.cause).toBe(EndCause.CONNECTION_LOST);
    await begin();
    await view();
    expect(await tell({ kind: "reconnect_offered", socketPass: new Uint8Array(32) })).toEqual([]);
    await cut();
    expect(await tell({ kind: "still_here" })).toEqual([]);
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    await present();
    expect(visit.view.phase).toBe("reconnecting");
    expect(await hear(frame(FrameKind.CONTROL, { type: "refused", about: "socket_pass", reason: Reason.PASS_INVALID }))).toEqual([]);
    await renew();
    expect(await hear(await host.identity())).toEqual([]);
    expect(await hear(await host.inner({ type: "visit_rejoined", grants: [1] }))).toMatchObject([{ kind: "screen_open" }]);
  });

  test("may have taken rights and answers with it, and ends with nobody", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await cut();
    expect(await host.opened(only(await back([2])), "answer_lost")).toMatchObject({ ask: 2 });
    expect(visit.view).toMatchObject({ phase: "paused", granted: [] });
    await cut();
    await tell({ kind: "reconnect_over" });
    expect(visit.view.cause).toBe(EndCause.CONNECTION_LOST);
  });
});

describe("everything else", () => {
  test("finds its part", async () => {
    await control();
    await tell({ kind: "wanted", permission: Permission.FILE_FROM_HOST, file: { id: 5, words: null, needs: "the last run" } });
    expect(await hear(await host.inner({ type: "file_over", ask: 3, reason: null }))).toEqual([{ kind: "file_over", ask: 3, reason: null }]);
    await hear(await host.inner({ type: "second_person", view_only: false, name: "Bob", company: "Acme" }));
    expect(visit.view.second.name).toBe("Bob");
    await hear(await host.inner({ type: "host_notice", notice: Notice.INPUT_STALE }));
    await hear(await host.inner({ type: "chat_standing", reason: null }));
    expect(visit.view).toMatchObject({ notice: Notice.INPUT_STALE, chat: { standing: "open" } });
    expect(sent(await tell({ kind: "written", text: "please press Allow" }))).toHaveLength(1);
    await hear(await host.under(Lane.CHAT, 0, encodeSaid("which one?")));
    expect(visit.view.chat.lines.map(({ text }) => text)).toEqual(["please press Allow", "which one?"]);
    await hear(frame(FrameKind.CONTROL, { type: "refused", about: "chat", reason: Reason.PHI_POLICY }));
    expect(visit.view.chat.standing).toBe("closed");
    await hear(frame(FrameKind.CONTROL, { type: "refused", about: "asked", reason: Reason.PHI_POLICY }));
    expect(visit.view.askings.at(-1)).toMatchObject({ answer: Answer.POLICY, reason: Reason.PHI_POLICY });
    await hear(await host.withdrawn(2, Permission.CONTROL));
    expect(visit.view.granted).toEqual([Permission.VIEW]);
    expect(sent(await tell({ kind: "file_over", ask: 3, reason: null }))).toHaveLength(1);
    expect(sent(await tell({ kind: "bulk_wanted" }))).toHaveLength(1);
    const offered = frame(FrameKind.CONTROL, { type: "bulk_offered", session_id: SESSION, bulk_pass: new Uint8Array(32), seconds: 30 });
    expect(await hear(offered)).toEqual([{ kind: "bulk_offered", pass: new Uint8Array(32) }]);
    expect(await tell({ kind: "direct", happened: { kind: "drained" } })).toEqual([]);
    expect(visit.view.carrier).toBeNull();
    await hear(await host.inner({ type: "direct_only", only: true }));
    expect(visit.view.carrier).not.toBeNull();
  });

  test("and a way back that the host signed is handed on", async () => {
    await view();
    const device = { type: AuthenticatorType.P256, key: Uint8Array.of(4, ...new Uint8Array(64)), label: "Laptop" };
    const payload = { session_id: SESSION, host_id: HOST, technician_id: TECHNICIAN, device, secret: new Uint8Array(32), at: 1, seconds: 600 };
    const statement = await host.signer.sign(Label.RETURN_TICKET, "ReturnPayload", payload);
    expect(await hear(await host.inner({ type: "return_ticket", statement }))).toMatchObject([{ kind: "way_back", back: { hostId: HOST } }]);
  });

  test("and a host that is not proven ends the visit", async () => {
    await tell({ kind: "socket_opened" });
    await agree();
    await hear(await host.identity({ session_id: "s-2" }));
    expect(visit.view.cause).toBe(EndCause.IDENTITY_NOT_PROVEN);
  });

  test("and a handshake after the handshake is misbehaviour", async () => {
    await view();
    await hear(host.open());
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("and a handshake while the two prove who they are is misbehaviour too", async () => {
    await tell({ kind: "socket_opened" });
    await agree();
    expect(visit.view.phase).toBe("proving");
    await hear(host.open());
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("and a channel to nobody proven ends the visit", async () => {
    await tell({ kind: "socket_opened" });
    await agree();
    await hear(await host.inner({ type: "direct_only", only: true }));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("and a mistake of ours is not the other end's", async () => {
    await view();
    await expect(tell({ kind: "say", permission: Permission.VIEW, plain: new Uint8Array(0) })).rejects.toThrow(RangeError);
  });
});
