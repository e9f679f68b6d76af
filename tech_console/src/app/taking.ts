// A file from the host on its way into this browser: opened piece by piece, put aside where the browser keeps large things (never whole in
// memory), and handed over only when all of it is here with the hash that the person allowed. Where the browser has no room for it, or gives
// it back no more, that file is over and nothing else: it says so only to whoever reads, so each part is looked at when it was put aside.

import { FrameKind, type FileEntry, type FileWords } from "../wire.gen";
import { equal, PeerMisbehaved, type Bytes } from "../core/bytes";
import { digestOf, RunningDigest, WHOLE_MAX } from "../core/digest";
import { decodeData, decodeManifest, encodeAck, Taking, type Ack } from "../core/files";
import { encodeFrame, type RecordHeader } from "../core/frames";
import { Opener, Sealer, type LaneStart } from "../core/records";
import { safeName } from "../core/safe_name";
import { crc32, zipFrame, type Zipped } from "../core/zip";

const PART = 4 * 1024 * 1024;

/** What arrived and was right, as it is to be saved: a file as it is, a folder as an archive. */
export interface Arrived {
  readonly name: string;
  readonly content: Blob;
}

/** The browser does not keep it. */
export class NotKept extends Error {
  override name = "NotKept";
}

function now(): number {
  return performance.now() / 1000;
}

/** One file that the person allowed. Calls must not overlap. */
export class Arrival {
  readonly id: number;
  readonly words: FileWords;
  /** When the page was last told how far it is. */
  told = 0;
  private readonly taking: Taking;
  private opener: Opener;
  private sealer: Sealer;
  private readonly parts: Blob[] = [];
  private loose: Bytes[] = [];
  private looseBytes = 0;
  /** What does not fit the browser's own hash is hashed as it comes: read back at its end it would stand still for minutes. */
  private readonly running: RunningDigest | null;
  private laid: Promise<boolean> = Promise.resolve(true);
  private carrier: WebSocket | null = null;
  private carried = false;

  private constructor(id: number, words: FileWords, opener: Opener, sealer: Sealer) {
    this.id = id;
    this.words = words;
    this.opener = opener;
    this.sealer = sealer;
    this.running = !words.folder && words.size > WHOLE_MAX ? new RunningDigest() : null;
    this.taking = new Taking(words.manifest + words.size, now());
  }

  static async begin(id: number, words: FileWords, towards: LaneStart, from: LaneStart): Promise<Arrival> {
    return new Arrival(id, words, await Opener.begin(from), await Sealer.begin(towards, now()));
  }

  /** Bytes of its contents that are here. */
  get done(): number {
    return Math.max(0, this.taking.got - this.words.manifest);
  }

  get whole(): boolean {
    return this.taking.whole;
  }

  /** The line of the visit is cut: nothing comes or goes under these keys any more. */
  parted(): void {
    this.carrier = null;
  }

  /** The visit goes on under other keys: its next socket begins with them. */
  async renewed(towards: LaneStart, from: LaneStart): Promise<void> {
    this.opener = await Opener.begin(from);
    this.sealer = await Sealer.begin(towards, now());
    this.carried = false;
  }

  /** Both ends of a socket are there: say from where it goes on. */
  async on(socket: WebSocket): Promise<void> {
    this.carrier = socket;
    if (this.carried) {
      await this.sealer.renew(now());
      this.opener.renewed();
    }
    this.carried = true;
    await this.say(this.taking.begin());
  }

  /** One record. Throws PeerMisbehaved, and NotKept. */
  async record(on: WebSocket, header: RecordHeader, sealed: Bytes): Promise<void> {
    if (this.carrier !== on) throw new PeerMisbehaved("a piece of a file before its socket was opened");
    const data = decodeData(await this.opener.open(header, sealed));
    const ack = this.taking.came(data, now());
    await this.keep(data.content);
    if (ack !== null) await this.say(ack);
  }

  private async keep(content: Bytes): Promise<void> {
    this.running?.update(content);
    this.loose.push(content);
    this.looseBytes += content.length;
    if (this.looseBytes < PART && !this.whole) return;
    if (!(await this.laid)) throw new NotKept();
    const part = new Blob(this.loose);
    this.parts.push(part);
    this.laid = isThere(part);
    this.loose = [];
    this.looseBytes = 0;
  }

  private async say(ack: Ack): Promise<void> {
    const body = await this.sealer.seal(encodeAck(ack), now());
    this.carrier?.send(encodeFrame(FrameKind.SEALED, body));
  }

  /** All of it is here: is it what was allowed? Null if not. Throws NotKept. */
  async checked(): Promise<Arrived | null> {
    if (!(await this.laid)) throw new NotKept();
    try {
      return await this.judged(new Blob(this.parts));
    } catch (fault) {
      throw isOfBrowser(fault) ? new NotKept() : fault;
    }
  }

  private async judged(stream: Blob): Promise<Arrived | null> {
    const { words } = this;
    if (this.running !== null) return equal(this.running.digest, words.digest) ? { name: safeName(words.name), content: stream } : null;
    if (!words.folder) return (await same(stream, words.digest)) ? { name: safeName(words.name), content: stream } : null;
    const manifest = stream.slice(0, words.manifest);
    if (!(await same(manifest, words.digest))) return null;
    const entries = decodeManifest(new Uint8Array(await manifest.arrayBuffer()));
    const content = await archive(entries, stream.slice(words.manifest));
    return content === null || entries.length !== words.files ? null : { name: `${safeName(words.name)}.zip`, content };
  }
}

/** The archive of these files, which stand one behind the other in `whole`. Null if one is not what the manifest says. */
async function archive(entries: readonly FileEntry[], whole: Blob): Promise<Blob | null> {
  const files: Zipped[] = [];
  const contents: Blob[] = [];
  let at = 0;
  for (const { path, size, digest } of entries) {
    const file = whole.slice(at, at + size);
    if (file.size !== size || !(await same(file, digest))) return null;
    files.push({ path, size, crc: await crcOf(file) });
    contents.push(file);
    at += size;
  }
  if (at !== whole.size) return null;
  const { before, end } = zipFrame(files);
  return new Blob([...contents.flatMap((file, index) => [before[index] ?? new Uint8Array(0), file]), end]);
}

async function crcOf(file: Blob): Promise<number> {
  let crc = 0;
  for (let at = 0; at < file.size; at += PART) crc = crc32(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()), crc);
  return crc;
}

/** Can what was put aside be read back? */
async function isThere(part: Blob): Promise<boolean> {
  try {
    return (await part.slice(0, 1).arrayBuffer()).byteLength === 1;
  } catch (fault) {
    if (isOfBrowser(fault)) return false;
    throw fault;
  }
}

/** What a browser throws that has no room, or has lost what it kept. */
function isOfBrowser(fault: unknown): boolean {
  return fault instanceof DOMException || fault instanceof RangeError;
}

async function same(blob: Blob, digest: Uint8Array): Promise<boolean> {
  return equal(await digestOf(blob, () => undefined), digest);
}
