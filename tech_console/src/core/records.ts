// Sealing and opening records of one lane, one grant, one direction (docs/protocol.md, section 4). No (key, nonce) is
// used twice: the sequence only counts up, and a key serves one epoch. Strict order: a gap or a repeat ends the visit.

import { Direction, FrameKind, Lane, LIMITS, TERMS } from "../wire.gen";
import { concat, PeerMisbehaved, u32, u64, u8, utf8, type Bytes } from "./bytes";
import { encodeHeader, type RecordHeader } from "./frames";
import { epochKey, nextSecret } from "./keys";

/** Where a sealer or opener stands: which lane and grant, and the secret its keys come from. */
export interface LaneStart {
  readonly sessionId: string;
  readonly lane: Lane;
  readonly grant: number;
  readonly direction: Direction;
  readonly secret: Bytes;
}

const EPOCH_LAST = 2 ** 16 - 1;

/** Shortest and longest plaintext of a lane this way; the way back carries acknowledgements only. */
function plainBounds(lane: Lane, direction: Direction): readonly [number, number] {
  const terms = Object.values(TERMS).find((each) => each.lane === lane);
  if (terms === undefined) return [1, LIMITS.CONTROL_RECORD_MAX];
  if (direction !== terms.direction) return [1, LIMITS.ACK_PLAIN_MAX];
  if (lane === Lane.INPUT) return [LIMITS.INPUT_PLAIN, LIMITS.INPUT_PLAIN];
  const ofFile = lane === Lane.FILE_TO_HOST || lane === Lane.FILE_FROM_HOST;
  return [1, ofFile ? LIMITS.FILE_PLAIN_MAX : LIMITS.RECORD_PLAIN_MAX];
}

function fits(start: LaneStart, length: number): boolean {
  const [shortest, longest] = plainBounds(start.lane, start.direction);
  return shortest <= length && length <= longest;
}

class Epoch {
  readonly number: number;
  readonly key: CryptoKey;
  private readonly secret: Bytes;

  private constructor(number: number, key: CryptoKey, secret: Bytes) {
    this.number = number;
    this.key = key;
    this.secret = secret;
  }

  static async first(secret: Bytes, use: "encrypt" | "decrypt"): Promise<Epoch> {
    return new Epoch(0, await epochKey(secret, use), new Uint8Array(secret));
  }

  async next(use: "encrypt" | "decrypt"): Promise<Epoch> {
    const secret = await nextSecret(this.secret);
    return new Epoch(this.number + 1, await epochKey(secret, use), secret);
  }

  forget(): void {
    this.secret.fill(0);
  }
}

function cipher(session: Bytes, header: RecordHeader): AesGcmParams {
  const iv = concat(u32(header.epoch), u64(header.sequence));
  return { name: "AES-GCM", iv, additionalData: concat(session, encodeHeader(header)) };
}

/** Seals what goes out. Calls must not overlap: the caller awaits each before the next. */
export class Sealer {
  private readonly start: LaneStart;
  private readonly session: Bytes;
  private epoch: Epoch;
  private sequence = 0;
  private since: number;

  private constructor(start: LaneStart, epoch: Epoch, now: number) {
    this.start = start;
    this.session = utf8(start.sessionId);
    this.epoch = epoch;
    this.since = now;
  }

  /** `now` is seconds on a clock that does not jump. */
  static async begin(start: LaneStart, now: number): Promise<Sealer> {
    return new Sealer(start, await Epoch.first(start.secret, "encrypt"), now);
  }

  /** The body of one SEALED frame. Throws RangeError for a plaintext that this lane does not carry. */
  async seal(plain: Bytes, now: number): Promise<Bytes> {
    return concat(...(await this.parts(plain, now)));
  }

  /** The whole SEALED frame, copied once: for what is long. */
  async frame(plain: Bytes, now: number): Promise<Bytes> {
    return concat(u8(FrameKind.SEALED), ...(await this.parts(plain, now)));
  }

  private async parts(plain: Bytes, now: number): Promise<readonly [Bytes, Bytes]> {
    if (!fits(this.start, plain.length)) throw new RangeError(`${plain.length} bytes do not fit the lane`);
    if (this.sequence >= LIMITS.EPOCH_RECORDS || now - this.since >= LIMITS.EPOCH_SECONDS) await this.moveOn(now);
    const header = { lane: this.start.lane, grant: this.start.grant, epoch: this.epoch.number, sequence: this.sequence };
    this.sequence += 1;
    const sealed = await crypto.subtle.encrypt(cipher(this.session, header), this.epoch.key, plain);
    return [encodeHeader(header), new Uint8Array(sealed)];
  }

  /** A bulk lane goes on over another socket. */
  async renew(now: number): Promise<void> {
    await this.moveOn(now);
  }

  private async moveOn(now: number): Promise<void> {
    const before = this.epoch;
    if (before.number >= EPOCH_LAST) throw new RangeError("no epoch is left");
    this.epoch = await before.next("encrypt");
    before.forget();
    this.sequence = 0;
    this.since = now;
  }
}

/** Opens what comes in, each record once and in order. Calls must not overlap. After a fault it opens nothing any more. */
export class Opener {
  private readonly start: LaneStart;
  private readonly session: Bytes;
  private epoch: Epoch | null;
  private expected = 0;
  private leap = 1;

  private constructor(start: LaneStart, epoch: Epoch) {
    this.start = start;
    this.session = utf8(start.sessionId);
    this.epoch = epoch;
  }

  static async begin(start: LaneStart): Promise<Opener> {
    return new Opener(start, await Epoch.first(start.secret, "decrypt"));
  }

  /** A bulk lane goes on over another socket: the sender has begun an epoch for each socket since we heard it. */
  renewed(): void {
    this.leap = LIMITS.CARRIERS_MAX;
  }

  /** The plaintext. Throws PeerMisbehaved for a gap, repeat, reorder, foreign lane, wrong length or anything altered. */
  async open(header: RecordHeader, sealed: Bytes): Promise<Bytes> {
    const before = this.epoch;
    this.epoch = null; // a fault leaves no key behind
    if (before === null) throw new PeerMisbehaved("a record after a fault");
    if (header.lane !== this.start.lane || header.grant !== this.start.grant) throw new PeerMisbehaved("a record of another lane");
    if (!fits(this.start, sealed.length - LIMITS.RECORD_TAG)) throw new PeerMisbehaved("a record of a length its lane does not carry");
    const epoch = await this.epochOf(before, header);
    const plain = await this.decrypt(epoch, header, sealed);
    if (epoch !== before) before.forget();
    this.epoch = epoch;
    this.expected = header.sequence + 1;
    this.leap = 1;
    return plain;
  }

  private async epochOf(epoch: Epoch, header: RecordHeader): Promise<Epoch> {
    if (header.epoch === epoch.number && header.sequence === this.expected) return epoch;
    const ahead = header.epoch - epoch.number;
    if (ahead > 0 && ahead <= this.leap && header.sequence === 0) return this.leapt(epoch, header.epoch);
    throw new PeerMisbehaved("a record is missing, repeated or out of order");
  }

  private async leapt(epoch: Epoch, to: number): Promise<Epoch> {
    let moved = await epoch.next("decrypt");
    while (moved.number < to) {
      const before = moved;
      moved = await before.next("decrypt");
      before.forget();
    }
    return moved;
  }

  private async decrypt(epoch: Epoch, header: RecordHeader, sealed: Bytes): Promise<Bytes> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(cipher(this.session, header), epoch.key, sealed));
    } catch {
      throw new PeerMisbehaved("a record does not open");
    }
  }
}
