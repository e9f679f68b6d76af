// Which carrier the content of a visit goes over: the broker's socket, or a channel straight to the host (docs/protocol.md, section 9).
// Each direction turns by itself. Nothing is lost, repeated or reordered by a turn: what is put on the channel is kept until the
// host says that it took it, and goes over the relay again, the same sealed bytes, when the channel is over. Pure.

import { DIRECT_LANES, DirectCause, FrameKind, LIMITS } from "../wire.gen";
import { concat, PeerMisbehaved, u64, u8, view, type Bytes } from "./bytes";
import { Outbox } from "./outbox";

/** Where content goes now; `waiting` when it may not go over the relay and there is no channel. */
export type Carrier = "relay" | "direct" | "waiting";

/** What a carriage wants done, in this order. */
export type Step =
  | { readonly kind: "relay"; readonly frame: Bytes }
  | { readonly kind: "channel"; readonly data: Bytes }
  | { readonly kind: "take"; readonly frame: Bytes }
  | { readonly kind: "drain" } // say when nothing waits for the relay's socket any more
  | { readonly kind: "turn"; readonly attempt: number }
  | { readonly kind: "close" } // the channel
  | { readonly kind: "over"; readonly attempt: number; readonly received: number; readonly cause: DirectCause };

const TAKEN = 0x41;
const TAKEN_SIZE = 9;
const RECORD_MIN = 1 + LIMITS.RECORD_HEADER + LIMITS.RECORD_TAG;
/** A page that slept counts at most so many seconds of it: what arrived meanwhile has not been read yet. */
const TICK_MAX = 1;

/** So many records were taken. */
export function encodeTaken(count: number): Bytes {
  return concat(u8(TAKEN), u64(count));
}

/** Does this frame of the visit's socket move to the channel, where there is one? */
export function moves(frame: Bytes): boolean {
  const [kind, lane] = frame;
  return kind === FrameKind.SEALED && (DIRECT_LANES as readonly (number | undefined)[]).includes(lane);
}

/** What is on the channel and was not taken yet, oldest first. */
class Unconfirmed {
  readonly frames: Bytes[] = [];
  size = 0;
  private taken = 0;

  put(frame: Bytes): void {
    this.frames.push(frame);
    this.size += frame.length;
  }

  /** The host took `count` in all; false when it cannot have. */
  confirm(count: number): boolean {
    const more = count - this.taken;
    if (more < 0 || more > this.frames.length) return false;
    for (const frame of this.frames.splice(0, more)) this.size -= frame.length;
    this.taken = count;
    return true;
  }
}

/** One visit's carriage, the console's end. One try of a channel at a time; `attempt` is its number. */
export class Carriage {
  /** The site lets no content go over the relay. */
  only = false;
  /** The last try, 0 before the first. */
  attempt = 0;
  private stage: "none" | "opening" | "open" | "closing" = "none";
  private idle = 0;
  private turned = false;
  private sent = new Unconfirmed();
  private readonly queue = new Outbox(LIMITS.DIRECT_WINDOW);
  private peerTurned = false;
  private held: Bytes[] = [];
  private heldSize = 0;
  private taken = 0;

  /** None before the host offered anything. */
  get carrier(): Carrier | null {
    if (this.stage === "open" && this.turned && this.peerTurned) return "direct";
    if (this.only) return "waiting";
    return this.attempt === 0 ? null : "relay";
  }

  /** Nothing may go anywhere for now. */
  get waits(): boolean {
    return this.only && !(this.stage === "open" && this.turned);
  }

  /** Does the host wait for our end of this try? */
  isOpening(attempt: number): boolean {
    return attempt === this.attempt && this.stage === "opening";
  }

  /** The host says whether content may go over the relay. What waited for that goes. */
  restrict(only: boolean): Step[] {
    this.only = only;
    return only || this.turned ? [] : this.queue.all().map((frame) => ({ kind: "relay", frame }));
  }

  /** The host offers a channel. Throws PeerMisbehaved for one out of turn. */
  begin(attempt: number): void {
    if (this.stage !== "none" || attempt <= this.attempt) throw new PeerMisbehaved("a channel out of turn");
    this.attempt = attempt;
    this.stage = "opening";
    this.idle = 0;
    this.peerTurned = false;
    this.taken = 0;
  }

  /** One sealed frame that moves. */
  content(frame: Bytes): Step[] {
    if (!this.turned && !this.only) return [{ kind: "relay", frame }];
    this.queue.put(frame);
    return this.pump();
  }

  /** Our channel is open, and at its other end is whom the host's statement named. */
  opened(attempt: number): Step[] {
    if (!this.isOpening(attempt)) return [];
    this.stage = "open";
    this.idle = 0;
    return [...this.release(), ...(this.only ? this.turn() : [{ kind: "drain" } as const])];
  }

