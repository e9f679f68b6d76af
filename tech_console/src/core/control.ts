// The control socket's opening at the console, without the socket: the broker sends what signed documents we lack and proves
// itself by them, then the device does (wire/messages/presence.py has the order). A broker that they do not name gets no
// signature of ours, and documents that do not stand end the socket.

import {
  EndRole,
  FrameKind,
  Label,
  LIMITS,
  Reason,
  type BrokerHello,
  type DocumentsPiece,
  type Instrument,
  type ListedHost,
  type LogDoubted,
  type Message,
  type Statement,
} from "../wire.gen";
import { equal, PeerMisbehaved, type Bytes } from "./bytes";
import type { Documents, Instant } from "./documents/documents";
import { Gathering } from "./documents/gathering";
import { DocumentRefused, type Fault } from "./documents/refused";
import { listedHost, type View } from "./documents/view";
import { encodeFrame, splitFrame } from "./frames";
import { Doubted, follow, type Held } from "./heads";
import { decode, encode } from "./schema";
import { ed25519, open, sign } from "./statements";

/** Who opens the socket, and what it trusts. */
export interface ControlTrust {
  readonly technicianId: string;
  readonly deviceKey: CryptoKey;
  readonly documents: Documents;
}

/** Why this broker is not talked to; `control-<value>` in the catalogues. */
export type Distrust = "version" | "no-documents" | `documents-${Fault}` | "broker-unproven";

/** What the shell has to do, or to tell. */
export type ControlCommand =
  | { readonly kind: "send"; readonly frame: Bytes }
  | { readonly kind: "documents" } // newer ones were taken: keep their files before anything else is heard
  | { readonly kind: "welcome"; readonly brokerId: string }
  | { readonly kind: "log_held"; readonly held: Held }
  | { readonly kind: "log_doubted"; readonly doubted: LogDoubted } // keep it before the broker is told
  | { readonly kind: "instruments"; readonly items: readonly Instrument[] }
  | { readonly kind: "admitted"; readonly admitted: Message<"ticket_admitted">; readonly to: Listing | null }
  | { readonly kind: "reconnect_offered"; readonly offered: Message<"reconnect_offered"> }
  | { readonly kind: "call_queued"; readonly hostId: string; readonly shown: boolean }
  | { readonly kind: "session_over"; readonly over: Message<"session_over"> }
  | { readonly kind: "refused"; readonly about: string; readonly reason: Reason }
  | { readonly kind: "distrust"; readonly why: Distrust };

/** What the signed documents say of the host that we are let in to, and the broker it is reached through. */
export interface Listing {
  readonly host: ListedHost;
  readonly brokerId: string;
}

type Stage = "hello" | "proof" | "open";
const ONCE_OPEN = ["instruments", "ticket_admitted", "reconnect_offered", "call_queued", "session_over", "head"] as const;
/** What may be heard at any time. */
type Anytime = Message<"documents_piece" | "refused">;
const ANYTIME = ["documents_piece", "refused"] as const;

/** One control socket, from its opening on. Calls must not overlap. */
export class ControlOpening {
  private readonly trust: ControlTrust;
  private readonly nonce: Bytes;
  private readonly gathering = new Gathering();
  private stage: Stage = "hello";
  private proven: View | null = null;
  /** What was held when a head was asked for: its proof begins there. */
  private asked: { readonly held: Held | null } | null = null;

  /** `nonce` is 32 fresh random bytes. */
  constructor(trust: ControlTrust, nonce: Bytes) {
    this.trust = trust;
    this.nonce = nonce;
  }

  /** The first frame to send. */
  begin(): ControlCommand[] {
    const hello = {
      type: "hello",
      version: LIMITS.PROTOCOL_VERSION,
      role: EndRole.CONSOLE,
      subject: this.trust.technicianId,
      nonce: this.nonce,
      vendor_holds: this.trust.documents.holds(),
      site_holds: [], // a site's own documents are between the site and its hosts
    } as const;
    return [send(hello)];
  }

  /** Take one frame. Throws PeerMisbehaved. */
  async handle(data: Bytes, now: Instant): Promise<ControlCommand[]> {
    const frame = splitFrame(data);
    if (frame.kind !== FrameKind.CONTROL) throw new PeerMisbehaved("not a control frame");
    if (this.stage === "hello") return this.beforeProof(decode(frame.body, "broker_hello", ...ANYTIME), now);
    if (this.stage === "proof") return this.beforeWelcome(decode(frame.body, "welcome", ...ANYTIME), now);
    return this.told(decode(frame.body, ...ONCE_OPEN, ...ANYTIME), now);
  }

  /** Ask where the broker's log stands. `held` is what was kept of it. One question at a time, and none before the welcome. */
  wantHead(held: Held | null): ControlCommand[] {
    if (this.stage !== "open" || this.asked !== null) return [];
    this.asked = { held };
    return [send({ type: "head_wanted", known: held?.checkpoint.size ?? 0, session_id: "" })];
  }

  private async anytime(said: Anytime, now: Instant): Promise<ControlCommand[]> {
    return said.type === "refused" ? [{ kind: "refused", about: said.about, reason: said.reason }] : this.gathered(said, now);
  }

