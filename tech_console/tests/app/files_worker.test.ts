// The worker of files, as a page and a host drive it: what the browser does not keep ends that file, and what is long is hashed as it comes.
//
// Mutations that were tried, each of which makes this file fail: a part is not looked at when it was put aside, what cannot be read back is a
// fault of the visit again, a long file is believed, read back or hashed from its second piece on, a short one is believed; a line that is cut
// leaves the old socket, the old keys (either way), the place to go on from, or an epoch of before.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { FromFiles, ToFiles } from "../../src/app/files.worker";
import { sha256, type Bytes } from "../../src/core/bytes";
import { decodeAck, decodeData, encodeAck, encodeData } from "../../src/core/files";
import { encodeFrame, splitFrame, splitRecord } from "../../src/core/frames";
import { Opener, Sealer, type LaneStart } from "../../src/core/records";
import { encode } from "../../src/core/schema";
import { Direction, FrameKind, Lane, type FileWords } from "../../src/wire.gen";

const LONG = 1000;
vi.mock("../../src/core/digest", async (real) => ({ ...(await real<object>()), WHOLE_MAX: LONG }));

const SESSION = "s-1";
const ASK = 2;
const FROM: LaneStart = { sessionId: SESSION, lane: Lane.FILE_FROM_HOST, grant: ASK, direction: Direction.TO_TECHNICIAN, secret: new Uint8Array(32).fill(1) };
const TOWARDS: LaneStart = { ...FROM, direction: Direction.TO_HOST, secret: new Uint8Array(32).fill(2) };

type Heard = (event: { data: unknown }) => void;

/** A bulk socket that goes nowhere. */
class Socket {
  static newest: Socket | null = null;
  readonly readyState = 1;
  readonly heard = new Map<string, Heard>();
  readonly sent: Bytes[] = [];

  constructor() {
    Socket.newest = this;
  }

  addEventListener(kind: string, heard: Heard): void {
    this.heard.set(kind, heard);
  }

  send(data: Bytes): void {
    this.sent.push(data);
  }

  close(): void {
    this.heard.clear();
  }

  says(data: Bytes): void {
    this.heard.get("message")?.({ data: data.buffer });
  }
}

let told: FromFiles[] = [];
let page: Heard = () => undefined;

