// The way back after a restart of the PC: the ticket that the host gives inside the seals, what a person would have read out of
// it, and when it is tried. Kept in memory alone; used for one visit (docs/protocol.md, section 4).

import { HostState, Label, LIMITS, Reason, type Instrument, type ReturnPayload, type Statement } from "../wire.gen";
import { concat, PeerMisbehaved, utf8, type Bytes } from "./bytes";
import type { SupportCode } from "./code";
import { hkdf } from "./keys";
import type { LedgerParties } from "./ledger";
import { ed25519, open } from "./statements";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NUMBERS = 1_000_000n;
const HALF = 4;
const NUMBER_BYTES = 8;
/** Times that the way back is tried, and seconds between two. */
const TRIES = 3;
const EVERY = 10;
/** What may be over a moment later; anything else stays as it is. */
const PASSING: ReadonlySet<Reason> = new Set([Reason.CODE_RESERVED, Reason.HOST_OFFLINE, Reason.HOST_BUSY, Reason.WRONG_MOMENT, Reason.SECOND_FACTOR_STALE]);

/** What the two ends hold of it. */
export interface Back {
  readonly hostId: string;
  readonly code: SupportCode;
  /** Seconds that it is good for, from when it was given. */
  readonly seconds: number;
}

/** The ticket in this statement. Throws PeerMisbehaved when it is not the host's own, for this visit and its technician. */
export async function readReturn(statement: Statement, parties: LedgerParties): Promise<Back> {
  const payload = await open(statement, Label.RETURN_TICKET, ed25519(parties.hostKey), "ReturnPayload");
  const meant = payload?.session_id === parties.sessionId && payload.host_id === parties.hostId && payload.technician_id === parties.technicianId;
  if (!meant) throw new PeerMisbehaved("a way back of somebody else");
  return { hostId: payload.host_id, code: await codeOf(payload), seconds: Math.min(payload.seconds, LIMITS.RETURN_SECONDS) };
}

/** The code that nobody reads out. */
export async function codeOf(payload: Pick<ReturnPayload, "secret" | "session_id">): Promise<SupportCode> {
  const number = new DataView((await derived(payload, "number", NUMBER_BYTES)).buffer).getBigUint64(0) % NUMBERS;
  return { ticket: String(number).padStart(6, "0"), firstHalf: await letters(payload, "first half"), secondHalf: await letters(payload, "second half") };
}

async function letters(payload: Pick<ReturnPayload, "secret" | "session_id">, what: string): Promise<string> {
  return [...(await derived(payload, what, HALF))].map((byte) => ALPHABET.charAt(byte & 31)).join("");
}

async function derived(payload: Pick<ReturnPayload, "secret" | "session_id">, what: string, length: number): Promise<Bytes> {
  const info = concat(utf8(`chaperone return\0${what}\0`), utf8(payload.session_id));
  return (await hkdf(new Uint8Array(payload.secret), new Uint8Array(0), info)).slice(0, length);
}

/** Where it stands: the host is not back, it is being tried, or it leads nowhere any more. */
export type ReturningState = "waits" | "claims" | "failed";

/** One way back, and whether it is time to try it. Seconds are of a clock that never jumps. */
export class Returning {
  readonly back: Back;
  state: ReturningState = "waits";
  private readonly until: number;
  private tries = 0;
  private tried = -Infinity;

  constructor(back: Back, run: number) {
    this.back = back;
    this.until = run + back.seconds;
  }

  /** Seconds that are left. */
  left(run: number): number {
    return Math.max(0, this.until - run);
  }

  /** Is it to be tried now, as these instruments stand? Then this counts as a try. */
  due(instruments: readonly Instrument[], run: number): boolean {
    if (this.state === "waits" && this.left(run) === 0) this.state = "failed";
    const host = instruments.find((each) => each.host_id === this.back.hostId);
    if (this.state !== "waits" || host?.state !== HostState.CALLING || run - this.tried < EVERY) return false;
    this.tries += 1;
    this.tried = run;
    this.state = "claims";
    return true;
  }

  /** The broker did not let us in. */
  refused(reason: Reason): void {
    if (this.state === "claims") this.state = PASSING.has(reason) && this.tries < TRIES ? "waits" : "failed";
  }

  /** When to look again, in seconds; null when it is over. */
  again(run: number): number | null {
    return this.state === "failed" ? null : Math.min(this.left(run), EVERY);
  }
}
