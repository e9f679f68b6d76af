// Is a role signed? By at least `threshold` different keys of those that its delegator lists, each over the same bytes.

import { ed25519, verifyBytes } from "../statements";
import type { Delegator, Metadata } from "./metadata";

/** Did enough of the keys sign that `by` lists for the role? */
export async function isSigned(by: Delegator, role: string, metadata: Metadata): Promise<boolean> {
  const listed = by.roles.get(role);
  if (listed === undefined) return false;
  const each = await Promise.all(listed.keyids.map((keyid) => isSignedWith(by, keyid, metadata)));
  return each.filter(Boolean).length >= listed.threshold;
}

async function isSignedWith(by: Delegator, keyid: string, metadata: Metadata): Promise<boolean> {
  const [key, signature] = [by.keys.get(keyid), metadata.signatures.get(keyid)];
  return key !== undefined && signature !== undefined && verifyBytes(ed25519(key), signature, metadata.signed);
}
