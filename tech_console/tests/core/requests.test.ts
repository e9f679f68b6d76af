// What the technician asks for, and what becomes of it.

import { beforeEach, describe, expect, test } from "vitest";

import { splitFrame } from "../../src/core/frames";
import { fileCommitted, matches } from "../../src/core/ledger";
import { decode } from "../../src/core/schema";
import type { VisitCommand } from "../../src/core/visit";
import { Answer, EndCause, FileScope, FrameKind, Lane, Permission, Reason } from "../../src/wire.gen";
import { allow, back, begin, control, cut, hear, host, only, seal, sent, tell, view, visit } from "./dialogue";
import { frame, SESSION } from "./fake_host";

beforeEach(begin);

describe("a request", () => {
  test("is asked for by itself, and nothing is sent without it", async () => {
    await view();
    expect(await tell({ kind: "deeds", deeds: [{ kind: "move", x: 1, y: 1 }] })).toEqual([]);
    const [, asked] = sent(await tell({ kind: "wanted", permission: Permission.CONTROL }));
    if (asked === undefined) throw new Error("nothing was asked");
    expect(host.said(asked, "Asked")).toMatchObject({ ask: 2, permission: Permission.CONTROL });
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
  });

  test("waits until the one before it has its answer, and what was given is not asked for again", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    expect(await tell({ kind: "wanted", permission: Permission.RESTART })).toEqual([]);
    await allow(Permission.CONTROL, 2);
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    expect(sent(await tell({ kind: "wanted", permission: Permission.RESTART }))).not.toEqual([]);
  });

  test("cannot be asked for before there is a picture", async () => {
    await seal();
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    expect(visit.view.phase).toBe("asking");
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

describe("an answer", () => {
  test.each([
    [Answer.REFUSE, Reason.REFUSED_BY_PERSON, EndCause.REFUSED],
    [Answer.NO_ANSWER, Reason.NO_ANSWER, EndCause.NO_ANSWER],
    [Answer.POLICY, Reason.OUTSIDE_HOURS, EndCause.POLICY],
  ])("ends with its cause when the answer is %s", async (answer, reason, cause) => {
    await seal();
    await hear((await host.answer(1, Permission.VIEW, answer, reason)).answered);
    expect(visit.view).toMatchObject({ phase: "ended", cause, askings: [{ answer, reason }] });
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

  test("words that were not committed to", async () => {
    await seal();
    await hear((await host.answer(1, Permission.VIEW, Answer.ALLOW)).answered);
    await hear(await host.inner({ type: "answer_words", ask: 1, key: new Uint8Array(32), prompt: "other", file: null }));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("by a view that the broker's rules refuse says why", async () => {
    await seal();
    const said = await hear(frame(FrameKind.CONTROL, { type: "refused", about: "asked", reason: Reason.TRAINING_EXPIRED }));
    expect(sent(said)).toHaveLength(1);
    expect(visit.view).toMatchObject({ cause: EndCause.POLICY, reason: Reason.TRAINING_EXPIRED });
  });
});

describe("a request that has no answer", () => {
  test("when the line is cut has none any more, and another may be asked once both are back", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await tell({ kind: "socket_closed" });
    expect(visit.view.askings.at(-1)).toEqual({ permission: Permission.CONTROL, answer: Answer.NO_ANSWER, reason: null });
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    expect(visit.view.askings).toHaveLength(2);
  });

  test("because the answer was lost with the line may be taken back", async () => {
    await view();
    await tell({ kind: "wanted", permission: Permission.CONTROL });
    await cut();
    await back([1, 2]);
    expect(await hear(await host.withdrawn(2, Permission.CONTROL))).toEqual([]);
    expect(visit.view).toMatchObject({ phase: "viewing", granted: [Permission.VIEW] });
  });

  test("because nothing was asked is none: a line that is cut then leaves no answer open", async () => {
    await view();
    await cut();
    expect(visit.view.askings.map(({ answer }) => answer)).toEqual([Answer.ALLOW]);
  });

  test("because the technician may only watch was never sent", async () => {
    await view();
    await hear(await host.inner({ type: "second_person", view_only: true, name: "Ann", company: "Acme" }));
    expect(await tell({ kind: "wanted", permission: Permission.CONTROL })).toEqual([]);
    expect(visit.view.askings.at(-1)).toEqual({ permission: Permission.CONTROL, answer: Answer.POLICY, reason: Reason.VIEW_ONLY });
  });

  test("that was never made cannot be taken back", async () => {
    await view();
    await hear(await host.withdrawn(2, Permission.CONTROL));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});

describe("a file", () => {
  const words = { name: "a.txt", folder: false, files: 1, size: 3, manifest: 0, digest: new Uint8Array(32), key: new Uint8Array(32) };

  async function asked(): Promise<readonly VisitCommand[]> {
    const [first] = sent(await seal());
    if (first !== undefined) await host.opened(first, "ask_words");
    await allow(Permission.VIEW, 1);
    return tell({ kind: "wanted", permission: Permission.FILE_TO_HOST, file: { id: 5, words } });
  }

  async function granted(): Promise<VisitCommand | undefined> {
    const [inner] = sent(await asked());
    if (inner !== undefined) await host.opened(inner, "ask_words");
    const commands = await allow(Permission.FILE_TO_HOST, 2);
    return commands.find((each) => each.kind === "file_granted");
  }

  test("is named inside the seals, and to the broker by commitments alone", async () => {
    const commands = await asked();
    expect(commands[0]).toEqual({ kind: "file_asked", id: 5, ask: 2 });
    const [inner, clear] = sent(commands);
    if (inner === undefined || clear === undefined) throw new Error("nothing was asked");
    expect((await host.opened(inner, "ask_words")).file).toEqual(words);
    const { file } = host.said(clear, "Asked");
    expect(file?.size_class).toBe(2);
    expect(await matches(file?.name_commitment ?? new Uint8Array(0), words.key, "a.txt")).toBe(true);
  });

  test("gets the keys of its lane with the grant, and nobody else seals under it", async () => {
    const grant = await granted();
    expect(grant).toMatchObject({ ask: 2, towards: { lane: Lane.FILE_TO_HOST, grant: 2 }, from: { lane: Lane.FILE_TO_HOST, grant: 2 } });
    expect(await tell({ kind: "say", permission: Permission.FILE_TO_HOST, plain: new Uint8Array(9) })).toEqual([]);
  });

  test("that is refused says by whom and why", async () => {
    await asked();
    const { answered } = await host.answer(2, Permission.FILE_TO_HOST, Answer.POLICY, Reason.PHI_POLICY);
    expect(await hear(answered)).toEqual([{ kind: "file_answered", ask: 2, answer: Answer.POLICY, reason: Reason.PHI_POLICY }]);
  });

  test("that the broker does not let through says why", async () => {
    await asked();
    const refused = frame(FrameKind.CONTROL, { type: "refused", about: "asked", reason: Reason.PHI_POLICY });
    expect(await hear(refused)).toEqual([{ kind: "file_answered", ask: 2, answer: Answer.POLICY, reason: Reason.PHI_POLICY }]);
    expect(visit.view.phase).toBe("viewing");
  });

  test("travels on another socket, which the broker offers and this end may want again", async () => {
    await granted();
    const offered = frame(FrameKind.CONTROL, { type: "bulk_offered", session_id: SESSION, bulk_pass: new Uint8Array(32), seconds: 30 });
    expect(await hear(offered)).toEqual([{ kind: "bulk_offered", pass: new Uint8Array(32) }]);
    const wanted = decode(splitFrame(only(await tell({ kind: "bulk_wanted" }))).body, "bulk_wanted");
    expect(wanted.session_id).toBe(SESSION);
  });

  test("on the session socket ends the visit", async () => {
    await granted();
    await hear(await host.under(Lane.FILE_TO_HOST, 2, new Uint8Array(20)));
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });

  test("is over when the host says so, and its grant with it", async () => {
    await granted();
    expect(await hear(await host.inner({ type: "file_over", ask: 2, reason: null }))).toEqual([{ kind: "file_over", ask: 2, reason: null }]);
    await hear(await host.withdrawn(2, Permission.FILE_TO_HOST));
    expect(visit.view.granted).toEqual([Permission.VIEW]);
    expect(visit.view.askings.at(-1)?.answer).toBe(Answer.ALLOW);
    const again = await tell({ kind: "wanted", permission: Permission.FILE_TO_HOST, file: { id: 6, words } });
    expect(again[0]).toEqual({ kind: "file_asked", id: 6, ask: 3 });
  });

  test("that the technician does not want any more is told inside the seals", async () => {
    await granted();
    const told = only(await tell({ kind: "file_over", ask: 2, reason: Reason.FILE_STOPPED_BY_TECHNICIAN }));
    expect(await host.opened(told, "file_over")).toMatchObject({ ask: 2, reason: Reason.FILE_STOPPED_BY_TECHNICIAN });
  });

  test("waits while the line is cut, and gets other keys for the same grant when both ends are back", async () => {
    const before = await granted();
    await cut();
    expect(await tell({ kind: "file_over", ask: 2, reason: Reason.FILE_STOPPED_BY_TECHNICIAN }), "nobody is there to hear it").toEqual([]);
    const [told] = await back([1, 2]);
    expect(told).toMatchObject({ kind: "file_granted", ask: 2, picked: null, from: { lane: Lane.FILE_TO_HOST, grant: 2 } });
    if (before?.kind !== "file_granted" || told?.kind !== "file_granted") throw new Error("no keys");
    expect(told.towards.secret).not.toEqual(before.towards.secret);
    expect(told.from.secret).not.toEqual(before.from.secret);
  });

  test("that the host does not name any more when both ends are back gets no keys", async () => {
    await granted();
    await cut();
    expect((await back([1])).map((each) => each.kind)).toEqual(["screen_open"]);
    expect(visit.view.granted).toEqual([Permission.VIEW]);
  });

  test("with a scope where none belongs, or without one, is no answer of the host", async () => {
    await asked();
    const { answered } = await host.answer(2, Permission.FILE_TO_HOST, Answer.ALLOW, null, { scope: null });
    await hear(answered);
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});

async function askedForOne(): Promise<readonly VisitCommand[]> {
  const [first] = sent(await seal());
  if (first !== undefined) await host.opened(first, "ask_words");
  await allow(Permission.VIEW, 1);
  return tell({ kind: "wanted", permission: Permission.FILE_FROM_HOST, file: { id: 5, words: null, needs: "the last run" } });
}

describe("a file of the host", () => {
  const words = { name: "run.csv", folder: false, files: 1, size: 3, manifest: 0, digest: new Uint8Array(32), key: new Uint8Array(32).fill(7) };

  async function answered(told: typeof words | null, committed = words): Promise<readonly VisitCommand[]> {
    await askedForOne();
    const file = await fileCommitted(committed);
    const { answered: said, words: prompt } = await host.answer(2, Permission.FILE_FROM_HOST, Answer.ALLOW, null, { scope: FileScope.THIS, file }, told);
    const before = await hear(said);
    return [...before, ...(await hear(prompt))];
  }

  test("is asked for in the technician's own words, and no file is named", async () => {
    const commands = await askedForOne();
    expect(commands[0]).toEqual({ kind: "file_asked", id: 5, ask: 2 });
    const [, clear] = sent(commands);
    if (clear === undefined) throw new Error("nothing was asked");
    expect(host.said(clear, "Asked").file).toBeNull();
  });

  test("may come once the words have said which it is", async () => {
    const commands = await answered(words);
    expect(commands.map((each) => each.kind)).toEqual(["file_granted"]);
    expect(commands[0]).toMatchObject({ ask: 2, picked: { name: "run.csv" }, from: { lane: Lane.FILE_FROM_HOST, grant: 2 } });
  });

  test("that was taken back before its words came gets no keys", async () => {
    await askedForOne();
    const file = await fileCommitted(words);
    const { answered: said, words: prompt } = await host.answer(2, Permission.FILE_FROM_HOST, Answer.ALLOW, null, { scope: FileScope.THIS, file }, words);
    await hear(said);
    await hear(await host.withdrawn(2, Permission.FILE_FROM_HOST));
    expect(await hear(prompt)).toEqual([]);
    expect(visit.view.phase).toBe("viewing");
  });

  test.each([null, { ...words, name: "other.csv" }, { ...words, size: 300 }, { ...words, files: 2 }])("that is not the one that was committed to ends the visit", async (told) => {
    await answered(told);
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});
