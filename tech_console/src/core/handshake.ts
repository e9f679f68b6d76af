// The console's part of the handshake frames (wire/messages/handshake.py has the order). What was typed serves one run
// and is forgotten with it: after a failed run the technician types the half again (docs/protocol.md, section 3).

import { FrameKind, LIMITS, SUITE_V1, type Message } from "../wire.gen";
import { ConsoleRun, type Agreed, type Channel, type Opening } from "./agreement";
import { PeerMisbehaved, type Bytes } from "./bytes";
import { encodeFrame } from "./frames";
import { decode, encode } from "./schema";

/** What a step of the handshake came to. */
export type Step =
  | { readonly kind: "send"; readonly frame: Bytes }
  | { readonly kind: "wait" }
  | { readonly kind: "type_again" }
  | { readonly kind: "failed"; readonly runsLeft: number }
  | { readonly kind: "agreed"; readonly agreed: Agreed }
  | { readonly kind: "host_unproven" };

const WAIT: Step = { kind: "wait" };

/** All runs of one session, in order. Calls must not overlap. */
export class Handshake {
  private readonly sessionId: string;
  private readonly channel: Channel;
  private readonly entropy: (size: number) => Bytes;
  private half: string | null;
  private number = 0;
  private run: ConsoleRun | null = null;
  private waiting: Message<"agreement_open"> | null = null;

  constructor(sessionId: string, channel: Channel, half: string, entropy: (size: number) => Bytes) {
    this.sessionId = sessionId;
    this.channel = channel;
    this.half = half;
    this.entropy = entropy;
  }

  /** Take one handshake message. Throws PeerMisbehaved. */
  async handle(body: Bytes): Promise<Step> {
    const said = decode(body, "agreement_open", "host_share", "host_tag", "agreement_failed");
    if (said.type === "agreement_open") return this.opened(said);
    if (said.run !== this.number) throw new PeerMisbehaved("a message of another run");
    if (said.type === "agreement_failed") return this.failed(said.runs_left);
    if (this.run === null) throw new PeerMisbehaved("a run that has not begun");
    if (said.type === "host_tag") return this.tagged(this.run, said.tag);
    const tag = await this.run.confirm(said.share);
    return sending({ type: "console_tag", run: this.number, tag });
  }

  /** The half was typed again. */
  async typed(half: string): Promise<Step> {
    this.half = half;
    return this.waiting === null ? WAIT : this.begin(this.waiting, half);
  }

  private async opened(said: Message<"agreement_open">): Promise<Step> {
    if (this.run !== null || said.run !== this.number + 1 || said.run > LIMITS.AGREEMENT_RUNS) {
      throw new PeerMisbehaved("a run out of turn");
    }
    if (!said.offered.includes(SUITE_V1)) throw new PeerMisbehaved("no suite that we speak");
    this.number = said.run;
    if (this.half !== null) return this.begin(said, this.half);
    this.waiting = said;
    return { kind: "type_again" };
  }

  private async begin(said: Message<"agreement_open">, half: string): Promise<Step> {
    this.half = null;
    this.waiting = null;
    const consoleNonce = this.entropy(32);
    const { sessionId } = this;
    const opening: Opening = { sessionId, run: said.run, hostNonce: said.host_nonce, consoleNonce, offered: said.offered };
    const run = await ConsoleRun.begin(half, this.channel, opening, this.entropy(32));
    this.run = run;
    return sending({ type: "console_share", run: said.run, console_nonce: consoleNonce, chosen: SUITE_V1, share: run.share });
  }

  private async tagged(run: ConsoleRun, tag: Uint8Array): Promise<Step> {
    const agreed = await run.agreed(tag);
    this.run = null;
    return agreed === null ? { kind: "host_unproven" } : { kind: "agreed", agreed };
  }

  private failed(runsLeft: number): Step {
    this.run = null;
    this.half = null;
    return { kind: "failed", runsLeft };
  }
}

function sending(message: Message<"console_share" | "console_tag">): Step {
  return { kind: "send", frame: encodeFrame(FrameKind.HANDSHAKE, encode(message)) };
}
