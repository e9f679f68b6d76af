// One visit at the console, without sockets, clocks or windows: events in, commands out. The order is the table's; what
// the other end may not do ends the visit at once. Narrowing acts first and is told after (docs/protocol.md, section 8).
//
//   standing.ts      where the visit stands, and what the page shows of it
//   handshake.ts     the key agreement; identities.ts: who is at each end; seals.ts: what is said inside
//   requests.ts      what is asked for, answered, taken back
//   content.ts       what passes under a right; messages.ts: what the two people write
//   way_back.ts      a line that was cut

import { Direction, EndCause, FrameKind, Lane, Permission, SessionEvent, SessionState } from "../wire.gen";
import type { Message } from "../wire.gen";
import type { Agreed } from "./agreement";
import { PeerMisbehaved, type Bytes } from "./bytes";
import { Content, OF_CARRIERS } from "./content";
import { splitFrame, splitRecord } from "./frames";
import { Handshake, type Step } from "./handshake";
import { isTheHost, ourIdentity } from "./identities";
import { sessionSecret } from "./keys";
import { endedFrame, hostSaid } from "./ledger";
import { Messages } from "./messages";
import type { Ground } from "./renewal";
import { Requests } from "./requests";
import { readReturn } from "./returning";
import { permissionOf, Rights } from "./rights";
import { decode } from "./schema";
import { Seals } from "./seals";
import { Standing } from "./standing";
import { controlSaid } from "./visit_terms";
import type { Moment, VisitCommand, VisitEvent, VisitStart, VisitView } from "./visit_terms";
import { WayBack } from "./way_back";

export type { Asking, DirectEvent, Moment, VisitCommand, VisitEvent, VisitStart, VisitView } from "./visit_terms";

/** What the host says on the visit's own lane, beside carriers. */
const INSIDE = [
  "session_identity", "answer_words", "host_notice", "chat_standing", "visit_rejoined", "file_over", "return_ticket", "second_person",
] as const;

/** The console's end of one visit. Calls must not overlap: the shell awaits each before the next. */
export class Visit {
  private readonly start: VisitStart;
  private readonly entropy: (size: number) => Bytes;
  private readonly handshake: Handshake;
  private readonly standing = new Standing();
  private readonly messages = new Messages(this.standing);
  private readonly seals: Seals;
  private readonly rights: Rights;
  private readonly content: Content;
  private readonly requests: Requests;
  private readonly wayBack: WayBack;

  constructor(given: VisitStart, entropy: (size: number) => Bytes) {
    const start = { ...given, secondHalf: "" }; // only the handshake holds it, for one run
    this.start = start;
    this.entropy = entropy;
    const { hostId: host, technicianId: technician, sessionId } = start.parties;
    const channel = { broker: start.brokerId, host, technician, ticket: start.ticket };
    this.wayBack = new WayBack(sessionId, channel, start.socketPass);
    this.handshake = new Handshake(sessionId, channel, given.secondHalf, entropy);
    const seals = (this.seals = new Seals(sessionId));
    const rights = (this.rights = new Rights(seals.lanes));
    const said = (...what: Parameters<Seals["say"]>) => seals.say(...what);
    const content = (this.content = new Content(rights, start.parties, said, (...record) => this.messages.heard(...record, true)));
    const ends = { conclude: this.conclude.bind(this), end: this.end.bind(this) };
    this.requests = new Requests({ start, standing: this.standing, seals, rights, content, entropy, ...ends });
  }

  /** What to show now. */
  get view(): VisitView {
    return this.standing.view;
  }

  /** Take one event. Whatever the other end does wrong ends the visit here and is never thrown. */
  async handle(event: VisitEvent, now: Moment): Promise<VisitCommand[]> {
    if (this.standing.state === SessionState.ENDED) return []; // the visit is over, whatever is still on its way
    try {
      return await this.live(event, now);
    } catch (fault) {
      if (!(fault instanceof PeerMisbehaved)) throw fault;
      return await this.end(EndCause.PEER_MISBEHAVED, now);
    } finally {
      const { carrier } = this.content;
      if (carrier !== this.view.carrier) this.standing.show({ carrier });
    }
  }

