// What the two people write to each other (wire/sealed/chat.py): one record is one message, the same both ways. Whether the lane is
// open is the host's word; what is sent stays below what host and broker take. Nothing is kept beyond the visit.

import { Direction, Lane, LIMITS, type Reason } from "../wire.gen";
import { concat, PeerMisbehaved, u8, utf8, type Bytes } from "./bytes";
import type { RecordHeader } from "./frames";
import { MalformedMessage } from "./json";
import { cleaned, readText, writeText } from "./plain_text";
import { Opener, Sealer } from "./records";
import type { Lanes } from "./rights";

const SAID = 1;
/** Kind, header and tag: what a record weighs beside its text. */
const AROUND = 1 + LIMITS.RECORD_HEADER + LIMITS.RECORD_TAG;
/** How many messages a page keeps; the oldest go first. */
const KEPT = 500;

/** The plaintext of one record. Throws RangeError for a text that no reader would accept. */
export function encodeSaid(text: string): Bytes {
  return concat(u8(SAID), writeText(text, LIMITS.CHAT_TEXT_MAX));
}

/** The text of one record. Throws MalformedMessage. */
export function decodeSaid(data: Uint8Array): string {
  if (data[0] !== SAID) throw new MalformedMessage("chat", "is no message");
  return readText(data.subarray(1), LIMITS.CHAT_TEXT_MAX);
}

/** One message as a page shows it. */
export interface ChatLine {
  readonly number: number;
  readonly mine: boolean;
  readonly text: string;
}

/** Why the last message was not sent: longer than one may be, too much within a minute, or no way leads to the host now. */
export type NotSent = "too_long" | "too_fast" | "apart";

/** Where the chat of a visit stands. */
export interface ChatView {
  readonly standing: "unknown" | "open" | "closed";
  readonly reason: Reason | null;
  readonly lines: readonly ChatLine[];
  readonly notSent: NotSent | null;
}

export const NO_CHAT: ChatView = { standing: "unknown", reason: null, lines: [], notSent: null };

/** Bytes within the running minute, counted as the broker counts them. */
export class Budget {
  private readonly most: number;
  private since = 0;
  private spent = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** False, and nothing is spent, when it would be too much. `now`: seconds of a clock that never jumps. */
  spend(count: number, now: number): boolean {
    if (now - this.since >= 60) [this.since, this.spent] = [now, 0];
    if (this.spent + count > this.most) return false;
    this.spent += count;
    return true;
  }
}

/** The chat lane of one visit, from the moment both ends agreed on their keys. */
export class Chat {
  private sealer: Sealer | null;
  private opener: Opener;
  private readonly gives = new Budget(LIMITS.CHAT_SENT_BYTES_PER_MINUTE);
  private readonly takes = new Budget(LIMITS.CONTROL_LANE_BYTES_PER_MINUTE);
  /** What came over the channel, ahead of the host's word on the relay that it is open. */
  private early: string[] = [];
  private shown: ChatView = NO_CHAT;

  private constructor(sealer: Sealer, opener: Opener) {
    this.sealer = sealer;
    this.opener = opener;
  }

  static async begin(lanes: Lanes, now: number): Promise<Chat> {
    return new Chat(...(await sealsOf(lanes, now)));
  }

  get view(): ChatView {
    return this.shown;
  }

  /** The line was cut: nothing is said until both ends are proven anew. */
  rest(): void {
    this.sealer = null;
  }

  /** Both ends are back, under new keys. What was written before stays. */
  async renew(lanes: Lanes, now: number): Promise<void> {
    [this.sealer, this.opener] = await sealsOf(lanes, now);
  }

  /** The host says that it is open, or host or broker that it is not. It opens once and never again. */
  stands(reason: Reason | null): void {
    if (reason !== null) this.shown = { ...this.shown, standing: "closed", reason };
    else if (this.shown.standing === "unknown") this.shown = { ...this.shown, standing: "open" };
    for (const text of this.early.splice(0)) if (this.shown.standing === "open") this.add(false, text);
  }

  /** The body of one record with what the technician wrote, or null when it was not sent and the view says why. `waits`: no way leads there. */
  async say(text: string, now: number, waits = false): Promise<Bytes | null> {
    const clean = cleaned(text).trim();
    const size = utf8(clean).length;
    if (this.shown.standing !== "open" || size === 0) return null;
    if (size > LIMITS.CHAT_TEXT_MAX) return this.refused("too_long");
    if (this.sealer === null || waits) return this.refused("apart");
    if (!this.gives.spend(1 + size + AROUND, now)) return this.refused("too_fast");
    const body = await this.sealer.seal(encodeSaid(clean), now);
    this.add(true, clean);
    return body;
  }

  /** One record of the host; `directly`, it may be ahead of the word that opens the chat. Throws PeerMisbehaved, MalformedMessage. */
  async heard(header: RecordHeader, sealed: Bytes, now: number, directly: boolean): Promise<void> {
    const { standing } = this.shown;
    if (standing === "unknown" && !directly) throw new PeerMisbehaved("a message before the chat was open");
    const plain = await this.opener.open(header, sealed);
    if (!this.takes.spend(plain.length + AROUND, now)) throw new PeerMisbehaved("more messages than a minute may have");
    const text = decodeSaid(plain);
    if (standing === "open") this.add(false, text);
    if (standing === "unknown") this.early = [...this.early, text].slice(-KEPT);
  }

  private refused(notSent: NotSent): null {
    this.shown = { ...this.shown, notSent };
    return null;
  }

  private add(mine: boolean, text: string): void {
    const number = (this.shown.lines.at(-1)?.number ?? 0) + 1;
    this.shown = { ...this.shown, lines: [...this.shown.lines, { number, mine, text }].slice(-KEPT), notSent: null };
  }
}

async function sealsOf(lanes: Lanes, now: number): Promise<[Sealer, Opener]> {
  const [there, back] = [await lanes(Lane.CHAT, 0, Direction.TO_HOST), await lanes(Lane.CHAT, 0, Direction.TO_TECHNICIAN)];
  return [await Sealer.begin(there, now), await Opener.begin(back)];
}
