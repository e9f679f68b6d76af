// Why something that was asked of the broker did not happen.

import type { Reason } from "../wire.gen";
import { BrokerUnreachable } from "./broker";

export type Refusal = Reason | "unreachable" | null;

/** Do something at the broker; what it was refused for, if it was. */
export async function refusalOf(what: () => Promise<Refusal>): Promise<Refusal> {
  try {
    return await what();
  } catch (fault) {
    if (fault instanceof BrokerUnreachable) return "unreachable";
    throw fault;
  }
}
