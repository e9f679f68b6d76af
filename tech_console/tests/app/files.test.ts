// The files of a visit as its page keeps them: what waits while the line is cut, what is said of it after, and what is over.
//
// Mutations that were tried, each of which makes this file fail: a file on its way is stopped at the cut, one that was asked for is not, the
// worker hears nothing of the cut or of the new keys, what is over is not told after the cut or as whole, a right that is gone leaves its file.

import { beforeEach, expect, test, vi } from "vitest";

import { VisitFiles } from "../../src/app/files";
import type { FromFiles, ToFiles } from "../../src/app/files.worker";
import type { LaneStart } from "../../src/core/records";
import type { VisitCommand, VisitEvent, VisitView } from "../../src/core/visit";
import { Direction, Lane, Permission, Reason } from "../../src/wire.gen";

const posted: ToFiles[] = [];
let says: (message: FromFiles) => void = () => undefined;
vi.mock("../../src/app/workers", () => ({
  startWorker: () => ({
    postMessage: (message: ToFiles) => posted.push(message),
    addEventListener: (kind: string, heard: (event: { data: FromFiles }) => void) => {
      if (kind === "message") says = (data) => heard({ data });
    },
    terminate: () => undefined,
  }),
}));

const ASK = 2;
const START: LaneStart = { sessionId: "s-1", lane: Lane.FILE_TO_HOST, grant: ASK, direction: Direction.TO_HOST, secret: new Uint8Array(32) };
const GRANTED: VisitCommand & { kind: "file_granted" } = { kind: "file_granted", ask: ASK, towards: START, from: START, picked: null };
const WORDS = { name: "run.csv", folder: false, files: 1, size: 9, manifest: 0, digest: new Uint8Array(32), key: new Uint8Array(32) };

let told: VisitEvent[] = [];
let view: Pick<VisitView, "phase" | "granted" | "askings">;
let files: VisitFiles;

beforeEach(() => {
  posted.length = 0;
  told = [];
  view = { phase: "viewing", granted: [Permission.VIEW], askings: [] };
  const tell = (event: VisitEvent) => Promise.resolve(void told.push(event));
  files = new VisitFiles({ address: "", sessionId: "s-1", tell, changed: () => undefined, view: () => view as VisitView });
});

/** One is on its way to the host. */
function moving(): void {
  files.add("a.bin", false, [{ path: "a.bin", file: new File(["nine byte"], "a.bin") }]);
  says({ kind: "hashed", id: 1, hashed: { files: 1, size: 9, manifest: 0, digest: new Uint8Array(32) } });
  files.command({ kind: "file_asked", id: 1, ask: ASK });
  view = { ...view, granted: [Permission.VIEW, Permission.FILE_TO_HOST] };
  files.command(GRANTED);
}

/** One is on its way from the host. */
function coming(): void {
  files.need("the last run");
  files.command({ kind: "file_asked", id: 1, ask: ASK });
  view = { ...view, granted: [Permission.VIEW, Permission.FILE_FROM_HOST] };
  files.command({ ...GRANTED, picked: WORDS });
}

function cut(): void {
  view = { ...view, phase: "reconnecting" };
  files.drive();
  files.drive();
}

function back(): void {
  view = { ...view, phase: "viewing" };
  files.command(GRANTED);
  files.drive();
}

function stood(): readonly [string | undefined, Reason | null | undefined] {
  return [files.items[0]?.stage, files.items[0]?.reason];
}

function kinds(): readonly string[] {
  return posted.map((each) => each.kind);
}

test.each([moving, coming])("what is on its way waits for the line, and goes on under other keys (%o)", (begin) => {
  begin();
  cut();
  expect([files.waits, ...stood()]).toEqual([true, "moving", null]);
  says({ kind: "lost" });
  expect(told.filter((each) => each.kind === "bulk_wanted"), "the host wants a socket when there is a line").toEqual([]);
  back();
  expect(kinds().slice(-2)).toEqual(["parted", "renew"]);
  expect([files.waits, ...stood()]).toEqual([false, "moving", null]);
});

test("what is cancelled meanwhile is over at once, and the host hears why when both are back", () => {
  moving();
  cut();
  const [item] = files.items;
  if (item !== undefined) files.cancel(item);
  expect(stood()).toEqual(["stopped", Reason.FILE_STOPPED_BY_TECHNICIAN]);
  told = [];
  back();
  expect(told).toEqual([{ kind: "file_over", ask: ASK, reason: Reason.FILE_STOPPED_BY_TECHNICIAN }]);
  expect(kinds()).not.toContain("renew");
});

test("what was all here is told as whole when both are back", () => {
  vi.stubGlobal("document", { createElement: () => ({ click: () => undefined }) });
  coming();
  cut();
  says({ kind: "arrived", id: 1, ask: ASK, arrived: { name: "run.csv", content: new Blob(["nine byte"]) } });
  told = [];
  back();
  expect(told).toEqual([{ kind: "file_over", ask: ASK, reason: null }]);
  expect(stood()).toEqual(["done", null]);
});

test("what was only asked for is over, and a grant of it that comes after is given back", () => {
  files.need("the last run");
  files.command({ kind: "file_asked", id: 1, ask: ASK });
  cut();
  expect(stood()).toEqual(["stopped", Reason.FILE_CUT]);
  told = [];
  back();
  expect(told).toEqual([{ kind: "file_over", ask: ASK, reason: Reason.FILE_CUT }]);
});

test("what lost its right meanwhile, or by the rules, is over", () => {
  moving();
  cut();
  view = { ...view, phase: "viewing", granted: [Permission.VIEW] };
  files.drive();
  expect(stood()).toEqual(["stopped", Reason.FILE_CUT]);
  expect(kinds().at(-1)).toBe("over");
});

test("what the host said of it meanwhile is what is shown", () => {
  moving();
  cut();
  files.command({ kind: "file_over", ask: ASK, reason: Reason.FILE_STOPPED_AT_HOST });
  view = { ...view, phase: "viewing", granted: [Permission.VIEW] };
  files.drive();
  expect(stood()).toEqual(["stopped", Reason.FILE_STOPPED_AT_HOST]);
});

test("what the browser does not keep is over for want of room, and nothing else is", () => {
  coming();
  says({ kind: "unkept", id: 1, ask: ASK });
  expect(stood()).toEqual(["stopped", Reason.DISK_FULL]);
  expect(told.at(-1)).toEqual({ kind: "file_over", ask: ASK, reason: Reason.DISK_FULL });
});
