// The key schedule of one session: from the agreed key to one secret per lane, grant and direction, and from each secret
// to a key per epoch (docs/protocol.md, section 4). Keys are made so that WebCrypto never gives them back.

import { Direction, type Lane } from "../wire.gen";
import { concat, u32, u8, utf8, type Bytes } from "./bytes";
import type { Agreed } from "./agreement";

/** The root of a session's keys. */
export interface SessionSecret {
  readonly bytes: Bytes;
}

/** One lane under one grant, one way: what its keys come from. */
export interface LaneName {
  readonly lane: Lane;
  readonly grant: number;
  readonly direction: Direction;
}

const NO_SALT = new Uint8Array(0);

/** The session's root, bound to everything both ends said. */
export async function sessionSecret(agreed: Agreed): Promise<SessionSecret> {
  return { bytes: await hkdf(agreed.isk, agreed.transcript, utf8("chaperone session v1")) };
}

/** The first secret of one lane under one grant, one way. */
export async function laneSecret(session: SessionSecret, name: LaneName): Promise<Bytes> {
  const direction = u8(name.direction === Direction.TO_HOST ? 0 : 1);
  const info = concat(utf8("chaperone lane\0"), u8(name.lane), u32(name.grant), direction);
  return hkdf(session.bytes, NO_SALT, info);
}

/** The AES-256-GCM key of an epoch. */
export async function epochKey(secret: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const raw = await hkdf(secret, NO_SALT, utf8("key"));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [use]);
  raw.fill(0);
  return key;
}

/** The secret of the next epoch; whoever moves on destroys the one before. */
export function nextSecret(secret: Bytes): Promise<Bytes> {
  return hkdf(secret, NO_SALT, utf8("next"));
}

/** HKDF-SHA-256 (RFC 5869), 32 bytes of it. */
export async function hkdf(secret: Bytes, salt: Bytes, info: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 256));
}
