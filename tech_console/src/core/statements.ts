// Signed statements: made with the device's own key, and checked before a single byte of the payload is read
// (docs/protocol.md, section 2). The label is under the signature, so that one made for one purpose serves no other.

import { Algorithm, LIMITS, type AuthenticatorType, type Label, type ShapeName, type Statement, type Values } from "../wire.gen";
import { concat, hex, owned, utf8, type Bytes } from "./bytes";
import { encodePart, readPart } from "./schema";

/** A key that can check, with the only algorithm it may be used with. */
export interface Verifier {
  readonly alg: Algorithm;
  readonly key: Bytes;
}

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const POINT = 32;
const UNCOMPRESSED = 65;
const PRIME = 2n ** 255n - 19n;
/** All bits but the highest, which is the sign of x. */
const SIGN_LESS = 2n ** 255n - 1n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The y of all eight points whose order divides 8. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, PRIME - 1n, ORDER_8, PRIME - ORDER_8]);
const P256_SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

/** The bytes under the signature: label NUL version NUL payload. */
export function signedBytes(label: Label, payload: Uint8Array): Bytes {
  return concat(utf8(label), Uint8Array.of(0), utf8(String(LIMITS.PROTOCOL_VERSION)), Uint8Array.of(0), payload);
}

/** Sign one part with a P-256 key whose private half cannot leave the browser. */
export async function sign<N extends ShapeName>(
  key: CryptoKey,
  label: Label,
  name: N,
  value: Values[N],
): Promise<Statement> {
  const payload = encodePart(name, value);
  const sig = new Uint8Array(await crypto.subtle.sign(P256_SIGNATURE, key, signedBytes(label, payload)));
  return { label, alg: Algorithm.P256, payload, sig };
}

/** The part that somebody signed, or null: wrong label, wrong algorithm or wrong signature. Throws MalformedMessage after that. */
export async function open<N extends ShapeName>(
  statement: Statement,
  label: Label,
  by: Verifier,
  name: N,
): Promise<Values[N] | null> {
  if (statement.label !== label || statement.alg !== by.alg) return null;
  const right = await verifyBytes(by, statement.sig, signedBytes(label, statement.payload));
  return right ? readPart(name, statement.payload) : null;
}

/** The bare check under a statement, with the verdicts of trust/signatures.py. */
export async function verifyBytes(by: Verifier, signature: Uint8Array, message: Bytes): Promise<boolean> {
  if (signature.length !== 2 * POINT) return false;
  if (by.alg === Algorithm.P256) return verifyP256(by.key, signature, message);
  return verifyEd25519(by.key, signature, message);
}

async function verifyP256(raw: Bytes, signature: Uint8Array, message: Bytes): Promise<boolean> {
  if (raw.length !== UNCOMPRESSED) return false;
  const key = await importedOrNull(raw, P256);
  return key !== null && crypto.subtle.verify(P256_SIGNATURE, key, owned(signature), message);
}

async function verifyEd25519(raw: Bytes, signature: Uint8Array, message: Bytes): Promise<boolean> {
  if (raw.length !== POINT || !isSoundPoint(raw) || !isSoundPoint(signature.subarray(0, POINT))) return false;
  const key = await importedOrNull(raw, { name: "Ed25519" });
  return key !== null && crypto.subtle.verify({ name: "Ed25519" }, key, owned(signature), message);
}

async function importedOrNull(raw: Bytes, how: { name: string; namedCurve?: string }): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("raw", raw, how, true, ["verify"]);
  } catch {
    return null; // these bytes are no key, so nothing was signed with it
  }
}

/** Neither of small order nor written in a second way (y >= p): implementations differ on exactly these points. */
export function isSoundPoint(encoded: Uint8Array): boolean {
  const y = BigInt(`0x0${hex(encoded.toReversed())}`) & SIGN_LESS;
  return y < PRIME && !SMALL_ORDER.has(y);
}

/** A checker for an Ed25519 key of 32 bytes. */
export function ed25519(key: Uint8Array): Verifier {
  return { alg: Algorithm.ED25519, key: owned(key) };
}

/** A checker for an uncompressed P-256 point of 65 bytes. */
export function p256(key: Uint8Array): Verifier {
  return { alg: Algorithm.P256, key: owned(key) };
}

/** A new device key: the private half signs and can never be read, not even by this page. */
export async function makeDeviceKey(): Promise<{ privateKey: CryptoKey; publicKey: Bytes }> {
  const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/** What people read to each other: the first 16 bytes of SHA-256(type NUL key), in groups of four (trust/keys.py). */
export async function fingerprint(type: AuthenticatorType, publicKey: Uint8Array): Promise<string[]> {
  const named = concat(utf8(type), Uint8Array.of(0), publicKey);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", named)).subarray(0, 16);
  const digits = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.match(/.{4}/g) ?? [];
}
