// A file, as the visit at the console asks for it, hears of it, and lets go of it.

import { beforeEach, describe, expect, test } from "vitest";

import { splitFrame } from "../../src/core/frames";
import { fileCommitted, matches } from "../../src/core/ledger";
import { decode } from "../../src/core/schema";
import type { VisitCommand } from "../../src/core/visit";
import { Answer, EndCause, FileScope, FrameKind, Lane, Permission, Reason } from "../../src/wire.gen";
import { allow, begin, hear, host, only, seal, sent, tell, visit } from "./dialogue";
import { frame, SESSION } from "./fake_host";

beforeEach(begin);

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

  test.each([null, { ...words, name: "other.csv" }, { ...words, size: 300 }, { ...words, files: 2 }])("that is not the one that was committed to ends the visit", async (told) => {
    await answered(told);
    expect(visit.view.cause).toBe(EndCause.PEER_MISBEHAVED);
  });
});