  /** A piece of a bundle; with the last one the documents are verified, and count from then on. */
  private async gathered(piece: DocumentsPiece, now: Instant): Promise<ControlCommand[]> {
    const { documents } = this.trust;
    try {
      const bundle = this.gathering.add(piece);
      if (bundle === null) return [];
      const verdict = await documents.accept(bundle, now, bundle.site);
      if (verdict.kind === "bad") return [distrust(`documents-${verdict.why}`)];
      if (!verdict.changed) return [];
    } catch (fault) {
      if (fault instanceof DocumentRefused) return [distrust(`documents-${fault.why}`)];
      throw fault;
    }
    return this.sameBroker(await documents.view(now)) ? [{ kind: "documents" }] : [{ kind: "documents" }, distrust("broker-unproven")];
  }

  /** Whoever proved itself with a key that is not listed any more has to prove itself again. */
  private sameBroker(view: View | null): boolean {
    if (this.proven === null || view === null) return true;
    return view.broker.id === this.proven.broker.id && equal(view.broker.key, this.proven.broker.key);
  }

  private async beforeProof(said: Message<"broker_hello"> | Anytime, now: Instant): Promise<ControlCommand[]> {
    if (said.type !== "broker_hello") return this.anytime(said, now);
    if (said.version !== LIMITS.PROTOCOL_VERSION) return [distrust("version")];
    const { documents } = this.trust;
    const view = await documents.view(now);
    if (view === null) return [distrust(documents.files.size === 0 ? "no-documents" : "documents-stale")];
    const proof = await this.proof(said, view);
    if (proof === null) return [distrust("broker-unproven")];
    this.proven = view;
    this.stage = "proof";
    return [send({ type: "end_proof", statement: proof })];
  }

  /** 1 signed by the broker that the documents name, 2 for this socket and us, 3 then and only then our own signature. */
  private async proof(said: BrokerHello, { broker }: View): Promise<Statement | null> {
    const hello = await open(said.statement, Label.BROKER_HELLO, ed25519(broker.key), "BrokerHelloPayload");
    if (hello === null || hello.broker_id !== broker.id) return null;
    const meant = hello.role === EndRole.CONSOLE && hello.subject === this.trust.technicianId;
    if (!meant || !equal(hello.end_nonce, this.nonce)) return null;
    return sign(this.trust.deviceKey, Label.DEVICE_HELLO, "EndProofPayload", {
      subject: this.trust.technicianId,
      broker_id: hello.broker_id,
      broker_nonce: hello.broker_nonce,
      end_nonce: this.nonce,
    });
  }

  private async beforeWelcome(said: Message<"welcome"> | Anytime, now: Instant): Promise<ControlCommand[]> {
    if (said.type !== "welcome") return this.anytime(said, now);
    const brokerId = this.proven?.broker.id;
    if (brokerId === undefined) throw new PeerMisbehaved("welcomed by nobody");
    this.stage = "open";
    return [{ kind: "welcome", brokerId }];
  }

  private async told(
    said: Message<(typeof ONCE_OPEN)[number]> | Anytime,
    now: Instant,
  ): Promise<ControlCommand[]> {
    switch (said.type) {
      case "instruments":
        return [{ kind: "instruments", items: said.items }];
      case "ticket_admitted":
        return [{ kind: "admitted", admitted: said, to: await this.listing(said.host_id, now) }];
      case "reconnect_offered":
        return [{ kind: "reconnect_offered", offered: said }];
      case "call_queued":
        return [{ kind: "call_queued", hostId: said.host_id, shown: said.shown }];
      case "session_over": // a visit can end before its own socket is open
        return [{ kind: "session_over", over: said }];
      case "head":
        return this.shown(said);
      default:
        return this.anytime(said, now);
    }
  }

  /** Where the broker's log stands, signed with the key that it has proven. What does not fit is told to it as well. */
  private async shown(head: Message<"head">): Promise<ControlCommand[]> {
    const { asked, proven } = this;
    if (asked === null || proven === null || head.session_id !== "" || head.end !== null) throw new PeerMisbehaved("a head that nobody wanted");
    this.asked = null;
    try {
      return [{ kind: "log_held", held: await follow(asked.held, head, "broker", proven.broker.key) }];
    } catch (fault) {
      if (!(fault instanceof Doubted)) throw fault;
      const doubted = { doubt: fault.doubt, held: asked.held?.note ?? "", given: head.note };
      return [{ kind: "log_doubted", doubted }, send({ type: "log_doubted", ...doubted })];
    }
  }

  /** The host's name and key come from the documents of its site, which the broker sends before it lets us in. */
  private async listing(hostId: string, now: Instant): Promise<Listing | null> {
    const view = await this.trust.documents.view(now);
    const host = view === null ? null : listedHost(view, hostId);
    return view === null || host === null ? null : { host, brokerId: view.broker.id };
  }
}

function distrust(why: Distrust): ControlCommand {
  return { kind: "distrust", why };
}

function send(message: Message): ControlCommand {
  return { kind: "send", frame: controlFrame(message) };
}

/** A message as a frame between this end and the broker. */
export function controlFrame(message: Message): Bytes {
  return encodeFrame(FrameKind.CONTROL, encode(message));
}
