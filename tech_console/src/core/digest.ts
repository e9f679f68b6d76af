// SHA-256 of anything that can be read in pieces. What fits into memory goes to the browser's own, which is four times as fast; what
// does not is read piece by piece.

import { SHA256 } from "@stablelib/sha256";

import { owned, sha256, type Bytes } from "./bytes";

/** What the browser's own hash is given whole. */
export const WHOLE_MAX = 128 * 1024 * 1024;
const BLOCK = 4 * 1024 * 1024;

/** The hash of what comes piece by piece, and was too long to be read once more at the end. */
export class RunningDigest {
  private readonly hash = new SHA256();

  update(content: Bytes): void {
    this.hash.update(content);
  }

  /** Of everything that came. Once. */
  get digest(): Bytes {
    return owned(this.hash.digest());
  }
}

/** The hash of a file; `read` is told how far it is. */
export async function digestOf(blob: Blob, read: (bytes: number) => void, wholeMax: number = WHOLE_MAX): Promise<Bytes> {
  if (blob.size <= wholeMax) return sha256(new Uint8Array(await blob.arrayBuffer()));
  const hash = new SHA256();
  for (let at = 0; at < blob.size; at += BLOCK) {
    hash.update(new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer()));
    read(Math.min(blob.size, at + BLOCK));
  }
  return owned(hash.digest());
}
