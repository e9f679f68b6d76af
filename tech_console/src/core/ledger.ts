// The clear, signed statements of a visit, as the console makes and checks them (wire/messages/ledger.py). No free text
// and no name stands in them: the words travel inside the seals, with the key of their commitment.

import {
  Answer,
  EndCause,
  FrameKind,
  Label,
  Permission,
  type Answered,
  type Ended,
  type FileCommitted,
  type FileWords,
  type Purpose,
  type Statement,
  type Withdrawn,
} from "../wire.gen";
import { hmac } from "./agreement";
import { equal, hex, PeerMisbehaved, utf8, type Bytes } from "./bytes";
import { encodeFrame } from "./frames";
import { decode, encode } from "./schema";
import { BULK } from "./rights";
import { ed25519, open, sign } from "./statements";

/** Between whom, and with which keys, statements pass. */
export interface LedgerParties {
  readonly sessionId: string;
  readonly technicianId: string;
  readonly hostId: string;
  readonly deviceKey: CryptoKey;
  readonly hostKey: Bytes;
}

/** Why the technician asks, as it may stand in clear text. */
export interface Why {
  readonly purpose: Purpose;
  readonly caseReference: string;
}

/** One statement of the host, checked. */
export type HostSaid =
  | { readonly kind: "answered"; readonly answered: Answered }
  | { readonly kind: "withdrawn"; readonly withdrawn: Withdrawn }
  | { readonly kind: "ended"; readonly ended: Ended };

/** HMAC-SHA-256 over words under a fresh key of 32 bytes: who holds both can show what was said. */
export function commitment(key: Uint8Array, words: string): Promise<Bytes> {
  return hmac("SHA-256", key, utf8(words));
}

/** Were these the words? Never with a key of another length. */
export async function matches(committed: Uint8Array, key: Uint8Array, words: string): Promise<boolean> {
  return key.length === 32 && equal(committed, await commitment(key, words));
}

/** A file as the broker may know it: no name, no hash, and its size as a power of two. */
export async function fileCommitted(file: FileWords): Promise<FileCommitted> {
  let sizeClass = 0;
  while (2 ** sizeClass < file.size + file.manifest) sizeClass += 1;
  return {
    name_commitment: await commitment(file.key, file.name),
    hash_commitment: await commitment(file.key, hex(file.digest)),
    size_class: sizeClass,
  };
}

/** Is this the file that was committed to, and one that can be? */
export async function isCommitted(file: FileWords, committed: FileCommitted): Promise<boolean> {
  const own = await fileCommitted(file);
  const same = equal(own.name_commitment, committed.name_commitment) && equal(own.hash_commitment, committed.hash_commitment);
  return same && own.size_class === committed.size_class && (file.folder || (file.files === 1 && file.manifest === 0));
}

/** A signed request for one permission, as a frame. */
export async function askedFrame(
  parties: LedgerParties,
  why: Why,
  ask: { readonly number: number; readonly permission: Permission; readonly wordsCommitment: Bytes; readonly file: FileCommitted | null },
  at: number,
): Promise<Bytes> {
  const statement = await sign(parties.deviceKey, Label.ASKED, "Asked", {
    session_id: parties.sessionId,
    ask: ask.number,
    technician_id: parties.technicianId,
    host_id: parties.hostId,
    permission: ask.permission,
    purpose: why.purpose,
    case_reference: why.caseReference,
    words_commitment: ask.wordsCommitment,
    at,
    file: ask.file,
  });
  return ledgerFrame(statement);
}

/** A signed end, as a frame. */
export async function endedFrame(parties: LedgerParties, cause: EndCause, at: number): Promise<Bytes> {
  const ended = { session_id: parties.sessionId, by: parties.technicianId, cause, at };
  return ledgerFrame(await sign(parties.deviceKey, Label.ENDED, "Ended", ended));
}

function ledgerFrame(statement: Statement): Bytes {
  return encodeFrame(FrameKind.LEDGER, encode({ type: "statement", ...statement }));
}

/** Read what the host said. Throws PeerMisbehaved unless the host's own key signed it, for this very visit. */
export async function hostSaid(body: Bytes, parties: LedgerParties): Promise<HostSaid> {
  const statement = decode(body, "statement");
  const said = await checked(statement, parties);
  if (said === null) throw new PeerMisbehaved("a statement that the host did not sign");
  return said;
}

async function checked(statement: Statement, parties: LedgerParties): Promise<HostSaid | null> {
  const by = ed25519(parties.hostKey);
  switch (statement.label) {
    case Label.ANSWERED: {
      const answered = await open(statement, Label.ANSWERED, by, "Answered");
      return answered !== null && meansUs(answered, parties) ? { kind: "answered", answered } : null;
    }
    case Label.WITHDRAWN: {
      const withdrawn = await open(statement, Label.WITHDRAWN, by, "Withdrawn");
      const ours = withdrawn?.session_id === parties.sessionId && withdrawn.host_id === parties.hostId;
      return ours ? { kind: "withdrawn", withdrawn } : null;
    }
    case Label.ENDED: {
      const ended = await open(statement, Label.ENDED, by, "Ended");
      const ours = ended?.session_id === parties.sessionId && ended.by === parties.hostId;
      return ours ? { kind: "ended", ended } : null;
    }
    default:
      return null;
  }
}

function meansUs(answered: Answered, parties: LedgerParties): boolean {
  const { session_id: session, host_id: host, technician_id: technician } = answered;
  const ours = session === parties.sessionId && host === parties.hostId && technician === parties.technicianId;
  const allowed = answered.answer === Answer.ALLOW;
  const scoped = (answered.scope !== null) === (allowed && BULK.has(answered.permission));
  const named = (answered.file !== null) === (allowed && answered.permission === Permission.FILE_FROM_HOST);
  return ours && scoped && named && (answered.reason === null) === allowed;
}
