// Key agreement from the ends' half of the code: CPace (draft-irtf-cfrg-cpace, CPACE-X25519-SHA512), technician's side,
// with explicit confirmation (docs/protocol.md, section 3). WebCrypto does all but the map to the curve.

import { _map_to_curve_elligator2_curve25519 as elligator2 } from "@noble/curves/ed25519.js";
import { SUITE_V1 } from "../wire.gen";
import { base64url, concat, equal, owned, PeerMisbehaved, u32, utf8, type Bytes } from "./bytes";
import { canonicalBytes } from "./schema";

/** Who and what one run is bound to; both ends must hold the same of each. */
export interface Channel {
  readonly broker: string;
  readonly host: string;
  readonly technician: string;
  readonly ticket: string;
}

/** What was said in the open before the shares; all of it goes into the associated data. */
export interface Opening {
  readonly sessionId: string;
  readonly run: number;
  readonly hostNonce: Uint8Array;
  readonly consoleNonce: Uint8Array;
  readonly offered: readonly string[];
}

/** What a confirmed run leaves behind. */
export interface Agreed {
  readonly isk: Bytes;
  readonly transcript: Bytes;
}

const PRIME = 2n ** 255n - 19n;
const TOP_BIT = 2n ** 255n - 1n;
const HASH_BLOCK = 128;
const LABEL = utf8("CPace255");
const LABEL_ISK = utf8("CPace255_ISK");
const LABEL_MAC = utf8("CPaceMac");
const X25519_PRIVATE = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);

/** The technician's side of one run: made, fed the host's share, asked for tags. Serves once. */
export class ConsoleRun {
  readonly share: Bytes;
  private readonly scalar: CryptoKey;
  private readonly sid: Bytes;
  private readonly ci: Bytes;
  private readonly ours: Bytes;
  private readonly theirs: Bytes;
  private isk: Bytes | null = null;
  private hostShare: Bytes | null = null;

  private constructor(scalar: CryptoKey, share: Bytes, sid: Bytes, ci: Bytes, ours: Bytes, theirs: Bytes) {
    this.scalar = scalar;
    this.share = share;
    this.sid = sid;
    this.ci = ci;
    this.ours = ours;
    this.theirs = theirs;
  }

  /** Begin with the half that was typed and 32 fresh random bytes. The half is not kept. */
  static async begin(half: string, channel: Channel, opening: Opening, entropy: Bytes): Promise<ConsoleRun> {
    const ci = canonicalBytes({ ...channel });
    const sid = await sessionIdBytes(opening);
    const scalar = await x25519Scalar(entropy);
    const share = await multiply(scalar, await generator(utf8(half), ci, sid));
    if (share === null) throw new PeerMisbehaved("a generator encodes a low-order point");
    return new ConsoleRun(scalar, share, sid, ci, technicianData(channel, opening), hostData(channel, opening));
  }

  /** Take the host's share and give the tag that proves our half. Throws PeerMisbehaved for a low-order share. */
  async confirm(hostShare: Uint8Array): Promise<Bytes> {
    if (this.hostShare !== null) throw new PeerMisbehaved("a second share in one run");
    this.hostShare = owned(hostShare);
    const shared = await multiply(this.scalar, this.hostShare);
    if (shared === null) throw new PeerMisbehaved("the host's share is of low order");
    this.isk = await sha512(lengthValue(LABEL_ISK, this.sid, shared, this.share, this.ours, this.hostShare, this.theirs));
    return this.tag(this.isk, this.share, this.ours);
  }

  /** Check the host's tag: the agreed key and transcript, or null when it is wrong or comes out of turn. */
  async agreed(hostTag: Uint8Array): Promise<Agreed | null> {
    if (this.isk === null || this.hostShare === null) return null;
    if (equal(this.share, this.hostShare) && equal(this.ours, this.theirs)) return null; // our own words reflected
    if (!equal(hostTag, await this.tag(this.isk, this.hostShare, this.theirs))) return null;
    return { isk: this.isk, transcript: await this.transcript(this.hostShare) };
  }

