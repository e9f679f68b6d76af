// Files, off the page's own thread: hashes them, holds the bulk socket and the keys of the lanes that were allowed, reads and seals. A file
// is never whole in memory here, and never delays a click.

import { FrameKind, type FileEntry, type FileWords } from "../wire.gen";
import { concat, PeerMisbehaved, type Bytes } from "../core/bytes";
import { digestOf } from "../core/digest";
import { DATA_MAX, decodeAck, encodeData, encodeManifest, Sending } from "../core/files";
import { encodeFrame, splitFrame, splitRecord, type RecordHeader } from "../core/frames";
import { Opener, Sealer, type LaneStart } from "../core/records";
import { decode, encode } from "../core/schema";
import { Arrival, NotKept, type Arrived } from "./taking";

/** One file of what is to be sent; `path` is its place below the folder. */
export interface Picked {
  readonly path: string;
  readonly file: File;
}

/** What is known of a file once it was read. */
export interface Hashed {
  readonly files: number;
  readonly size: number;
  readonly manifest: number;
  readonly digest: Bytes;
}

/** From the page. */
export type ToFiles =
  | { readonly kind: "hash"; readonly id: number; readonly picked: readonly Picked[]; readonly folder: boolean }
  | { readonly kind: "send"; readonly id: number; readonly ask: number; readonly towards: LaneStart; readonly from: LaneStart }
  | { readonly kind: "take"; readonly id: number; readonly ask: number; readonly words: FileWords; readonly towards: LaneStart; readonly from: LaneStart }
  | { readonly kind: "parted" } // the line of the visit is cut: what is on its way waits for other keys
  | { readonly kind: "renew"; readonly ask: number; readonly towards: LaneStart; readonly from: LaneStart }
  | { readonly kind: "bulk"; readonly address: string; readonly sessionId: string; readonly pass: Bytes }
  | { readonly kind: "over"; readonly id: number; readonly ask: number | null };

/** To the page. `progress` counts contents, without the manifest of a folder; `arrived` is null for what is not what was allowed; `unkept` is
 * what the browser had no room for. */
export type FromFiles =
  | { readonly kind: "hashed"; readonly id: number; readonly hashed: Hashed }
  | { readonly kind: "progress"; readonly id: number; readonly done: number }
  | { readonly kind: "checking"; readonly id: number }
  | { readonly kind: "arrived"; readonly id: number; readonly ask: number; readonly arrived: Arrived | null }
  | { readonly kind: "unreadable"; readonly id: number; readonly ask: number | null }
  | { readonly kind: "unkept"; readonly id: number; readonly ask: number }
  | { readonly kind: "lost" }
  | { readonly kind: "fault" };

interface Moving {
  readonly id: number;
  readonly ask: number;
  readonly stream: Blocks;
  readonly manifest: number;
  sealer: Sealer;
  opener: Opener;
  readonly sending: Sending;
  carrier: WebSocket | null;
  carried: boolean;
  pump: Promise<void> | null;
}

interface Early {
  readonly header: RecordHeader;
  readonly sealed: Bytes;
}

const EARLY_MAX = 8;
const PROGRESS_MS = 200;
const BLOCK = 4 * DATA_MAX;

/** Reads a file in blocks, and gives pieces of them. */
class Blocks {
  readonly blob: Blob;
  private at = 0;
  private block: Bytes = new Uint8Array(0);

  constructor(blob: Blob) {
    this.blob = blob;
  }

  async read(offset: number, length: number): Promise<Bytes> {
    if (offset < this.at || offset >= this.at + this.block.length) {
      this.block = new Uint8Array(await this.blob.slice(offset, offset + BLOCK).arrayBuffer());
      this.at = offset;
    }
    const piece = this.block.subarray(offset - this.at, offset - this.at + length);
    if (piece.length === length) return piece;
    const rest = await this.read(offset + piece.length, length - piece.length);
    return concat(piece, rest);
  }
}

const ready = new Map<number, { readonly stream: Blob; readonly manifest: number }>();
const moving = new Map<number, Moving>();
const arriving = new Map<number, Arrival>();
const early = new Map<number, Early[]>();
const opened = new Set<number>();
let socket: WebSocket | null = null;
let turn = Promise.resolve();

self.addEventListener("message", (event: MessageEvent<ToFiles>) => inTurn(() => take(event.data)));

function inTurn(what: () => Promise<void> | void): void {
  turn = turn.then(what).catch(fault);
}

