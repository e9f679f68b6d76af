// What a visit is made of: the picture, the hand, what was copied and what is written, over whichever carrier. Which of it is sealed for whom is in
// rights.ts; when a grant comes and goes, in visit.ts; when the carrier changes, in carriage.ts.

import { FrameKind, Lane, LIMITS, Permission, type Message } from "../wire.gen";
import { PeerMisbehaved, type Bytes } from "./bytes";
import { Carriage, type Carrier, type Step } from "./carriage";
import { answer, readOffer } from "./direct";
import { encodeFrame, splitFrame, splitRecord, type RecordHeader } from "./frames";
import { batches, releases, type Deed } from "./input";
import type { LedgerParties } from "./ledger";
import type { Rights } from "./rights";
import { encodeAck } from "./screen";
import type { DirectEvent, Moment, VisitCommand, VisitEvent } from "./visit_terms";

/** What the host says about carriers on the visit's own lane, and what we say. */
export const OF_CARRIERS = ["direct_only", "direct_offer", "direct_turn", "direct_over"] as const;
export type OfCarriers = Message<"direct_answer" | "direct_turn" | "direct_over">;

/** The content of one visit, this way and that. */
export class Content {
  private readonly rights: Rights;
  private readonly parties: LedgerParties;
  private readonly tell: (message: OfCarriers, now: Moment) => Promise<VisitCommand>;
  private readonly written: (header: RecordHeader, sealed: Bytes, now: Moment) => Promise<VisitCommand[]>;
  private readonly carriage = new Carriage();
  private lastFrame = 0;
  private hostClock: { zero: number; boot: number; run: number } | null = null;

  /** The newest request. */
  asked = 0;
  /** The newest that was answered, and what came under a later one. */
  private newest = 0;
  private readonly early: { readonly header: RecordHeader; readonly sealed: Bytes }[] = [];
  private earlySize = 0;

  /** `tell` seals a message on the visit's own lane; `written` takes one of the chat that came over the channel. */
  constructor(rights: Rights, parties: LedgerParties, tell: Content["tell"], written: Content["written"]) {
    this.rights = rights;
    this.parties = parties;
    this.tell = tell;
    this.written = written;
  }

  /** Where content goes. */
  get carrier(): Carrier | null {
    return this.carriage.carrier;
  }

  /** Nothing may go anywhere for now. */
  get waits(): boolean {
    return this.carriage.waits;
  }

  /** One record under a grant that came, over either carrier; `parted` while the line is cut. Throws PeerMisbehaved. */
  async heard(header: RecordHeader, sealed: Bytes, parted: boolean): Promise<VisitCommand[]> {
    const permission = this.rights.under(header);
    if (permission === null) return []; // was on its way when the grant was taken back
    if (parted) throw new PeerMisbehaved("a record before both ends were back");
    if (permission === Permission.VIEW) return [{ kind: "screen_record", header, sealed }];
    return [{ kind: "received", permission, plain: await this.rights.open(permission, header, sealed) }];
  }

  /** The host answered this request: what came under it over the channel, ahead of the answer on the relay, is taken now. */
  async answered(ask: number): Promise<VisitCommand[]> {
    this.newest = ask;
    const commands: VisitCommand[] = [];
    for (const { header, sealed } of this.early.splice(0)) commands.push(...(await this.heard(header, sealed, false)));
    this.earlySize = 0;
    return commands;
  }

  private hold(header: RecordHeader, sealed: Bytes): VisitCommand[] {
    this.early.push({ header, sealed });
    this.earlySize += sealed.length;
    if (this.earlySize > LIMITS.DIRECT_WINDOW) throw new PeerMisbehaved("records ahead of every answer");
    return [];
  }

  /** Say something under a right; nothing when there is no such right any more. */
  async say(permission: Permission, plain: Bytes, now: Moment): Promise<VisitCommand[]> {
    const sealed = await this.rights.seal(permission, plain, now.run);
    return sealed === null ? [] : this.goes(sealed, now);
  }

