// What the technician asks for, one request at a time, and what becomes of it: the person's answer, the broker's refusal, a right that is
// taken back. What passes under a right that was given is in content.ts.

import { Answer, Direction, EndCause, Lane, Permission, SessionEvent, TERMS } from "../wire.gen";
import type { Answered, FileWords, Message, Reason } from "../wire.gen";
import { PeerMisbehaved, type Bytes } from "./bytes";
import type { Content } from "./content";
import { askedFrame, commitment, fileCommitted } from "./ledger";
import { Promises } from "./promises";
import { BULK, type Rights } from "./rights";
import type { Seals } from "./seals";
import type { Standing } from "./standing";
import { ANSWER_CAUSE, viewOnly } from "./visit_terms";
import type { Moment, Pending, VisitCommand, VisitStart, WantedFile } from "./visit_terms";

/** What a request needs of its visit. */
export interface Around {
  readonly start: VisitStart;
  readonly standing: Standing;
  readonly seals: Seals;
  readonly rights: Rights;
  readonly content: Content;
  readonly entropy: (size: number) => Bytes;
  /** The table has ended the visit: let go of everything. */
  readonly conclude: (cause: EndCause, now: Moment) => VisitCommand[];
  /** This side ends it. */
  readonly end: (cause: EndCause, now: Moment) => Promise<VisitCommand[]>;
}

/** The requests of one visit. */
export class Requests {
  private readonly around: Around;
  private readonly promises = new Promises();
  private asks = 0;
  private waiting: Pending | null = null;

  constructor(around: Around) {
    this.around = around;
  }

  /** The request that waits for its answer. */
  get pending(): Pending | null {
    return this.waiting;
  }

  /** Nothing that is granted already, and nothing without a view. */
  async want(permission: Permission, file: WantedFile | null, now: Moment): Promise<VisitCommand[]> {
    const { rights, standing } = this.around;
    if (this.waiting !== null || rights.has(permission) || !rights.has(Permission.VIEW)) return [];
    if (standing.view.second.viewOnly) return standing.add(viewOnly(permission));
    standing.move(SessionEvent.MORE_ASKED);
    const asked = await this.ask(permission, now, file);
    return file === null ? asked : [{ kind: "file_asked", id: file.id, ask: this.asks }, ...asked];
  }

  /** Ask: the words inside the seals, the rest signed and in clear. */
  async ask(permission: Permission, now: Moment, wanted: WantedFile | null = null): Promise<VisitCommand[]> {
    const { start, standing, seals, content } = this.around;
    const file = wanted?.words ?? null;
    const words = wanted?.needs ?? start.words;
    this.asks += 1;
    content.asked = this.asks;
    const key = this.around.entropy(32);
    this.waiting = { number: this.asks, permission };
    standing.add({ permission, answer: "open", reason: null });
    const wordsCommitment = await commitment(key, words);
    const ask = { number: this.asks, permission, wordsCommitment, file: file === null ? null : await fileCommitted(file) };
    return [
      await seals.say({ type: "ask_words", ask: this.asks, key, words, file }, now),
      { kind: "send", frame: await askedFrame(start.parties, start.why, ask, Math.floor(now.utc)) },
    ];
  }

  /** The host signed an answer. Throws PeerMisbehaved for one to nothing that was asked. */
  async answered(answered: Answered, now: Moment): Promise<VisitCommand[]> {
    return [...(await this.taken(answered, now)), ...(await this.around.content.answered(answered.ask))];
  }

  private async taken(answered: Answered, now: Moment): Promise<VisitCommand[]> {
    const { waiting } = this;
    const { rights, standing } = this.around;
    if (waiting === null || answered.ask !== waiting.number || answered.permission !== waiting.permission) {
      throw new PeerMisbehaved("an answer to nothing that was asked");
    }
    this.waiting = null;
    this.promises.made(answered);
    standing.note(waiting.permission, answered.answer, answered.reason);
    if (waiting.permission === Permission.VIEW) return this.viewAnswered(answered, now);
    standing.move(SessionEvent.MORE_ANSWERED);
    const bulk = BULK.has(waiting.permission);
    const { ask, answer, reason } = answered;
    if (answer !== Answer.ALLOW) return bulk ? [{ kind: "file_answered", ask, answer, reason }] : [];
    await rights.give(waiting.permission, ask, now.run);
    standing.show({ granted: rights.granted });
    const told = bulk && answered.file === null; // otherwise the words that follow say which it is
    return told ? [await this.fileGranted(waiting.permission, ask, null)] : [];
  }