  /** Everything that was given to the relay's socket is on its way. */
  drained(): Step[] {
    return this.stage === "open" && !this.turned ? this.turn() : [];
  }

  /** What came on the channel, in its order. */
  messages(attempt: number, messages: readonly Bytes[]): Step[] {
    if (attempt !== this.attempt || this.stage === "none" || this.stage === "closing") return [];
    for (const each of messages) if (!this.read(each)) return this.over(DirectCause.NOT_AS_AGREED);
    return [...this.release(), ...this.pump()];
  }

  /** The host has turned: what it sent over the relay is all here. Throws PeerMisbehaved out of turn. */
  peerTurns(attempt: number): Step[] {
    if (attempt !== this.attempt || this.stage === "none" || this.peerTurned) throw new PeerMisbehaved("a turn of nothing");
    this.peerTurned = true;
    return this.release();
  }

  /** The host takes nothing more from the channel. Throws PeerMisbehaved out of turn, or for a count that cannot be. */
  peerOver(attempt: number, received: number, cause: DirectCause): Step[] {
    if (attempt !== this.attempt || this.stage === "none") throw new PeerMisbehaved("an end of nothing");
    if (!this.sent.confirm(received)) throw new PeerMisbehaved("more was taken than was sent, or less than before");
    const steps = this.over(cause);
    this.stage = "none";
    return [...steps, ...this.goBack()];
  }

  /** Our end of the channel failed. */
  failed(attempt: number, cause: DirectCause): Step[] {
    return attempt === this.attempt && (this.stage === "opening" || this.stage === "open") ? this.over(cause) : [];
  }

  /** So many seconds went by. */
  tick(seconds: number): Step[] {
    const waits = this.stage === "opening" || (this.stage === "open" && this.sent.frames.length > 0);
    if (!waits) return [];
    this.idle += Math.min(seconds, TICK_MAX);
    if (this.stage === "opening") return this.idle < LIMITS.DIRECT_TRY_SECONDS ? [] : this.over(DirectCause.FAILED);
    return this.idle < LIMITS.DIRECT_STALL_SECONDS ? [] : this.over(DirectCause.STALLED);
  }

  /** The line is cut, or the visit over: what is sealed for it serves nobody any more. */
  reset(): Step[] {
    const live = this.stage === "opening" || this.stage === "open";
    this.stage = "none";
    this.turned = false;
    this.sent = new Unconfirmed();
    this.queue.all();
    this.drop();
    return live ? [{ kind: "close" }] : [];
  }

  private turn(): Step[] {
    this.turned = true;
    return [{ kind: "turn", attempt: this.attempt }, ...this.pump()];
  }

  private pump(): Step[] {
    if (this.stage !== "open" || !this.turned) return [];
    const going = this.queue.take(this.sent.size);
    for (const frame of going) this.sent.put(frame);
    return going.map((data) => ({ kind: "channel", data }));
  }

  /** One message of the channel; false for one that no honest host sends. */
  private read(data: Bytes): boolean {
    if (data[0] === TAKEN) return data.length === TAKEN_SIZE && this.confirmed(data);
    const sound = moves(data) && data.length >= RECORD_MIN && data.length <= LIMITS.SEALED_FRAME_MAX;
    if (!sound || this.heldSize >= LIMITS.DIRECT_WINDOW) return false;
    this.held.push(data);
    this.heldSize += data.length;
    return true;
  }

  private confirmed(data: Bytes): boolean {
    const before = this.sent.frames.length;
    if (!this.sent.confirm(Number(view(data).getBigUint64(1)))) return false;
    if (this.sent.frames.length < before) this.idle = 0;
    return true;
  }

  /** Take what is held, once our end is verified and the host has said that nothing before it is still on the relay. */
  private release(): Step[] {
    if (this.stage !== "open" || !this.peerTurned || this.held.length === 0) return [];
    const taken = this.held.map((frame) => ({ kind: "take", frame }) as const);
    this.drop();
    this.taken += taken.length;
    return [...taken, { kind: "channel", data: encodeTaken(this.taken) }];
  }

  private drop(): void {
    this.held = [];
    this.heldSize = 0;
  }

  private over(cause: DirectCause): Step[] {
    if (this.stage === "closing") return [];
    this.stage = "closing";
    this.drop();
    return [{ kind: "close" }, { kind: "over", attempt: this.attempt, received: this.taken, cause }];
  }

  /** What the host did not take goes first, then what waited. */
  private goBack(): Step[] {
    const rest = [...this.sent.frames, ...this.queue.all()];
    this.sent = new Unconfirmed();
    this.turned = false;
    if (!this.only) return rest.map((frame) => ({ kind: "relay", frame }));
    for (const frame of rest) this.queue.put(frame);
    return [];
  }
}
