// A request to be called, signed with the device's key (wire/messages/call.py). It opens nothing.

import { Label, type CallWanted, type Message, type Purpose } from "../wire.gen";
import { sign } from "./statements";

/** Whom to ask, and why. `at` is seconds since 1970. */
export interface CallForm {
  readonly hostId: string;
  readonly purpose: Purpose;
  readonly caseReference: string;
}

/** The message that asks. */
export async function callAsk(form: CallForm, who: { technicianId: string; brokerId: string; key: CryptoKey }, at: number): Promise<Message<"call_ask">> {
  const wanted: CallWanted = {
    technician_id: who.technicianId,
    host_id: form.hostId,
    broker_id: who.brokerId,
    purpose: form.purpose,
    case_reference: form.caseReference,
    at,
  };
  return { type: "call_ask", statement: await sign(who.key, Label.CALL_WANTED, "CallWanted", wanted) };
}
