// One visit at the console, without sockets, clocks or windows: events in, commands out. The order is the table's; what
// the other end may not do ends the visit at once. Narrowing acts first and is told after (docs/protocol.md, section 8).

import { Answer, Direction, EndCause, FrameKind, Label, Lane, Notice, Permission, SessionEvent, SessionRole, SessionState, TERMS } from "../wire.gen";
import type { Answered, FileWords, Message, Reason } from "../wire.gen";
import type { Agreed } from "./agreement";
import { equal, PeerMisbehaved, type Bytes } from "./bytes";
import { Chat, NO_CHAT } from "./chat";
import { Content, OF_CARRIERS, type OfCarriers } from "./content";
import { splitFrame, splitRecord, type RecordHeader } from "./frames";
import { Handshake, type Step } from "./handshake";
import { laneSecret, sessionSecret, type SessionSecret } from "./keys";
import { askedFrame, commitment, endedFrame, fileCommitted, hostSaid } from "./ledger";
import { Promises } from "./promises";
import { Opener, Sealer, type LaneStart } from "./records";
import type { Ground } from "./renewal";
import { readReturn } from "./returning";
import { BULK, permissionOf, Rights, type Lanes } from "./rights";
import { decode, encode } from "./schema";
import { advance, ENTERED } from "./session";
import { ed25519, open, sign } from "./statements";
import { ANSWER_CAUSE, controlSaid, NO_SECOND, sealedFrame, viewOnly, WITHOUT_PICTURE, type Pending } from "./visit_terms";
import type { Asking, Moment, Phase, VisitCommand, VisitEvent, VisitStart, VisitView, WantedFile } from "./visit_terms";
import { WayBack } from "./way_back";

export type { Asking, DirectEvent, Moment, VisitCommand, VisitEvent, VisitStart, VisitView } from "./visit_terms";

/** The console's end of one visit. Calls must not overlap: the shell awaits each before the next. */
export class Visit {
  private readonly start: VisitStart;
  private readonly entropy: (size: number) => Bytes;
  private readonly handshake: Handshake;
  private state: SessionState = ENTERED;
  private shown: VisitView;
  private secret: SessionSecret | null = null;
  private transcript: Bytes | null = null;
  private sealer: Sealer | null = null;
  private opener: Opener | null = null;
  private chat: Chat | null = null;
  private asks = 0;
  private pending: Pending | null = null;
  private readonly promises = new Promises();
  private readonly lanes: Lanes = (lane, grant, direction) => this.laneStart(lane, grant, direction);
  private readonly rights = new Rights(this.lanes);
  private readonly content: Content;
  private readonly wayBack: WayBack;

  constructor(start: VisitStart, entropy: (size: number) => Bytes) {
    this.start = { ...start, secondHalf: "" }; // only the handshake holds it, for one run
    this.entropy = entropy;
    this.content = new Content(this.rights, start.parties, (message, now) => this.inner(message, now));
    const { hostId: host, technicianId: technician, sessionId } = start.parties;
    const channel = { broker: start.brokerId, host, technician, ticket: start.ticket };
    this.wayBack = new WayBack(sessionId, channel, start.socketPass);
    this.handshake = new Handshake(sessionId, channel, start.secondHalf, entropy);
    this.shown = {
      phase: "opening", runsLeft: null, askings: [], granted: [], notice: null,
      chat: NO_CHAT, second: NO_SECOND, carrier: null, since: null, until: null, cause: null, reason: null,
    };
  }

  /** What to show now. */
  get view(): VisitView {
    return this.shown;
  }

  /** Take one event. Whatever the other end does wrong ends the visit here and is never thrown. */
  async handle(event: VisitEvent, now: Moment): Promise<VisitCommand[]> {
    if (this.state === SessionState.ENDED) return []; // the visit is over, whatever is still on its way
    try {
      return await this.live(event, now);
    } catch (fault) {
      if (!(fault instanceof PeerMisbehaved)) throw fault;
      return await this.end(EndCause.PEER_MISBEHAVED, now);
    } finally {
      const { carrier } = this.content;
      if (carrier !== this.shown.carrier) this.show({ carrier });
    }
  }

