// Who is at each end: both sign the words by which the keys were agreed on, each with a key of its own that the other knows (docs/protocol.md,
// section 3). Until the host's signature is right, nothing is asked.

import { Label, SessionRole, type Statement } from "../wire.gen";
import { equal, type Bytes } from "./bytes";
import type { LedgerParties } from "./ledger";
import { ed25519, open, sign } from "./statements";

/** The technician's proof, by this device. */
export function ourIdentity({ deviceKey, sessionId, technicianId }: LedgerParties, transcript: Bytes): Promise<Statement> {
  const role = SessionRole.TECHNICIAN;
  return sign(deviceKey, Label.SESSION_TECHNICIAN, "SessionIdentityPayload", { session_id: sessionId, role, subject: technicianId, transcript });
}

/** Did this host sign these words, for this visit? */
export async function isTheHost({ hostKey, hostId, sessionId }: LedgerParties, statement: Statement, transcript: Bytes): Promise<boolean> {
  const proof = await open(statement, Label.SESSION_HOST, ed25519(hostKey), "SessionIdentityPayload");
  const meant = proof?.session_id === sessionId && proof.role === SessionRole.HOST && proof.subject === hostId;
  return meant && equal(proof.transcript, transcript);
}
