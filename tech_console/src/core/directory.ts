// The signed directory: who may help, at which hosts, and which key is the broker's. The console believes only what the
// key it was configured with has signed, and never goes back to an older version (docs/protocol.md, section 2).

import { Label, type Directory, type ListedHost, type Statement } from "../wire.gen";
import type { Bytes } from "./bytes";
import { MalformedMessage } from "./json";
import { ed25519, open } from "./statements";

/** What came of looking at a directory. */
export type Verdict =
  | { readonly kind: "good"; readonly directory: Directory }
  | { readonly kind: "bad"; readonly why: "signature" | "older" | "expired" };

/** Check a directory against the pinned key, the highest version ever seen here and the time (seconds, UTC). */
export async function checkDirectory(statement: Statement, pinned: Bytes, highest: number, now: number): Promise<Verdict> {
  const directory = await signedDirectory(statement, pinned);
  if (directory === null) return { kind: "bad", why: "signature" };
  if (directory.version < highest) return { kind: "bad", why: "older" };
  if (directory.expires <= now) return { kind: "bad", why: "expired" };
  return { kind: "good", directory };
}

async function signedDirectory(statement: Statement, pinned: Bytes): Promise<Directory | null> {
  try {
    return await open(statement, Label.DIRECTORY, ed25519(pinned), "Directory");
  } catch (fault) {
    if (fault instanceof MalformedMessage) return null; // signed, but not by somebody who writes directories
    throw fault;
  }
}

/** The entry of a host, or null for one that the directory does not name. */
export function listedHost(directory: Directory, hostId: string): ListedHost | null {
  return directory.hosts.find((host) => host.id === hostId) ?? null;
}