  private async live(event: VisitEvent, now: Moment): Promise<VisitCommand[]> {
    switch (event.kind) {
      case "socket_opened":
        if (!this.wayBack.parted) this.show({ phase: "waiting" });
        return [controlSaid({ type: "socket_pass", session_id: this.sessionId, socket_pass: this.wayBack.socketPass })];
      case "socket_closed":
        return this.state === SessionState.VIEWING ? this.part() : this.over(EndCause.CONNECTION_LOST, now);
      case "reconnect_offered":
        return this.reopen(event.socketPass);
      case "reconnect_over":
        return this.over(EndCause.CONNECTION_LOST, now);
      case "frame":
        return this.frame(event.data, now);
      case "half_typed":
        return this.step(await this.handshake.typed(event.half), now);
      case "wanted":
        return this.want(event.permission, event.file ?? null, now);
      case "file_over":
        return [await this.inner({ type: "file_over", ask: event.ask, reason: event.reason }, now)];
      case "bulk_wanted":
        return [controlSaid({ type: "bulk_wanted", session_id: this.sessionId })];
      case "say":
        return this.content.say(event.permission, event.plain, now);
      case "deeds":
        return this.content.deeds(event.deeds, now);
      case "drawn":
        return this.content.drawn(event, now);
      case "written":
        return this.written(event.text, now);
      case "still_here":
        return this.wayBack.parted ? [] : [await this.inner({ type: "still_here" }, now)];
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
        if (this.state !== SessionState.ADMITTED || this.sealer !== null) throw new PeerMisbehaved("a handshake after the handshake");
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
        if (!this.wayBack.parted) this.show({ phase: "agreeing" });
        return [];
      case "session_over":
        return this.over(said.cause, now);
      case "bulk_offered":
        return [{ kind: "bulk_offered", pass: new Uint8Array(said.bulk_pass) }];
      case "refused":
        if (this.wayBack.parted) return []; // this pass opened nothing: the socket closes, and another is asked for
        if (said.about === "asked" && this.pending !== null) return this.notAsked(this.pending.permission, said.reason, now);
        if (said.about === "chat") return this.chatStands(said.reason);
        this.show({ reason: said.reason });
        return this.over(EndCause.CONNECTION_LOST, now);
    }
  }

  // ---- the seals

  private async step(step: Step, now: Moment): Promise<VisitCommand[]> {
    switch (step.kind) {
      case "send":
        this.show({ phase: "agreeing" });
        return [step];
      case "wait":
        return [];
      case "type_again":
        return this.show({ phase: "retype" });
      case "failed":
        this.move(SessionEvent.AGREEMENT_FAILED);
        if (step.runsLeft === 0) return this.over(EndCause.CODE_BURNT, now);
        return this.show({ phase: "retype", runsLeft: step.runsLeft });
      case "host_unproven":
        return this.end(EndCause.IDENTITY_NOT_PROVEN, now);
      case "agreed":
        return this.agreed(step.agreed, now);
    }
  }

  private async agreed(agreed: Agreed, now: Moment): Promise<VisitCommand[]> {
    this.show({ phase: "proving" });
    return this.prove({ secret: await sessionSecret(agreed), transcript: agreed.transcript }, now);
  }

  /** The first record under new keys: our device signs what was said to agree on them. */
  private async prove({ secret, transcript }: Ground, now: Moment): Promise<VisitCommand[]> {
    this.secret = secret;
    this.transcript = transcript;
    this.sealer = await Sealer.begin(await this.laneStart(Lane.CONTROL, 0, Direction.TO_HOST), now.run);
    this.opener = await Opener.begin(await this.laneStart(Lane.CONTROL, 0, Direction.TO_TECHNICIAN));
    this.chat ??= await Chat.begin(this.lanes, now.run);
    const statement = await sign(this.start.parties.deviceKey, Label.SESSION_TECHNICIAN, "SessionIdentityPayload", {
      session_id: this.sessionId,
      role: SessionRole.TECHNICIAN,
      subject: this.start.parties.technicianId,
      transcript,
    });
    return [await this.inner({ type: "session_identity", statement }, now)];
  }

  private async laneStart(lane: Lane, grant: number, direction: Direction): Promise<LaneStart> {
    if (this.secret === null) throw new PeerMisbehaved("a lane before the seals");
    return { sessionId: this.sessionId, lane, grant, direction, secret: await laneSecret(this.secret, { lane, grant, direction }) };
  }

