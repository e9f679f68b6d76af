// The control socket's opening at the console, without the socket: the broker proves itself first, then the device does
// (wire/messages/presence.py has the order). A broker that is not the directory's gets no signature of ours.

import {
  EndRole,
  FrameKind,
  Label,
  LIMITS,
  Reason,
  type BrokerHello,
  type Directory,
  type Instrument,
  type Message,
  type Statement,
} from "../wire.gen";
import { equal, PeerMisbehaved, type Bytes } from "./bytes";
import { checkDirectory } from "./directory";
import { encodeFrame, splitFrame } from "./frames";
import { decode, encode } from "./schema";
import { ed25519, open, sign } from "./statements";

/** Who opens the socket, and what it trusts. */
export interface ControlTrust {
  readonly technicianId: string;
  readonly deviceKey: CryptoKey;
  readonly pinned: Bytes;
  readonly highestVersion: number;
}

/** Why this broker is not talked to; `control-<value>` in the catalogues. */
export type Distrust = "version" | "no-directory" | "directory-signature" | "directory-older" | "directory-expired" | "broker-unproven";

/** What the shell has to do, or to tell. */
export type ControlCommand =
  | { readonly kind: "send"; readonly frame: Bytes }
  | { readonly kind: "directory"; readonly directory: Directory }
  | { readonly kind: "welcome" }
  | { readonly kind: "instruments"; readonly items: readonly Instrument[] }
  | { readonly kind: "admitted"; readonly admitted: Message<"ticket_admitted"> }
  | { readonly kind: "call_queued"; readonly hostId: string; readonly shown: boolean }
  | { readonly kind: "session_over"; readonly over: Message<"session_over"> }
  | { readonly kind: "refused"; readonly about: string; readonly reason: Reason }
  | { readonly kind: "distrust"; readonly why: Distrust };

type Stage = "hello" | "proof" | "open";

/** One control socket, from its opening on. Calls must not overlap. */
export class ControlOpening {
  private readonly trust: ControlTrust;
  private readonly nonce: Bytes;
  private stage: Stage = "hello";
  private directory: Directory | null = null;
  private highest: number;

  /** `nonce` is 32 fresh random bytes. */
  constructor(trust: ControlTrust, nonce: Bytes) {
    this.trust = trust;
    this.nonce = nonce;
    this.highest = trust.highestVersion;
  }

  /** The first frame to send. */
  begin(): ControlCommand[] {
    const hello = {
      type: "hello",
      version: LIMITS.PROTOCOL_VERSION,
      role: EndRole.CONSOLE,
      subject: this.trust.technicianId,
      nonce: this.nonce,
    } as const;
    return [send(hello)];
  }

  /** Take one frame; `now` is seconds UTC. Throws PeerMisbehaved. */
  async handle(data: Bytes, now: number): Promise<ControlCommand[]> {
    const frame = splitFrame(data);
    if (frame.kind !== FrameKind.CONTROL) throw new PeerMisbehaved("not a control frame");
    if (this.stage === "hello") return this.brokerHello(decode(frame.body, "broker_hello", "refused"), now);
    if (this.stage === "proof") return this.proven(decode(frame.body, "welcome", "refused"));
    return this.told(decode(frame.body, "instruments", "ticket_admitted", "call_queued", "session_over", "refused", "directory_changed"), now);
  }

  private async brokerHello(said: Message<"broker_hello"> | Message<"refused">, now: number): Promise<ControlCommand[]> {
    if (said.type === "refused") return [refusal(said)];
    if (said.version !== LIMITS.PROTOCOL_VERSION) return [{ kind: "distrust", why: "version" }];
    if (said.directory === null) return [{ kind: "distrust", why: "no-directory" }];
    const news = await this.learn(said.directory, now);
    if (this.directory === null) return news;
    const proof = await this.proof(said, this.directory);
    if (proof === null) return [...news, { kind: "distrust", why: "broker-unproven" }];
    this.stage = "proof";
    return [...news, send({ type: "end_proof", statement: proof })];
  }

  /** 1 signed by the broker that the directory lists, 2 for this socket and us, 3 then and only then our own signature. */
  private async proof(said: BrokerHello, directory: Directory): Promise<Statement | null> {
    const by = ed25519(directory.broker.key);
    const hello = await open(said.statement, Label.BROKER_HELLO, by, "BrokerHelloPayload");
    if (hello === null || hello.broker_id !== directory.broker.id) return null;
    const meant = hello.role === EndRole.CONSOLE && hello.subject === this.trust.technicianId;
    if (!meant || !equal(hello.end_nonce, this.nonce)) return null;
    return sign(this.trust.deviceKey, Label.DEVICE_HELLO, "EndProofPayload", {
      subject: this.trust.technicianId,
      broker_id: hello.broker_id,
      broker_nonce: hello.broker_nonce,
      end_nonce: this.nonce,
    });
  }

  private proven(said: Message<"welcome"> | Message<"refused">): ControlCommand[] {
    if (said.type === "refused") return [refusal(said)];
    this.stage = "open";
    return [{ kind: "welcome" }];
  }

  private async told(
    said: Message<"instruments" | "ticket_admitted" | "call_queued" | "session_over" | "refused" | "directory_changed">,
    now: number,
  ): Promise<ControlCommand[]> {
    switch (said.type) {
      case "instruments":
        return [{ kind: "instruments", items: said.items }];
      case "ticket_admitted":
        return [{ kind: "admitted", admitted: said }];
      case "call_queued":
        return [{ kind: "call_queued", hostId: said.host_id, shown: said.shown }];
      case "session_over": // a visit can end before its own socket is open
        return [{ kind: "session_over", over: said }];
      case "refused":
        return [refusal(said)];
      case "directory_changed":
        return this.learn(said.directory, now);
    }
  }

  private async learn(statement: Statement, now: number): Promise<ControlCommand[]> {
    const verdict = await checkDirectory(statement, this.trust.pinned, this.highest, now);
    if (verdict.kind === "bad") return [{ kind: "distrust", why: `directory-${verdict.why}` }];
    this.highest = verdict.directory.version;
    this.directory = verdict.directory;
    return [{ kind: "directory", directory: verdict.directory }];
  }
}

function refusal(said: Message<"refused">): ControlCommand {
  return { kind: "refused", about: said.about, reason: said.reason };
}

function send(message: Message): ControlCommand {
  return { kind: "send", frame: controlFrame(message) };
}

/** A message as a frame between this end and the broker. */
export function controlFrame(message: Message): Bytes {
  return encodeFrame(FrameKind.CONTROL, encode(message));
}