  /** One sealed record goes where content goes. */
  goes(sealed: Bytes, now: Moment): Promise<VisitCommand[]> {
    return this.perform(this.carriage.content(encodeFrame(FrameKind.SEALED, sealed)), now);
  }

  /** A frame is on the glass: the host may send the next. */
  async drawn({ frame, boot, worked }: Extract<VisitEvent, { kind: "drawn" }>, now: Moment): Promise<VisitCommand[]> {
    this.lastFrame = frame;
    this.hostClock = { zero: this.hostClock?.zero ?? boot, boot, run: now.run };
    return this.say(Permission.VIEW, encodeAck(frame, worked), now);
  }

  /** What the hand did, with the frame it was meant for. Nothing before there was one; while nothing can go, only what lets go. */
  async deeds(deeds: readonly Deed[], now: Moment): Promise<VisitCommand[]> {
    const { hostClock } = this;
    if (hostClock === null) return [];
    const milliseconds = Math.floor((hostClock.boot - hostClock.zero) / 1000 + (now.run - hostClock.run) * 1000);
    const meant = this.carriage.waits ? releases(deeds) : deeds;
    const sent: VisitCommand[] = [];
    for (const batch of batches(this.lastFrame, milliseconds, meant)) sent.push(...(await this.say(Permission.CONTROL, batch, now)));
    return sent;
  }

  /** What the host says about carriers, inside the seals. Throws PeerMisbehaved. */
  async told(said: Message<(typeof OF_CARRIERS)[number]>, now: Moment): Promise<VisitCommand[]> {
    if (said.type === "direct_only") return this.perform(this.carriage.restrict(said.only), now);
    if (said.type === "direct_turn") return this.perform(this.carriage.peerTurns(said.attempt), now);
    if (said.type === "direct_over") return this.perform(this.carriage.peerOver(said.attempt, said.received, said.cause), now);
    const offer = await readOffer(said.statement, this.parties);
    this.carriage.begin(offer.attempt);
    return [{ kind: "direct_open", offer }];
  }

  /** What happened to the channel. */
  async happened(event: DirectEvent, now: Moment): Promise<VisitCommand[]> {
    switch (event.kind) {
      case "described":
        if (!this.carriage.isOpening(event.attempt)) return [];
        return [await this.tell({ type: "direct_answer", statement: await answer(this.parties, event.attempt, event.own) }, now)];
      case "opened":
        return this.perform(this.carriage.opened(event.attempt), now);
      case "messages":
        return this.perform(this.carriage.messages(event.attempt, event.messages), now);
      case "failed":
        return this.perform(this.carriage.failed(event.attempt, event.cause), now);
      case "drained":
        return this.perform(this.carriage.drained(), now);
      case "tick":
        return this.perform(this.carriage.tick(event.seconds), now);
    }
  }

  /** The line is cut, or the visit over: there is no channel any more. */
  rest(): VisitCommand[] {
    this.early.length = 0;
    this.earlySize = 0;
    return this.carriage.reset().map(() => ({ kind: "direct_close" }));
  }

  private async perform(steps: readonly Step[], now: Moment): Promise<VisitCommand[]> {
    const commands: VisitCommand[] = [];
    for (const step of steps) commands.push(...(await this.performed(step, now)));
    return commands;
  }

  private async performed(step: Step, now: Moment): Promise<VisitCommand[]> {
    switch (step.kind) {
      case "relay":
        return [{ kind: "send", frame: step.frame }];
      case "channel":
        return [{ kind: "direct_send", data: step.data }];
      case "take": {
        const { header, sealed } = splitRecord(splitFrame(step.frame).body);
        if (header.lane === Lane.CHAT) return this.written(header, sealed, now);
        const early = header.grant > this.newest && header.grant <= this.asked;
        return early ? this.hold(header, sealed) : this.heard(header, sealed, false);
      }
      case "drain":
        return [{ kind: "relay_drain" }];
      case "close":
        return [{ kind: "direct_close" }];
      case "turn":
        return [await this.tell({ type: "direct_turn", attempt: step.attempt }, now)];
      case "over":
        return [await this.tell({ type: "direct_over", attempt: step.attempt, received: step.received, cause: step.cause }, now)];
    }
  }
}