function fault(reason: unknown): void {
  socket?.close();
  moving.clear();
  arriving.clear();
  say({ kind: "fault" });
  if (!(reason instanceof PeerMisbehaved)) throw reason;
}

function say(message: FromFiles): void {
  self.postMessage(message);
}

async function take(message: ToFiles): Promise<void> {
  switch (message.kind) {
    case "hash":
      void hash(message.id, message.picked, message.folder);
      return;
    case "send":
      return begin(message);
    case "take":
      return begun(message);
    case "parted":
      return parted();
    case "renew":
      return renewed(message);
    case "bulk":
      return connect(message.address, message.sessionId, message.pass);
    case "over":
      ready.delete(message.id);
      if (message.ask === null) return;
      moving.delete(message.ask);
      arriving.delete(message.ask);
  }
}

/** Nothing is sealed under the old keys any more, and nothing of the old socket is heard. */
function parted(): void {
  socket?.close();
  socket = null;
  opened.clear();
  early.clear();
  for (const lane of moving.values()) lane.carrier = null;
  for (const arrival of arriving.values()) arrival.parted();
}

/** The visit goes on: so does this file, under its new keys, from where the receiver has it. */
async function renewed({ ask, towards, from }: ToFiles & { kind: "renew" }): Promise<void> {
  await arriving.get(ask)?.renewed(towards, from);
  const lane = moving.get(ask);
  if (lane === undefined) return;
  await lane.pump; // it ends by itself: its socket is gone
  lane.sealer = await Sealer.begin(towards, performance.now() / 1000);
  lane.opener = await Opener.begin(from);
  lane.carried = false;
}

// ---- before a file is asked for

async function hash(id: number, picked: readonly Picked[], folder: boolean): Promise<void> {
  try {
    const [only] = picked;
    if (only === undefined) throw new RangeError("no file");
    const entries = await entriesOf(id, picked);
    const manifest = folder ? encodeManifest(entries) : new Uint8Array(0);
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    const whole = new Blob([manifest, ...picked.map((each) => each.file)]);
    const digest = folder ? await digestOf(new Blob([manifest]), () => undefined) : new Uint8Array(entries[0]?.digest ?? []);
    ready.set(id, { stream: whole, manifest: manifest.length });
    say({ kind: "hashed", id, hashed: { files: picked.length, size, manifest: manifest.length, digest } });
  } catch {
    say({ kind: "unreadable", id, ask: null }); // it went away, or may not be read
  }
}

async function entriesOf(id: number, picked: readonly Picked[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  let before = 0;
  for (const { path, file } of picked) {
    const behind = before;
    const digest = await digestOf(file, (bytes) => say({ kind: "progress", id, done: behind + bytes }));
    entries.push({ path, size: file.size, digest });
    before += file.size;
    say({ kind: "progress", id, done: before });
  }
  return entries;
}

// ---- the socket

function connect(address: string, sessionId: string, pass: Bytes): void {
  socket?.close();
  opened.clear();
  early.clear();
  const fresh = new WebSocket(address);
  fresh.binaryType = "arraybuffer";
  fresh.addEventListener("open", () => fresh.send(encodeFrame(FrameKind.CONTROL, encode({ type: "socket_pass", session_id: sessionId, socket_pass: pass }))));
  fresh.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => {
    if (socket === fresh) inTurn(() => frame(fresh, new Uint8Array(event.data)));
  });
  fresh.addEventListener("close", () => inTurn(() => lost(fresh)));
  socket = fresh;
}

function lost(gone: WebSocket): void {
  if (socket !== gone) return;
  socket = null;
  if (moving.size + arriving.size > 0) say({ kind: "lost" });
}

async function frame(from: WebSocket, data: Bytes): Promise<void> {
  if (socket !== from) return;
  const { kind, body } = splitFrame(data);
  if (kind === FrameKind.CONTROL) {
    const said = decode(body, "bulk_opened", "refused");
    if (said.type !== "bulk_opened") return;
    opened.add(said.ask);
    return arriving.get(said.ask)?.on(from);
  }
  if (kind !== FrameKind.SEALED) throw new PeerMisbehaved("a frame that has no place among files");
  const record = splitRecord(body);
  if (!opened.has(record.header.grant)) throw new PeerMisbehaved("a record of a lane that is not open");
  const arrival = arriving.get(record.header.grant);
  if (arrival !== undefined) return taken(arrival, from, record);
  const lane = moving.get(record.header.grant);
  if (lane === undefined) keep(record);
  else await acknowledged(lane, from, record);
}