  private async inner(
    message: Message<"session_identity" | "ask_words" | "file_over" | "still_here" | "answer_lost"> | OfCarriers,
    now: Moment,
  ): Promise<VisitCommand> {
    if (this.sealer === null) throw new PeerMisbehaved("an inner message before the seals");
    return sealedFrame(await this.sealer.seal(encode(message), now.run));
  }

  private async sealed(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const { header, sealed } = splitRecord(body);
    if (permissionOf(header.lane) !== undefined) return this.content.heard(header, sealed, this.wayBack.parted);
    if (header.lane === Lane.CHAT) return this.heard(header, sealed);
    if (header.lane !== Lane.CONTROL || this.opener === null) throw new PeerMisbehaved("a record on a closed lane");
    const plain = await this.opener.open(header, sealed);
    const said = decode(
      plain, "session_identity", "answer_words", "host_notice", "chat_standing", "visit_rejoined", "file_over", "return_ticket", "second_person",
      ...OF_CARRIERS,
    );
    switch (said.type) {
      case "session_identity":
        return this.hostProof(said, now);
      case "answer_words":
        return this.words(said);
      case "host_notice":
        return this.noticed(said.notice);
      case "chat_standing":
        return this.chatStands(said.reason);
      case "visit_rejoined":
        return this.rejoined(said.grants, now);
      case "file_over":
        return [{ kind: "file_over", ask: said.ask, reason: said.reason }];
      case "return_ticket":
        return [{ kind: "way_back", back: await readReturn(said.statement, this.start.parties) }];
      case "second_person":
        return this.show({ second: { viewOnly: said.view_only, name: said.name, company: said.company } });
      default:
        if (this.state === SessionState.ADMITTED || this.wayBack.parted) throw new PeerMisbehaved("a channel to nobody proven");
        return this.content.told(said, now);
    }
  }

  /** The host's long-term key signed the same transcript: only now is anything asked. */
  private async hostProof(said: Message<"session_identity">, now: Moment): Promise<VisitCommand[]> {
    const { hostKey, hostId } = this.start.parties;
    const proof = await open(said.statement, Label.SESSION_HOST, ed25519(hostKey), "SessionIdentityPayload");
    const meant = proof?.session_id === this.sessionId && proof.role === SessionRole.HOST && proof.subject === hostId;
    if (!meant || this.transcript === null || !equal(proof.transcript, this.transcript)) {
      return this.end(EndCause.IDENTITY_NOT_PROVEN, now);
    }
    if (this.wayBack.parted) {
      this.wayBack.hostIsProven();
      return [];
    }
    this.move(SessionEvent.IDENTITIES_PROVEN);
    this.move(SessionEvent.VIEW_ASKED);
    this.show({ phase: "asking" });
    return this.ask(Permission.VIEW, now);
  }

  // ---- asking

  /** One request at a time, and nothing that is granted already or without a view. */
  private async want(permission: Permission, file: WantedFile | null, now: Moment): Promise<VisitCommand[]> {
    const nothingToAsk = this.wayBack.parted || this.pending !== null || this.rights.has(permission) || !this.rights.has(Permission.VIEW);
    if (nothingToAsk) return [];
    if (this.shown.second.viewOnly) return this.show({ askings: [...this.shown.askings, viewOnly(permission)] });
    this.move(SessionEvent.MORE_ASKED);
    const asked = await this.ask(permission, now, file);
    return file === null ? asked : [{ kind: "file_asked", id: file.id, ask: this.asks }, ...asked];
  }

  private async ask(permission: Permission, now: Moment, wanted: WantedFile | null = null): Promise<VisitCommand[]> {
    const file = wanted?.words ?? null;
    const words = wanted?.needs ?? this.start.words;
    this.asks += 1;
    this.content.asked = this.asks;
    const key = this.entropy(32);
    this.pending = { number: this.asks, permission };
    this.show({ askings: [...this.shown.askings, { permission, answer: "open", reason: null }] });
    const wordsCommitment = await commitment(key, words);
    const ask = { number: this.asks, permission, wordsCommitment, file: file === null ? null : await fileCommitted(file) };
    return [
      await this.inner({ type: "ask_words", ask: this.asks, key, words, file }, now),
      { kind: "send", frame: await askedFrame(this.start.parties, this.start.why, ask, Math.floor(now.utc)) },
    ];
  }

