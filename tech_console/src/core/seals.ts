// The seals of a visit, and the lane of its own that needs no grant: what both ends say inside. What passes under a grant has seals of its
// own, from the same secret (rights.ts).

import { Direction, Lane, type Message } from "../wire.gen";
import { PeerMisbehaved, type Bytes } from "./bytes";
import type { OfCarriers } from "./content";
import type { RecordHeader } from "./frames";
import { laneSecret } from "./keys";
import { Opener, Sealer, type LaneStart } from "./records";
import type { Ground } from "./renewal";
import type { Lanes } from "./rights";
import { encode } from "./schema";
import { sealedFrame, type Moment, type VisitCommand } from "./visit_terms";

/** What this end says inside the seals. */
export type Inner = Message<"session_identity" | "ask_words" | "file_over" | "still_here" | "answer_lost"> | OfCarriers;

/** The seals of one visit. Calls must not overlap. */
export class Seals {
  private readonly sessionId: string;
  private agreed: Ground | null = null;
  private sealer: Sealer | null = null;
  private opener: Opener | null = null;

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** What the last agreement left: the ground of the next one, after a line was cut. None before it, and after the end. */
  get ground(): Ground | null {
    return this.agreed;
  }

  /** Can anything be said inside? Not before an agreement, and not while the line is cut. */
  get stand(): boolean {
    return this.sealer !== null;
  }

  /** New keys. */
  async begin(ground: Ground, now: Moment): Promise<void> {
    this.agreed = ground;
    this.sealer = await Sealer.begin(await this.lanes(Lane.CONTROL, 0, Direction.TO_HOST), now.run);
    this.opener = await Opener.begin(await this.lanes(Lane.CONTROL, 0, Direction.TO_TECHNICIAN));
  }

  /** The start of a lane's keys. Throws PeerMisbehaved before there are seals. */
  readonly lanes: Lanes = async (lane: Lane, grant: number, direction: Direction): Promise<LaneStart> => {
    if (this.agreed === null) throw new PeerMisbehaved("a lane before the seals");
    return { sessionId: this.sessionId, lane, grant, direction, secret: await laneSecret(this.agreed.secret, { lane, grant, direction }) };
  };

  /** Say something. Throws PeerMisbehaved where nothing can be said: only a peer that is out of order leads there. */
  async say(message: Inner, now: Moment): Promise<VisitCommand> {
    if (this.sealer === null) throw new PeerMisbehaved("an inner message before the seals");
    return sealedFrame(await this.sealer.seal(encode(message), now.run));
  }

  /** What the host says. Throws PeerMisbehaved for a record of another lane, or where nothing can be heard. */
  async open(header: RecordHeader, sealed: Bytes): Promise<Bytes> {
    if (header.lane !== Lane.CONTROL || this.opener === null) throw new PeerMisbehaved("a record on a closed lane");
    return this.opener.open(header, sealed);
  }

  /** The line is cut: nothing is said or heard until there are new keys. */
  rest(): void {
    this.sealer = null;
    this.opener = null;
  }

  /** The visit is over. */
  forget(): void {
    this.agreed?.secret.bytes.fill(0);
    this.agreed = null;
    this.rest();
  }
}