/** The page hears of a grant on another socket: what came before that waits for it. What is over is not missed either. */
function keep(record: Early): void {
  const waiting = early.get(record.header.grant) ?? [];
  if (waiting.length < EARLY_MAX) early.set(record.header.grant, [...waiting, record]);
}

// ---- a file on its way

async function begin({ id, ask, towards, from }: ToFiles & { kind: "send" }): Promise<void> {
  const file = ready.get(id);
  if (file === undefined) return;
  const now = performance.now() / 1000;
  const lane: Moving = {
    id,
    ask,
    stream: new Blocks(file.stream),
    manifest: file.manifest,
    sealer: await Sealer.begin(towards, now),
    opener: await Opener.begin(from),
    sending: new Sending(file.stream.size),
    carrier: null,
    carried: false,
    pump: null,
  };
  moving.set(ask, lane);
  const waiting = early.get(ask) ?? [];
  early.delete(ask);
  for (const record of waiting) if (socket !== null) await acknowledged(lane, socket, record);
}

/** The host says how far it is: the first time on a socket, from there; later, how much more may follow. */
async function acknowledged(lane: Moving, on: WebSocket, { header, sealed }: Early): Promise<void> {
  const first = lane.carrier !== on;
  if (first) await carry(lane, on);
  const ack = decodeAck(await lane.opener.open(header, sealed));
  if (first) lane.sending.begin(ack);
  else lane.sending.acknowledged(ack);
  lane.pump ??= pump(lane, on).finally(() => {
    lane.pump = null;
  });
}

async function carry(lane: Moving, on: WebSocket): Promise<void> {
  lane.carrier = on;
  await lane.pump; // it ends by itself: its socket is gone
  if (lane.carried) {
    await lane.sealer.renew(performance.now() / 1000);
    lane.opener.renewed();
  }
  lane.carried = true;
}

async function pump(lane: Moving, on: WebSocket): Promise<void> {
  let told = 0;
  try {
    for (let piece = next(lane, on); piece !== null; piece = next(lane, on)) {
      const content = await lane.stream.read(piece.offset, piece.length);
      const sealed = await lane.sealer.frame(encodeData(piece.offset, content), performance.now() / 1000);
      if (lane.carrier === on && moving.get(lane.ask) === lane) on.send(sealed);
      if (performance.now() - told > PROGRESS_MS) {
        told = performance.now();
        progress(lane);
      }
    }
    progress(lane);
  } catch {
    say({ kind: "unreadable", id: lane.id, ask: lane.ask }); // the file changed or went away
  }
}

function next(lane: Moving, on: WebSocket): { readonly offset: number; readonly length: number } | null {
  return lane.carrier === on && moving.get(lane.ask) === lane ? lane.sending.next(DATA_MAX) : null;
}

function progress(lane: Moving): void {
  say({ kind: "progress", id: lane.id, done: Math.max(0, lane.sending.sent - lane.manifest) });
}

// ---- a file that comes from the host

async function begun({ id, ask, words, towards, from }: ToFiles & { kind: "take" }): Promise<void> {
  const arrival = await Arrival.begin(id, words, towards, from);
  arriving.set(ask, arrival);
  if (arrival.whole) return finish(arrival, ask);
  if (socket !== null && opened.has(ask)) return arrival.on(socket);
}

async function taken(arrival: Arrival, from: WebSocket, { header, sealed }: Early): Promise<void> {
  if (!(await kept(arrival, header.grant, arrival.record(from, header, sealed)))) return;
  if (arrival.whole) return finish(arrival, header.grant);
  if (performance.now() - arrival.told < PROGRESS_MS) return;
  arrival.told = performance.now();
  say({ kind: "progress", id: arrival.id, done: arrival.done });
}

/** The hash of a long one takes its time; other files go on meanwhile. */
function finish(arrival: Arrival, ask: number): void {
  say({ kind: "progress", id: arrival.id, done: arrival.done });
  say({ kind: "checking", id: arrival.id });
  kept(arrival, ask, judge(arrival, ask)).catch(fault);
}

/** Whether this went well. Where the browser does not keep the file, that file alone is over. */
async function kept(arrival: Arrival, ask: number, done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (reason) {
    if (!(reason instanceof NotKept)) throw reason;
    if (arriving.delete(ask)) say({ kind: "unkept", id: arrival.id, ask });
    return false;
  }
}

async function judge(arrival: Arrival, ask: number): Promise<void> {
  const arrived = await arrival.checked();
  if (arriving.delete(ask)) say({ kind: "arrived", id: arrival.id, ask, arrived });
}