  private async ledger(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const said = await hostSaid(body, this.start.parties);
    switch (said.kind) {
      case "answered":
        return [...(await this.answered(said.answered, now)), ...(await this.content.answered(said.answered.ask))];
      case "withdrawn":
        return this.withdrawn(said.withdrawn.permission, said.withdrawn.ask);
      case "ended":
        return [...this.over(said.ended.cause, now), { kind: "close" }];
    }
  }

  private async answered(answered: Answered, now: Moment): Promise<VisitCommand[]> {
    const { pending } = this;
    if (pending === null || answered.ask !== pending.number || answered.permission !== pending.permission) {
      throw new PeerMisbehaved("an answer to nothing that was asked");
    }
    this.pending = null;
    this.promises.made(answered);
    this.note(pending.permission, answered.answer, answered.reason);
    if (pending.permission === Permission.VIEW) return this.viewAnswered(answered, now);
    this.move(SessionEvent.MORE_ANSWERED);
    const bulk = BULK.has(pending.permission);
    const { ask, answer, reason } = answered;
    if (answer !== Answer.ALLOW) return bulk ? [{ kind: "file_answered", ask, answer, reason }] : [];
    await this.rights.give(pending.permission, answered.ask, now.run);
    this.show({ granted: this.rights.granted });
    const told = bulk && answered.file === null; // otherwise the words that follow say which it is
    return told ? [await this.fileGranted(pending.permission, answered.ask, null)] : [];
  }

  private async fileGranted(permission: Permission, ask: number, picked: FileWords | null): Promise<VisitCommand> {
    const start = (direction: Direction) => this.laneStart(TERMS[permission].lane, ask, direction);
    return { kind: "file_granted", ask, picked, towards: await start(Direction.TO_HOST), from: await start(Direction.TO_TECHNICIAN) };
  }

  /** The broker did not let the request through: by its rules nobody is asked. A visit without a view has nothing to go on with. */
  private async notAsked(permission: Permission, reason: Reason, now: Moment): Promise<VisitCommand[]> {
    this.pending = null;
    this.note(permission, Answer.POLICY, reason);
    if (permission !== Permission.VIEW) {
      this.move(SessionEvent.MORE_ANSWERED);
      return BULK.has(permission) ? [{ kind: "file_answered", ask: this.asks, answer: Answer.POLICY, reason }] : [];
    }
    this.show({ reason });
    return this.end(EndCause.POLICY, now);
  }

  private async viewAnswered(answered: Answered, now: Moment): Promise<VisitCommand[]> {
    if (answered.answer !== Answer.ALLOW) {
      this.move(SessionEvent.VIEW_REFUSED);
      return this.conclude(ANSWER_CAUSE[answered.answer], now);
    }
    this.move(SessionEvent.VIEW_ALLOWED);
    await this.rights.give(Permission.VIEW, answered.ask, now.run);
    this.show({ phase: "viewing", since: now.run, granted: this.rights.granted });
    return [{ kind: "screen_open", start: await this.laneStart(Lane.SCREEN, answered.ask, Direction.TO_TECHNICIAN) }];
  }

  private async words(said: Message<"answer_words">): Promise<VisitCommand[]> {
    const picked = await this.promises.kept(said);
    const live = this.rights.grantOf(Permission.FILE_FROM_HOST) === said.ask;
    return picked !== null && live ? [await this.fileGranted(Permission.FILE_FROM_HOST, said.ask, picked)] : [];
  }

  private withdrawn(permission: Permission, ask: number): VisitCommand[] {
    if (this.rights.wasLost(ask)) return [];
    if (this.rights.grantOf(permission) !== ask) throw new PeerMisbehaved("a withdrawal of nothing that was granted");
    for (const gone of this.rights.drop(permission)) if (!BULK.has(gone)) this.note(gone, "withdrawn", null);
    this.show({ granted: this.rights.granted });
    if (permission !== Permission.VIEW) return [];
    this.show({ phase: "paused" });
    return [{ kind: "screen_close" }];
  }

  // ---- what is told of the screen

  private noticed(notice: Notice): VisitCommand[] {
    if (WITHOUT_PICTURE.has(notice)) this.show({ notice, phase: this.viewingOr("paused") });
    else if (notice === Notice.SCREEN_RESUMED) this.show({ notice: null, phase: this.viewingOr("viewing") });
    else this.show({ notice: notice === Notice.PROMPT_GONE ? null : notice });
    return [];
  }

  private viewingOr(phase: Phase): Phase {
    return this.state === SessionState.VIEWING ? phase : this.shown.phase;
  }