  private async live(event: VisitEvent, now: Moment): Promise<VisitCommand[]> {
    switch (event.kind) {
      case "socket_opened":
        if (!this.wayBack.parted) this.standing.show({ phase: "waiting" });
        return [controlSaid({ type: "socket_pass", session_id: this.sessionId, socket_pass: this.wayBack.socketPass })];
      case "socket_closed":
        return this.standing.state === SessionState.VIEWING ? this.part() : this.over(EndCause.CONNECTION_LOST, now);
      case "reconnect_offered":
        return this.reopen(event.socketPass);
      case "reconnect_over":
        return this.over(EndCause.CONNECTION_LOST, now);
      case "frame":
        return this.frame(event.data, now);
      case "half_typed":
        return this.retyped(event.half, now);
      case "wanted":
        return this.wayBack.parted ? [] : this.requests.want(event.permission, event.file ?? null, now);
      case "file_over":
        return this.wayBack.parted ? [] : [await this.seals.say({ type: "file_over", ask: event.ask, reason: event.reason }, now)];
      case "bulk_wanted":
        return [controlSaid({ type: "bulk_wanted", session_id: this.sessionId })];
      case "say":
        return this.content.say(event.permission, event.plain, now);
      case "deeds":
        return this.content.deeds(event.deeds, now);
      case "drawn":
        return this.content.drawn(event, now);
      case "written":
        return this.messages.written(event.text, now, this.content);
      case "still_here":
        return this.wayBack.parted ? [] : [await this.seals.say({ type: "still_here" }, now)];
      case "screen_fault":
        return this.end(EndCause.PEER_MISBEHAVED, now);
      case "direct":
        return this.content.happened(event.happened, now);
      case "end_wanted":
        return this.end(event.cause, now);
    }
  }

  private async frame(data: Bytes, now: Moment): Promise<VisitCommand[]> {
    const { kind, body } = splitFrame(data);
    switch (kind) {
      case FrameKind.CONTROL:
        return this.brokerSaid(body, now);
      case FrameKind.HANDSHAKE:
        if (this.wayBack.parted) return this.renewing(body, now);
        if (this.standing.state !== SessionState.ADMITTED || this.seals.stand) throw new PeerMisbehaved("a handshake after the handshake");
        return this.step(await this.handshake.handle(body), now);
      case FrameKind.LEDGER:
        return this.ledger(body, now);
      case FrameKind.SEALED:
        return this.sealed(body, now);
    }
  }

  private async brokerSaid(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const said = decode(body, "peer_present", "session_over", "bulk_offered", "refused");
    switch (said.type) {
      case "peer_present":
        if (!this.wayBack.parted) this.standing.show({ phase: "agreeing" });
        return [];
      case "session_over":
        return this.over(said.cause, now);
      case "bulk_offered":
        return [{ kind: "bulk_offered", pass: new Uint8Array(said.bulk_pass) }];
      case "refused":
        if (this.wayBack.parted) return []; // this pass opened nothing: the socket closes, and another is asked for
        if (said.about === "asked" && this.requests.pending !== null) return this.requests.notAsked(this.requests.pending, said.reason, now);
        if (said.about === "chat") return this.messages.stands(said.reason);
        this.standing.show({ reason: said.reason });
        return this.over(EndCause.CONNECTION_LOST, now);
    }
  }

  // ---- the seals

  private async step(step: Step, now: Moment): Promise<VisitCommand[]> {
    switch (step.kind) {
      case "send":
        this.standing.show({ phase: "agreeing" });
        return [step];
      case "wait":
        return [];
      case "type_again":
        return this.standing.show({ phase: "retype" });
      case "failed":
        this.standing.move(SessionEvent.AGREEMENT_FAILED);
        if (step.runsLeft === 0) return this.over(EndCause.CODE_BURNT, now);
        return this.standing.show({ phase: "retype", runsLeft: step.runsLeft });
      case "host_unproven":
        return this.end(EndCause.IDENTITY_NOT_PROVEN, now);
      case "agreed":
        return this.agreed(step.agreed, now);
    }
  }

  /** What was typed is taken at once: until the host has answered, nobody is asked to type. */
  private async retyped(half: string, now: Moment): Promise<VisitCommand[]> {
    this.standing.show({ phase: "agreeing" });
    return this.step(await this.handshake.typed(half), now);
  }

  private async agreed(agreed: Agreed, now: Moment): Promise<VisitCommand[]> {
    this.standing.show({ phase: "proving" });
    return this.prove({ secret: await sessionSecret(agreed), transcript: agreed.transcript }, now);
  }

  /** The first record under new keys: our device signs what was said to agree on them. */
  private async prove(ground: Ground, now: Moment): Promise<VisitCommand[]> {
    await this.seals.begin(ground, now);
    await this.messages.begin(this.seals.lanes, now.run);
    const statement = await ourIdentity(this.start.parties, ground.transcript);
    return [await this.seals.say({ type: "session_identity", statement }, now)];
  }

