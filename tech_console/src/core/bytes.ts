// Bytes and their spellings: joining, big-endian numbers, base64url, UTF-8, comparison. No cryptography, no messages.

/** Bytes that own their memory, as WebCrypto and transfers between threads want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The other end, or the broker, broke the protocol: the visit ends. `why` never quotes content. */
export class PeerMisbehaved extends Error {
  override name = "PeerMisbehaved";
}

/** One byte string from several, in order. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const WRITER = new TextEncoder();
const READER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return WRITER.encode(text);
}

/** Text of UTF-8 bytes; throws TypeError for anything else, and keeps a byte order mark so that it can be refused. */
export function fromUtf8(data: Uint8Array): string {
  return READER.decode(data);
}

/** Big endian, 1 byte. */
export function u8(value: number): Bytes {
  return Uint8Array.of(value);
}

/** Big endian, 4 bytes. */
export function u32(value: number): Bytes {
  const data = new Uint8Array(4);
  view(data).setUint32(0, value);
  return data;
}

/** Big endian, 8 bytes, for numbers up to 2^53 - 1. */
export function u64(value: number): Bytes {
  return concat(u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32));
}

/** A window for reading numbers out of bytes. */
export function view(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/** Big-endian u64 as a number. Throws PeerMisbehaved above 2^53 - 1: no counter of ours lives that long. */
export function readU64(data: DataView, at: number): number {
  const value = data.getUint32(at) * 2 ** 32 + data.getUint32(at + 4);
  if (!Number.isSafeInteger(value)) throw new PeerMisbehaved("a counter is out of range");
  return value;
}

/** RFC 4648 section 5, without padding. */
export function base64url(data: Uint8Array): string {
  let letters = "";
  for (const byte of data) letters += String.fromCodePoint(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Inverse of `base64url`; null for padding, white space, strange letters and non-canonical last letters. */
export function fromBase64url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) data[at] = letters.codePointAt(at) ?? 0;
  // Only the last letters can be written in a second way: signed documents are too large to write all of them again.
  const last = data.length - (data.length % 3);
  return base64url(data.subarray(last)) === text.slice((last / 3) * 4) ? data : null;
}

/** Lower-case hex digits. */
export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Inverse of `hex`, for digits that were checked before. */
export function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** SHA-256. */
export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** Equal, in a time that depends on the lengths alone. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}

/** Copy into memory of its own, for views whose buffer is shared. */
export function owned(data: Uint8Array): Bytes {
  return new Uint8Array(data);
}