  private async tag(isk: Bytes, share: Bytes, data: Bytes): Promise<Bytes> {
    const secret = await sha512(concat(LABEL_MAC, this.sid, isk));
    return hmac("SHA-512", secret, lengthValue(share, data));
  }

  private async transcript(hostShare: Bytes): Promise<Bytes> {
    return transcriptOf("chaperone transcript\0", [this.sid, this.ci, this.share, hostShare, this.ours, this.theirs]);
  }
}

/** SHA-256 over a label and pieces, each with its length (u32) before it. */
export async function transcriptOf(label: string, pieces: readonly Uint8Array[]): Promise<Bytes> {
  return digest("SHA-256", concat(utf8(label), ...pieces.flatMap((piece) => [u32(piece.length), piece])));
}

/** HMAC with a hash by its WebCrypto name. */
export async function hmac(hash: "SHA-256" | "SHA-512", secret: Uint8Array, data: Uint8Array): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", owned(secret), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, owned(data)));
}

/** The generator of a run: hash to a field element, then Elligator 2 without clearing the cofactor, as the draft says. */
export async function generator(half: Bytes, ci: Bytes, sid: Bytes): Promise<Bytes> {
  const padding = HASH_BLOCK - 1 - lengthValue(half).length - lengthValue(LABEL).length;
  const hashed = await sha512(lengthValue(LABEL, half, new Uint8Array(Math.max(0, padding)), ci, sid));
  const { xMn, xMd } = elligator2((littleEndian(hashed.subarray(0, 32)) & TOP_BIT) % PRIME);
  return toLittleEndian((xMn * power(xMd, PRIME - 2n)) % PRIME);
}

/** X25519, or null when the result is all zeros or the point is not written in its one way (top bit set, or >= p). */
export async function multiply(scalar: CryptoKey, point: Bytes): Promise<Bytes | null> {
  if (littleEndian(point) >= PRIME) return null;
  try {
    const peer = await crypto.subtle.importKey("raw", point, { name: "X25519" }, true, []);
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: peer }, scalar, 256));
    return equal(shared, new Uint8Array(32)) ? null : shared;
  } catch (fault) {
    if (fault instanceof DOMException) return null; // WebCrypto itself refuses the all-zero result
    throw fault;
  }
}

/** A scalar that WebCrypto can multiply with and nobody can read back. */
export async function x25519Scalar(scalar: Bytes): Promise<CryptoKey> {
  const wrapped = concat(X25519_PRIVATE, scalar);
  return crypto.subtle.importKey("pkcs8", wrapped, { name: "X25519" }, false, ["deriveBits"]);
}

async function sessionIdBytes(opening: Opening): Promise<Bytes> {
  const nul = Uint8Array.of(0);
  const named = concat(utf8("chaperone sid"), nul, utf8(opening.sessionId), nul, opening.hostNonce, nul, opening.consoleNonce);
  return sha512(named);
}

function technicianData(channel: Channel, opening: Opening): Bytes {
  const nonce = base64url(opening.consoleNonce);
  return canonicalBytes({ chosen: SUITE_V1, nonce, role: "technician", subject: channel.technician });
}

function hostData(channel: Channel, opening: Opening): Bytes {
  const nonce = base64url(opening.hostNonce);
  return canonicalBytes({ nonce, offered: [...opening.offered], role: "host", run: opening.run, subject: channel.host });
}

/** Each part with its length before it, as unsigned LEB128. */
export function lengthValue(...parts: readonly Uint8Array[]): Bytes {
  return concat(...parts.flatMap((part) => [leb128(part.length), part]));
}

function leb128(length: number): Bytes {
  const bytes: number[] = [];
  let rest = length;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

function littleEndian(data: Uint8Array): bigint {
  return data.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

function toLittleEndian(value: bigint): Bytes {
  const data = new Uint8Array(32);
  let rest = value;
  for (let at = 0; at < data.length; at += 1) {
    data[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return data;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % PRIME];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

function sha512(data: Bytes): Promise<Bytes> {
  return digest("SHA-512", data);
}

async function digest(hash: string, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(hash, data));
}
