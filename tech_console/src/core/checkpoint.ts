// A checkpoint: how long a log is and which root its tree has, signed by whose log it is (C2SP tlog-checkpoint, signed-note), with
// the verdicts of audit/checkpoint.py. A note that is written in any other way than ours is refused, not read past.

import { concat, equal, fromBase64url, sha256, utf8, type Bytes } from "./bytes";
import { ed25519, verifyBytes } from "./statements";
import type { Tree } from "./merkle";

/** `size` entries, `root` over their leaves; `origin` says whose kind of log, and which. */
export interface Checkpoint extends Tree {
  readonly origin: string;
}

/** This is no checkpoint of that log, signed with that key. */
export class NoteInvalid extends Error {
  override name = "NoteInvalid";
}

const NOTE_MAX = 1000;
const ED25519 = 1;
const KEY_ID = 4;
const FORM = new RegExp(
  "^(?<text>(?<origin>chaperone/(?:broker|host)/[\\x21-\\x2a\\x2c-\\x7e]{1,64})\\n(?<size>0|[1-9][0-9]{0,15})\\n(?<root>[A-Za-z0-9+/]{43}=)\\n)" +
    "\\n— (?<name>[\\x21-\\x2a\\x2c-\\x7e]{1,100}) (?<signature>[A-Za-z0-9+/]{91}=)\\n$",
);

interface Read {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly name: string;
  readonly signature: Bytes;
}

/** What a note says, whoever wrote it: not a word of it is proven. Throws NoteInvalid. */
export function saidBy(note: string): Checkpoint {
  return read(note).checkpoint;
}

/** What this note says, now that `key` is known to have signed it. The caller compares the origin. Throws NoteInvalid. */
export async function openNote(note: string, key: Uint8Array): Promise<Checkpoint> {
  const { checkpoint, text, name, signature } = read(note);
  const meant = name === checkpoint.origin && equal(signature.subarray(0, KEY_ID), await keyId(name, key));
  if (!meant) throw new NoteInvalid("signed with another key");
  if (!(await verifyBytes(ed25519(key), signature.subarray(KEY_ID), utf8(text)))) throw new NoteInvalid("wrong signature");
  return checkpoint;
}

/** The four bytes by which a note says which key signed it; a hint, never a proof. */
async function keyId(name: string, key: Uint8Array): Promise<Bytes> {
  return (await sha256(concat(utf8(`${name}\n`), Uint8Array.of(ED25519), key))).subarray(0, KEY_ID);
}

function read(note: string): Read {
  const form = note.length <= NOTE_MAX ? FORM.exec(note)?.groups : undefined;
  const size = Number(form?.["size"]);
  if (form === undefined || !Number.isSafeInteger(size)) throw new NoteInvalid("not in the form of a checkpoint");
  const { text = "", origin = "", name = "" } = form;
  const checkpoint = { origin, size, root: plainBytes(form["root"]) };
  return { checkpoint, text, name, signature: plainBytes(form["signature"]) };
}

/** Base64 has spare bits at its end: two texts for the same bytes would be two notes for one checkpoint. */
function plainBytes(text = ""): Bytes {
  const data = fromBase64url(text.slice(0, -1).replaceAll("+", "-").replaceAll("/", "_"));
  if (data === null) throw new NoteInvalid("not written plainly");
  return data;
}