  private async sealed(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const { header, sealed } = splitRecord(body);
    if (permissionOf(header.lane) !== undefined) return this.content.heard(header, sealed, this.wayBack.parted);
    if (header.lane === Lane.CHAT) return this.messages.heard(header, sealed, now, false);
    const said = decode(await this.seals.open(header, sealed), ...INSIDE, ...OF_CARRIERS);
    switch (said.type) {
      case "session_identity":
        return this.hostProof(said, now);
      case "answer_words":
        return this.requests.words(said);
      case "host_notice":
        return this.standing.noticed(said.notice);
      case "chat_standing":
        return this.messages.stands(said.reason);
      case "visit_rejoined":
        return this.rejoined(said.grants, now);
      case "file_over":
        return [{ kind: "file_over", ask: said.ask, reason: said.reason }];
      case "return_ticket":
        return [{ kind: "way_back", back: await readReturn(said.statement, this.start.parties) }];
      case "second_person":
        return this.standing.show({ second: { viewOnly: said.view_only, name: said.name, company: said.company } });
      default:
        if (this.standing.state === SessionState.ADMITTED || this.wayBack.parted) throw new PeerMisbehaved("a channel to nobody proven");
        return this.content.told(said, now);
    }
  }

  /** The host's long-term key signed the same transcript: only now is anything asked. */
  private async hostProof(said: Message<"session_identity">, now: Moment): Promise<VisitCommand[]> {
    const { ground } = this.seals;
    if (ground === null || !(await isTheHost(this.start.parties, said.statement, ground.transcript))) {
      return this.end(EndCause.IDENTITY_NOT_PROVEN, now);
    }
    if (this.wayBack.parted) {
      this.wayBack.hostIsProven();
      return [];
    }
    this.standing.move(SessionEvent.IDENTITIES_PROVEN);
    this.standing.move(SessionEvent.VIEW_ASKED);
    this.standing.show({ phase: "asking" });
    return this.requests.ask(Permission.VIEW, now);
  }

  private async ledger(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const said = await hostSaid(body, this.start.parties);
    switch (said.kind) {
      case "answered":
        return this.requests.answered(said.answered, now);
      case "withdrawn":
        return this.requests.withdrawn(said.withdrawn.permission, said.withdrawn.ask);
      case "ended":
        return [...this.over(said.ended.cause, now), { kind: "close" }];
    }
  }

  // ---- a line that was cut

  /** What was granted waits for both ends; nothing is said or heard until they are proven anew. */
  private part(): VisitCommand[] {
    this.wayBack.cut();
    this.seals.rest();
    this.requests.rest();
    const closed = this.content.rest();
    this.messages.rest();
    this.standing.show({ phase: "reconnecting", notice: null });
    return [...closed, { kind: "reconnect_wanted" }];
  }

  private reopen(socketPass: Bytes): VisitCommand[] {
    if (!this.wayBack.parted) return [];
    this.wayBack.socketPass = socketPass;
    return [{ kind: "reopen" }];
  }

  private async renewing(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const renewed = await this.wayBack.renewing(body, this.seals.ground, this.entropy);
    return "ground" in renewed ? this.prove(renewed.ground, now) : [{ kind: "send", frame: renewed.frame }];
  }

  /** Both ends are back: what still stands goes on. */
  private async rejoined(grants: readonly number[], now: Moment): Promise<VisitCommand[]> {
    this.wayBack.rejoined();
    await this.messages.renew(this.seals.lanes, now.run);
    for (const gone of await this.rights.renew(grants, now.run)) this.standing.note(gone, "withdrawn", null);
    const view = this.rights.grantOf(Permission.VIEW);
    this.standing.show({ phase: view === undefined ? "paused" : "viewing", granted: this.rights.granted });
    const told: VisitCommand[] = [];
    for (const ask of grants.filter((each) => this.rights.wasLost(each))) told.push(await this.seals.say({ type: "answer_lost", ask }, now));
    told.push(...(await this.requests.filesAnew()));
    if (view === undefined) return told;
    return [...told, { kind: "screen_open", start: await this.seals.lanes(Lane.SCREEN, view, Direction.TO_TECHNICIAN) }];
  }

  // ---- the end

  private async end(cause: EndCause, now: Moment): Promise<VisitCommand[]> {
    const narrowed = this.over(cause, now);
    const { parties } = this.start;
    return [...narrowed, { kind: "send", frame: await endedFrame(parties, cause, Math.floor(now.utc)) }, { kind: "close" }];
  }

  private over(cause: EndCause, now: Moment): VisitCommand[] {
    this.standing.move(SessionEvent.ENDED);
    return [...this.conclude(cause, now), { kind: "screen_close" }];
  }

  private conclude(cause: EndCause, now: Moment): VisitCommand[] {
    this.seals.forget();
    this.rights.clear();
    this.messages.forget();
    this.standing.show({ phase: "ended", cause, granted: [], notice: null, until: now.run });
    return this.content.rest();
  }

  private get sessionId(): string {
    return this.start.parties.sessionId;
  }
}
