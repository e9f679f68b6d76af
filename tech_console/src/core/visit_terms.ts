// What goes into a visit and what comes out of it: the words that core/visit.ts and whoever drives it share.

import { Answer, EndCause, FrameKind, Notice, Reason, type DirectCause, type DirectDescription, type FileWords, type Message, type Permission } from "../wire.gen";
import type { Bytes } from "./bytes";
import type { Carrier } from "./carriage";
import type { ChatView } from "./chat";
import type { OwnEnd } from "./direct";
import { encodeFrame, type RecordHeader } from "./frames";
import type { Deed } from "./input";
import type { LedgerParties, Why } from "./ledger";
import type { LaneStart } from "./records";
import type { Back } from "./returning";
import { encode } from "./schema";

/** Everything a visit is bound to from its first moment. */
export interface VisitStart {
  readonly parties: LedgerParties;
  readonly brokerId: string;
  readonly ticket: string;
  readonly socketPass: Bytes;
  readonly why: Why;
  readonly words: string;
  readonly secondHalf: string;
}

/** One reading of both clocks: seconds UTC for signatures, seconds of a clock that never jumps for durations. */
export interface Moment {
  readonly utc: number;
  readonly run: number;
}

/** A file that is to be sent, or (`words` null) what the technician `needs` from the host, in his own words; `id` is the page's own number. */
export interface WantedFile {
  readonly id: number;
  readonly words: FileWords | null;
  readonly needs?: string;
}

/** What happens to the channel straight to the host; `attempt` is the try that it belongs to. */
export type DirectEvent =
  | { readonly kind: "described"; readonly attempt: number; readonly own: OwnEnd }
  | { readonly kind: "opened"; readonly attempt: number } // and whom we found there is who was offered
  | { readonly kind: "messages"; readonly attempt: number; readonly messages: readonly Bytes[] }
  | { readonly kind: "failed"; readonly attempt: number; readonly cause: DirectCause }
  | { readonly kind: "drained" } // nothing waits for the visit's socket any more
  | { readonly kind: "tick"; readonly seconds: number };

export type VisitEvent =
  | { readonly kind: "socket_opened" }
  | { readonly kind: "socket_closed" }
  | { readonly kind: "frame"; readonly data: Bytes }
  | { readonly kind: "reconnect_offered"; readonly socketPass: Bytes }
  | { readonly kind: "reconnect_over" }
  | { readonly kind: "half_typed"; readonly half: string }
  | { readonly kind: "wanted"; readonly permission: Permission; readonly file?: WantedFile }
  | { readonly kind: "file_over"; readonly ask: number; readonly reason: Reason | null }
  | { readonly kind: "bulk_wanted" }
  | { readonly kind: "say"; readonly permission: Permission; readonly plain: Bytes }
  | { readonly kind: "deeds"; readonly deeds: readonly Deed[] }
  | { readonly kind: "drawn"; readonly frame: number; readonly boot: number; readonly worked: number }
  | { readonly kind: "screen_fault" }
  | { readonly kind: "still_here" }
  | { readonly kind: "written"; readonly text: string }
  | { readonly kind: "direct"; readonly happened: DirectEvent }
  | { readonly kind: "end_wanted"; readonly cause: EndCause };

export type VisitCommand =
  | { readonly kind: "send"; readonly frame: Bytes }
  | { readonly kind: "close" }
  | { readonly kind: "reconnect_wanted" } // the line was cut: ask the broker for a pass
  | { readonly kind: "reopen" } // and open the visit's socket with it
  | { readonly kind: "file_asked"; readonly id: number; readonly ask: number }
  | { readonly kind: "file_answered"; readonly ask: number; readonly answer: Answer; readonly reason: Reason | null }
  | { readonly kind: "file_granted"; readonly ask: number; readonly towards: LaneStart; readonly from: LaneStart; readonly picked: FileWords | null }
  | { readonly kind: "file_over"; readonly ask: number; readonly reason: Reason | null }
  | { readonly kind: "bulk_offered"; readonly pass: Bytes }
  | { readonly kind: "way_back"; readonly back: Back } // the PC is about to restart
  | { readonly kind: "direct_open"; readonly offer: DirectDescription }
  | { readonly kind: "direct_send"; readonly data: Bytes }
  | { readonly kind: "direct_close" }
  | { readonly kind: "relay_drain" } // say when nothing waits for the visit's socket any more
  | { readonly kind: "received"; readonly permission: Permission; readonly plain: Bytes }
  | { readonly kind: "screen_open"; readonly start: LaneStart }
  | { readonly kind: "screen_record"; readonly header: RecordHeader; readonly sealed: Bytes }
  | { readonly kind: "screen_close" };

/** Where the technician stands; `visit-<value>` in the catalogues. */
export type Phase = "opening" | "waiting" | "agreeing" | "retype" | "proving" | "asking" | "viewing" | "paused" | "reconnecting" | "ended";

/** One request and what became of it. */
export interface Asking {
  readonly permission: Permission;
  readonly answer: Answer | "open" | "withdrawn";
  readonly reason: Reason | null;
}

/** Who else sees the screen: for a technician who watches him (an empty name: nobody), for somebody who may only watch, whom. */
export interface SecondView {
  readonly viewOnly: boolean;
  readonly name: string;
  readonly company: string;
}

export const NO_SECOND: SecondView = { viewOnly: false, name: "", company: "" };

/** Somebody who only watches asked for more: nothing of it leaves this page. */
export function viewOnly(permission: Permission): Asking {
  return { permission, answer: Answer.POLICY, reason: Reason.VIEW_ONLY };
}

/** What a page shows of a visit. */
export interface VisitView {
  readonly phase: Phase;
  readonly runsLeft: number | null;
  readonly askings: readonly Asking[];
  readonly granted: readonly Permission[];
  readonly notice: Notice | null;
  readonly chat: ChatView;
  readonly second: SecondView;
  /** None until the host offers another carrier than the relay. */
  readonly carrier: Carrier | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly cause: EndCause | null;
  readonly reason: Reason | null;
}

/** A request that waits for its answer. */
export interface Pending {
  readonly number: number;
  readonly permission: Permission;
}

/** What the end of a visit is called when view is not given. */
export const ANSWER_CAUSE: Readonly<Record<Answer, EndCause>> = {
  [Answer.ALLOW]: EndCause.HOST_ENDED,
  [Answer.REFUSE]: EndCause.REFUSED,
  [Answer.NO_ANSWER]: EndCause.NO_ANSWER,
  [Answer.POLICY]: EndCause.POLICY,
};

/** What the host tells when there is nothing to see for now. */
export const WITHOUT_PICTURE: ReadonlySet<Notice> = new Set([
  Notice.SCREEN_PAUSED, Notice.NO_SCREEN, Notice.SUSPENDED, Notice.PAUSED_BY_PERSON, Notice.SCREEN_LOCKED, Notice.SESSION_AWAY, Notice.MASK_NOT_PLACED,
]);

/** What says something to the broker. */
export function controlSaid(message: Message): VisitCommand {
  return { kind: "send", frame: encodeFrame(FrameKind.CONTROL, encode(message)) };
}

/** What puts a sealed record on the socket. */
export function sealedFrame(body: Bytes): VisitCommand {
  return { kind: "send", frame: encodeFrame(FrameKind.SEALED, body) };
}
