// A whole visit at the console, told as a dialogue with a host: what it sends, what it shows, and what ends it.

import { beforeEach, describe, expect, test } from "vitest";

import { decodeSaid, encodeSaid } from "../../src/core/chat";
import { encodeFrame, splitFrame, splitRecord } from "../../src/core/frames";
import { matches } from "../../src/core/ledger";
import { decode } from "../../src/core/schema";
import { Answer, EndCause, FrameKind, Lane, LIMITS, Notice, Permission, Purpose, Reason } from "../../src/wire.gen";
import { agree, allow, begin, control, HALF, hear, host, only, seal, sent, tell, view, visit, wait, WORDS } from "./dialogue";
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

  test.each([
    [Answer.REFUSE, Reason.REFUSED_BY_PERSON, EndCause.REFUSED],
    [Answer.NO_ANSWER, Reason.NO_ANSWER, EndCause.NO_ANSWER],
    [Answer.POLICY, Reason.OUTSIDE_HOURS, EndCause.POLICY],
  ])("ends with its cause when the answer is %s", async (answer, reason, cause) => {
    await seal();
    await hear((await host.answer(1, Permission.VIEW, answer, reason)).answered);
    expect(visit.view).toMatchObject({ phase: "ended", cause, askings: [{ answer, reason }] });
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

  test.each([
    ["another transcript", { transcript: new Uint8Array(32) }],
    ["another session", { session_id: "s-2" }],
    ["the technician's role", { role: "technician" as const }],
    ["another host", { subject: "h-2" }],
  ])("a host identity over %s", async (_name, change) => {
    await tell({ kind: "socket_opened" });
    await agree();
    await hear(await host.identity(change));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.IDENTITY_NOT_PROVEN });
  });

  test.each([
    ["of another session", { session_id: "s-2" }],
    ["to another technician", { technician_id: "t-2" }],
    ["of another host", { host_id: "h-2" }],
    ["to another request", { ask: 2 }],
    ["for another permission", { permission: Permission.CONTROL }],
    ["that allows and refuses", { reason: Reason.NO_ANSWER }],
  ])("an answer %s", async (_name, change) => {
    await seal();
    await hear((await host.answer(1, Permission.VIEW, Answer.ALLOW, null, change)).answered);
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.PEER_MISBEHAVED });
  });

  test("an answer that somebody else signed", async () => {
    await seal();
    const other = new FakeHost(await TestSigner.make());
    await hear(other.ledger(await other.signer.sign("chaperone ended", "Ended", ENDED)));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("words that were not committed to", async () => {
    await seal();
    await hear((await host.answer(1, Permission.VIEW, Answer.ALLOW)).answered);
    await hear(await host.inner({ type: "answer_words", ask: 1, key: new Uint8Array(32), prompt: "other", file: null }));
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
  test("is asked for by itself, and nothing is sent without it", async () => {
    await view();
    expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
    const [, asked] = sent(await tell({ kind: "wanted", permission: Permission.CONTROL }));
    if (asked === undefined) throw new Error("nothing was asked");
    expect(host.said(asked, "Asked")).toMatchObject({ ask: 2, permission: Permission.CONTROL });
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
  });

  test("cannot be asked for before there is a picture", async () => {
    await seal();
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    expect(visit.view.phase).toBe("asking");
  });

  test("sends deeds as padded records that name the last picture and the host's own time", async () => {
    await control();
    wait(1.5);
    const frames = sent(await tell({ kind: "deeds", deeds: [{ kind: "button", number: 0, down: true }] }));
    const [plain] = await host.openedOn(frames, Lane.INPUT, 2);
    expect(plain).toHaveLength(LIMITS.INPUT_PLAIN);
    expect(Array.from(plain ?? []).slice(0, 12)).toEqual([0, 0, 0, 7, 0, 0, 5, 220, 1, 2, 0, 1]);
  });

  test("when refused leaves the view alive", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await hear((await host.answer(2, Permission.CONTROL, Answer.REFUSE, Reason.REFUSED_BY_PERSON)).answered);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
    expect(visit.view.askings).toMatchObject([{ answer: Answer.ALLOW }, { answer: Answer.REFUSE }]);
  });

  test("when the broker's rules refuse it, nobody is asked and the view goes on", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    expect(await hear(frame(FrameKind.CONTROL, { type: "refused", about: "asked", reason: Reason.SITE_POLICY }))).toEqual([]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
    expect(visit.view.askings.at(-1)).toEqual({ permission: Permission.CONTROL, answer: Answer.POLICY, reason: Reason.SITE_POLICY });
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await hear((await host.answer(3, Permission.CONTROL, Answer.REFUSE, Reason.REFUSED_BY_PERSON)).answered);
    expect(visit.view.askings).toHaveLength(3);
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

  test("is over the moment it is taken back", async () => {
    await control();
    await hear(await host.withdrawn(2, Permission.CONTROL));
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
    expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
  });

  test("goes with the view, and late pictures are let fall", async () => {
    await control();
    expect(await hear(await host.withdrawn(1, Permission.VIEW))).toEqual([{ kind: "screen_close" }]);
    expect(visit.view).toMatchObject({ phase: "paused", granted: [] });
    expect(await hear(await host.picture(1, Uint8Array.of(0, 9)))).toEqual([]);
    expect(await tell({ kind: "drawn", frame: 8, boot: 6_000_000, worked: 3 })).toEqual([]);
  });

  test("cannot be taken back twice", async () => {
    await control();
    await hear(await host.withdrawn(2, Permission.CONTROL));
    await hear(await host.withdrawn(2, Permission.CONTROL));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});

describe("the picture", () => {
  test("is acknowledged on the way back when it is drawn", async () => {
    await view();
    const frames = sent(await tell({ kind: "drawn", frame: 7, boot: 5_000_000, worked: 3 }));
    expect(await host.openedOn(frames, Lane.SCREEN, 1)).toEqual([Uint8Array.of(1, 0, 0, 0, 7, 0, 3)]);
  });

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

  test("somebody who only looks can say that he is there", async () => {
    const [words] = sent(await seal());
    await host.opened(words ?? new Uint8Array(), "ask_words");
    await allow(Permission.VIEW, 1);
    await hear(await host.inner({ type: "host_notice", notice: Notice.IDLE_WARNED }));
    expect(visit.view).toMatchObject({ phase: "viewing", notice: Notice.IDLE_WARNED });
    expect(await host.opened(only(await tell({ kind: "still_here" })), "still_here")).toEqual({ type: "still_here" });
  });

  test("a notice before the picture changes no phase", async () => {
    await seal();
    await hear(await host.inner({ type: "host_notice", notice: Notice.NO_SCREEN }));
    expect(visit.view).toMatchObject({ phase: "asking", notice: Notice.NO_SCREEN });
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

  test("by a view that the broker's rules refuse says why", async () => {
    await seal();
    const said = await hear(frame(FrameKind.CONTROL, { type: "refused", about: "asked", reason: Reason.TRAINING_EXPIRED }));
    expect(sent(said)).toHaveLength(1);
    expect(visit.view).toMatchObject({ cause: EndCause.POLICY, reason: Reason.TRAINING_EXPIRED });
  });

  test("by a refused pass says why", async () => {
    await tell({ kind: "socket_opened" });
    await hear(frame(FrameKind.CONTROL, { type: "refused", about: "socket_pass", reason: Reason.PASS_INVALID }));
    expect(visit.view).toMatchObject({ cause: EndCause.CONNECTION_LOST, reason: Reason.PASS_INVALID });
  });

  test("by a cut before the view was granted is a lost connection", async () => {
    await seal();
    await tell({ kind: "socket_closed" });
    expect(visit.view.cause).toBe(EndCause.CONNECTION_LOST);
  });

  test("a record header names its lane in clear", async () => {
    await view();
    const [ack] = sent(await tell({ kind: "drawn", frame: 1, boot: 1, worked: 3 }));
    expect(splitRecord(splitFrame(ack ?? new Uint8Array()).body).header).toMatchObject({ lane: Lane.SCREEN, grant: 1 });
  });
});

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
