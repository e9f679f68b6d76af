// What this console holds of the broker's log, and whether what it is shown next fits to it (docs/protocol.md, section 8), with the
// verdicts of audit/heads.py. Whatever does not fit is a doubt: two histories were shown, or one was cut.

import { Doubt, type Message } from "../wire.gen";
import type { Bytes } from "./bytes";
import { NoteInvalid, openNote, saidBy, type Checkpoint } from "./checkpoint";
import { checkConsistency, ProofInvalid } from "./merkle";

/** Whose log it is: the first part of its origin says so. */
export type Side = "broker" | "host";

/** The newest checkpoint of the other side that was verified, and its note. */
export interface Held {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

/** It does not fit. `given` is what the head says, null if even that cannot be read. */
export class Doubted extends Error {
  override name = "Doubted";
  readonly doubt: Doubt;
  readonly given: Checkpoint | null;

  constructor(doubt: Doubt, given: Checkpoint | null) {
    super(doubt);
    this.doubt = doubt;
    this.given = given;
  }
}

/** A note that was verified before, from where it was kept. Throws NoteInvalid where it is none. */
export function heldBefore(note: string): Held {
  return { checkpoint: saidBy(note), note };
}

/** What to hold from now on. `key` is the one that this side proved. With nothing held the first head is believed. Throws Doubted. */
export async function follow(held: Held | null, head: Message<"head">, side: Side, key: Uint8Array): Promise<Held> {
  const given = await opened(head.note, key);
  const logId = given.origin.slice(given.origin.lastIndexOf("/") + 1);
  if (given.origin !== `chaperone/${side}/${logId}`) throw new Doubted(Doubt.OTHER_LOG, given);
  if (held !== null) await mustContinue(held.checkpoint, given, head.consistency);
  return { checkpoint: given, note: head.note };
}

async function opened(note: string, key: Uint8Array): Promise<Checkpoint> {
  try {
    return await openNote(note, key);
  } catch (fault) {
    if (fault instanceof NoteInvalid) throw new Doubted(Doubt.NOT_SIGNED, null);
    throw fault;
  }
}

async function mustContinue(older: Checkpoint, newer: Checkpoint, proof: readonly Bytes[]): Promise<void> {
  if (newer.origin !== older.origin) throw new Doubted(Doubt.OTHER_LOG, newer);
  if (newer.size < older.size) throw new Doubted(Doubt.ROLLED_BACK, newer);
  if (older.size === 0) return; // every log begins with the empty one
  try {
    await checkConsistency(older, newer, proof);
  } catch (fault) {
    if (fault instanceof ProofInvalid) throw new Doubted(Doubt.FORKED, newer);
    throw fault;
  }
}