beforeEach(async () => {
  told = [];
  Socket.newest = null;
  vi.resetModules();
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("self", {
    addEventListener: (_: string, heard: Heard) => {
      page = heard;
    },
    postMessage: (message: FromFiles) => told.push(message),
  });
  await import("../../src/app/files.worker");
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function post(message: ToFiles): void {
  page({ data: message });
}

async function until(kind: FromFiles["kind"]): Promise<FromFiles> {
  return vi.waitFor(() => {
    const found = told.find((each) => each.kind === kind || each.kind === "fault");
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  });
}

function wordsOf(content: Bytes, digest: Bytes): FileWords {
  return { name: "run.csv", folder: false, files: 1, size: content.length, manifest: 0, digest, key: new Uint8Array(32) };
}

/** Both ends are on a bulk socket, which carries the file. */
async function carried(before: Socket | null = null): Promise<Socket> {
  post({ kind: "bulk", address: "wss://broker/bulk", sessionId: SESSION, pass: new Uint8Array(32) });
  const socket = await vi.waitFor(() => (Socket.newest === before ? null : Socket.newest) ?? Promise.reject(new Error("no socket")));
  socket.says(encodeFrame(FrameKind.CONTROL, encode({ type: "bulk_opened", session_id: SESSION, ask: ASK })));
  return socket;
}

/** One record of the host. */
async function give(socket: Socket, sealer: Sealer, plain: Bytes): Promise<void> {
  socket.says(encodeFrame(FrameKind.SEALED, await sealer.seal(plain, 0)));
}

/** The host sends all of this, in two pieces; the page was told that it has this hash. */
async function arrives(content: Bytes, digest: Bytes): Promise<void> {
  post({ kind: "take", id: 7, ask: ASK, words: wordsOf(content, digest), towards: TOWARDS, from: FROM });
  const socket = await carried();
  const sealer = await Sealer.begin(FROM, 0);
  const half = Math.floor(content.length / 2);
  for (const [from, to] of [[0, half], [half, content.length]] as const) await give(socket, sealer, encodeData(from, content.subarray(from, to)));
}

/** What was sent on a socket, at least so many records, under these keys. */
async function openedOf(socket: Socket, start: LaneStart, count: number): Promise<Bytes[]> {
  const frames = await vi.waitFor(() => (socket.sent.length < count ? Promise.reject(new Error("too few")) : socket.sent));
  const opener = await Opener.begin(start);
  const plain: Bytes[] = [];
  for (const each of frames) {
    const { header, sealed } = splitRecord(splitFrame(each).body);
    expect(header.epoch, "keys of their own begin with their first epoch").toBe(0);
    plain.push(await opener.open(header, sealed));
  }
  return plain;
}

const unreadable = () => Promise.reject(new DOMException("gone", "NotReadableError"));

test.each([LONG, LONG + 1])("a file of %d bytes that the browser has no room for is over, and the visit goes on", async (size) => {
  const content = new Uint8Array(size).fill(3);
  vi.spyOn(Blob.prototype, "arrayBuffer").mockImplementation(unreadable);
  await arrives(content, await sha256(content));
  expect(await until("unkept")).toEqual({ kind: "unkept", id: 7, ask: ASK });
});

test("a file that the browser lost after it was put aside is over, and the visit goes on", async () => {
  const content = new Uint8Array(LONG).fill(3);
  const read = vi.spyOn(Blob.prototype, "arrayBuffer");
  read.mockImplementationOnce(() => Promise.resolve(new ArrayBuffer(1))).mockImplementation(unreadable);
  await arrives(content, await sha256(content));
  expect(await until("unkept")).toEqual({ kind: "unkept", id: 7, ask: ASK });
  expect(read).toHaveBeenCalledTimes(2);
});

test.each([LONG, LONG + 1])("a file of %d bytes that is not the one that was allowed is not handed over", async (size) => {
  await arrives(new Uint8Array(size).fill(3), await sha256(new Uint8Array(size).fill(4)));
  expect(await until("arrived")).toMatchObject({ arrived: null });
});

test("a long file is hashed as it comes: of each part no more is read back than whether it is there", async () => {
  const content = Uint8Array.from({ length: LONG + 1 }, (_, at) => at % 251);
  const read = vi.spyOn(Blob.prototype, "arrayBuffer");
  await arrives(content, await sha256(content));
  const found = await until("arrived");
  expect(read.mock.contexts.map((part) => (part as Blob).size)).toEqual([1]);
  read.mockRestore();
  const kept = found.kind === "arrived" ? await found.arrived?.content.arrayBuffer() : undefined;
  expect(new Uint8Array(kept ?? new ArrayBuffer(0))).toEqual(content);
});

const ANEW = { towards: { ...TOWARDS, secret: new Uint8Array(32).fill(5) }, from: { ...FROM, secret: new Uint8Array(32).fill(6) } };

test("a file that comes waits while the line is cut, and goes on under other keys from where it is", async () => {
  const content = Uint8Array.from({ length: 900 }, (_, at) => at % 251);
  post({ kind: "take", id: 7, ask: ASK, words: wordsOf(content, await sha256(content)), towards: TOWARDS, from: FROM });
  const before = await carried();
  const old = await Sealer.begin(FROM, 0);
  await give(before, old, encodeData(0, content.subarray(0, 400)));
  await vi.waitFor(() => expect(told.some((each) => each.kind === "progress" && each.done === 400)).toBe(true));
  post({ kind: "parted" });
  await vi.waitFor(() => expect(before.heard.size, "nothing of the old socket is heard").toBe(0));
  post({ kind: "renew", ask: ASK, ...ANEW });
  const socket = await carried(before);
  const [ack] = await openedOf(socket, ANEW.towards, 1);
  expect(decodeAck(ack ?? new Uint8Array(0)).offset).toBe(400);
  await give(socket, await Sealer.begin(ANEW.from, 0), encodeData(400, content.subarray(400)));
  const found = await until("arrived");
  const kept = found.kind === "arrived" ? await found.arrived?.content.arrayBuffer() : undefined;
  expect(new Uint8Array(kept ?? new ArrayBuffer(0))).toEqual(content);
  expect(told.some((each) => each.kind === "lost"), "the page knows of the cut").toBe(false);
});

test("what was sealed under the old keys is no piece of it any more", async () => {
  const content = new Uint8Array(900).fill(3);
  post({ kind: "take", id: 7, ask: ASK, words: wordsOf(content, await sha256(content)), towards: TOWARDS, from: FROM });
  const before = await carried();
  post({ kind: "parted" });
  post({ kind: "renew", ask: ASK, ...ANEW });
  await give(await carried(before), await Sealer.begin(FROM, 0), encodeData(0, content));
  expect(await until("arrived")).toEqual({ kind: "fault" });
});

test("a file that goes waits while the line is cut, and goes on under other keys from where the host has it", async () => {
  const content = Uint8Array.from({ length: 900 }, (_, at) => at % 251);
  post({ kind: "hash", id: 7, picked: [{ path: "a", file: new File([content], "a") }], folder: false });
  expect(await until("hashed")).toMatchObject({ hashed: { size: 900, digest: await sha256(content) } });
  const way = { towards: { ...TOWARDS, lane: Lane.FILE_TO_HOST }, from: { ...FROM, lane: Lane.FILE_TO_HOST } };
  post({ kind: "send", id: 7, ask: ASK, ...way });
  const before = await carried();
  await give(before, await Sealer.begin(way.from, 0), encodeAck({ offset: 0, window: 500 }));
  const [first] = await openedOf(before, way.towards, 1);
  expect(decodeData(first ?? new Uint8Array(0))).toEqual({ offset: 0, content: content.subarray(0, 500) });
  post({ kind: "parted" });
  const anew = { towards: { ...ANEW.towards, lane: Lane.FILE_TO_HOST }, from: { ...ANEW.from, lane: Lane.FILE_TO_HOST } };
  post({ kind: "renew", ask: ASK, ...anew });
  const socket = await carried(before);
  await give(socket, await Sealer.begin(anew.from, 0), encodeAck({ offset: 300, window: 1000 }));
  const [rest] = await openedOf(socket, anew.towards, 1);
  expect(decodeData(rest ?? new Uint8Array(0))).toEqual({ offset: 300, content: content.subarray(300) });
  expect(before.sent).toHaveLength(1);
});