  private async viewAnswered(answered: Answered, now: Moment): Promise<VisitCommand[]> {
    const { rights, standing, seals } = this.around;
    if (answered.answer !== Answer.ALLOW) {
      standing.move(SessionEvent.VIEW_REFUSED);
      return this.around.conclude(ANSWER_CAUSE[answered.answer], now);
    }
    standing.move(SessionEvent.VIEW_ALLOWED);
    await rights.give(Permission.VIEW, answered.ask, now.run);
    standing.show({ phase: "viewing", since: now.run, granted: rights.granted });
    return [{ kind: "screen_open", start: await seals.lanes(Lane.SCREEN, answered.ask, Direction.TO_TECHNICIAN) }];
  }

  private async fileGranted(permission: Permission, ask: number, picked: FileWords | null): Promise<VisitCommand> {
    const start = (direction: Direction) => this.around.seals.lanes(TERMS[permission].lane, ask, direction);
    return { kind: "file_granted", ask, picked, towards: await start(Direction.TO_HOST), from: await start(Direction.TO_TECHNICIAN) };
  }

  /** Both ends are back: other keys for each file that still stands. */
  async filesAnew(): Promise<VisitCommand[]> {
    const { rights } = this.around;
    const files = rights.granted.filter((each) => BULK.has(each));
    return Promise.all(files.map((each) => this.fileGranted(each, rights.grantOf(each) ?? 0, null)));
  }

  /** The words of an answer: the file that the person picked, if one was. Throws PeerMisbehaved for what was not committed to. */
  async words(said: Message<"answer_words">): Promise<VisitCommand[]> {
    const picked = await this.promises.kept(said);
    const live = this.around.rights.grantOf(Permission.FILE_FROM_HOST) === said.ask;
    return picked !== null && live ? [await this.fileGranted(Permission.FILE_FROM_HOST, said.ask, picked)] : [];
  }

  /** The broker did not let the request through: by its rules nobody is asked. A visit without a view has nothing to go on with. */
  async notAsked({ permission }: Pending, reason: Reason, now: Moment): Promise<VisitCommand[]> {
    const { standing } = this.around;
    this.waiting = null;
    standing.note(permission, Answer.POLICY, reason);
    if (permission !== Permission.VIEW) {
      standing.move(SessionEvent.MORE_ANSWERED);
      return BULK.has(permission) ? [{ kind: "file_answered", ask: this.asks, answer: Answer.POLICY, reason }] : [];
    }
    standing.show({ reason });
    return this.around.end(EndCause.POLICY, now);
  }

  /** The host took a right back, and what rests on it. Throws PeerMisbehaved for what was never granted. */
  withdrawn(permission: Permission, ask: number): VisitCommand[] {
    const { rights, standing } = this.around;
    if (rights.wasLost(ask)) return [];
    if (rights.grantOf(permission) !== ask) throw new PeerMisbehaved("a withdrawal of nothing that was granted");
    for (const gone of rights.drop(permission)) if (!BULK.has(gone)) standing.note(gone, "withdrawn", null);
    standing.show({ granted: rights.granted });
    if (permission !== Permission.VIEW) return [];
    standing.show({ phase: "paused" });
    return [{ kind: "screen_close" }];
  }

  /** The line is cut: what was granted waits, and what was asked has no answer any more. */
  rest(): void {
    const { waiting } = this;
    this.around.rights.rest(waiting?.number ?? null);
    if (waiting !== null) this.around.standing.note(waiting.permission, Answer.NO_ANSWER, null);
    this.waiting = null;
  }
}