  // ---- what the two people write

  private chatStands(reason: Reason | null): VisitCommand[] {
    this.chat?.stands(reason);
    return this.shownChat(null);
  }

  private async written(text: string, now: Moment): Promise<VisitCommand[]> {
    return this.shownChat((await this.chat?.say(text, now.run)) ?? null);
  }

  private shownChat(body: Bytes | null): VisitCommand[] {
    this.show({ chat: this.chat?.view ?? NO_CHAT });
    return body === null ? [] : [sealedFrame(body)];
  }

  private async heard(header: RecordHeader, sealed: Bytes): Promise<VisitCommand[]> {
    if (this.chat === null) throw new PeerMisbehaved("a message before the seals");
    await this.chat.heard(header, sealed);
    return this.shownChat(null);
  }

  // ---- a line that was cut

  /** What was granted waits for both ends; nothing is said or heard until they are proven anew. */
  private part(): VisitCommand[] {
    this.wayBack.cut();
    this.sealer = null;
    this.opener = null;
    this.rights.rest(this.pending?.number ?? null);
    const closed = this.content.rest();
    this.chat?.rest();
    if (this.pending !== null) this.note(this.pending.permission, Answer.NO_ANSWER, null);
    this.pending = null;
    this.show({ phase: "reconnecting", notice: null });
    return [...closed, { kind: "reconnect_wanted" }];
  }

  private reopen(socketPass: Bytes): VisitCommand[] {
    if (!this.wayBack.parted) return [];
    this.wayBack.socketPass = socketPass;
    return [{ kind: "reopen" }];
  }

  private async renewing(body: Bytes, now: Moment): Promise<VisitCommand[]> {
    const { secret, transcript } = this;
    const before = secret === null || transcript === null ? null : { secret, transcript };
    const renewed = await this.wayBack.renewing(body, before, this.entropy);
    return "ground" in renewed ? this.prove(renewed.ground, now) : [{ kind: "send", frame: renewed.frame }];
  }

  /** Both ends are back: what still stands goes on. */
  private async rejoined(grants: readonly number[], now: Moment): Promise<VisitCommand[]> {
    this.wayBack.rejoined();
    await this.chat?.renew(this.lanes, now.run);
    for (const gone of await this.rights.renew(grants, now.run)) this.note(gone, "withdrawn", null);
    const view = this.rights.grantOf(Permission.VIEW);
    this.show({ phase: view === undefined ? "paused" : "viewing", granted: this.rights.granted });
    const told: VisitCommand[] = [];
    for (const ask of grants.filter((each) => this.rights.wasLost(each))) told.push(await this.inner({ type: "answer_lost", ask }, now));
    if (view === undefined) return told;
    return [...told, { kind: "screen_open", start: await this.laneStart(Lane.SCREEN, view, Direction.TO_TECHNICIAN) }];
  }

  // ---- the end

  private async end(cause: EndCause, now: Moment): Promise<VisitCommand[]> {
    const narrowed = this.over(cause, now);
    const { parties } = this.start;
    return [...narrowed, { kind: "send", frame: await endedFrame(parties, cause, Math.floor(now.utc)) }, { kind: "close" }];
  }

  private over(cause: EndCause, now: Moment): VisitCommand[] {
    this.move(SessionEvent.ENDED);
    return [...this.conclude(cause, now), { kind: "screen_close" }];
  }

  private conclude(cause: EndCause, now: Moment): VisitCommand[] {
    this.secret?.bytes.fill(0);
    this.secret = null;
    this.sealer = null;
    this.opener = null;
    this.rights.clear();
    this.chat = null;
    this.show({ phase: "ended", cause, chat: NO_CHAT, granted: [], notice: null, until: now.run });
    return this.content.rest();
  }

  private move(event: SessionEvent): void {
    const next = advance(this.state, event);
    if (next === null) throw new PeerMisbehaved("a step out of order");
    this.state = next;
  }

  private note(permission: Permission, answer: Asking["answer"], reason: Reason | null): void {
    const at = this.shown.askings.findLastIndex((asking) => asking.permission === permission);
    this.show({ askings: this.shown.askings.with(at, { permission, answer, reason }) });
  }

  private show(change: Partial<VisitView>): VisitCommand[] {
    this.shown = { ...this.shown, ...change };
    return [];
  }

  private get sessionId(): string {
    return this.start.parties.sessionId;
  }
}
