// The console's way back to a visit whose line was cut: where it stands, and the keys that both ends renew on it. What was granted is in
// rights.ts; what each step leads to is in visit.ts.

import { FrameKind } from "../wire.gen";
import type { Channel } from "./agreement";
import { PeerMisbehaved, type Bytes } from "./bytes";
import { encodeFrame } from "./frames";
import { ConsoleRenewal, type Ground } from "./renewal";
import { decode, encode } from "./schema";

/** What a message of the renewal came to: something to send, or new keys. */
export type Renewed = { readonly frame: Bytes } | { readonly ground: Ground };

/** One visit's. It may be cut many times. */
export class WayBack {
  /** The line is cut, and both ends are not back yet. */
  parted = false;
  /** The pass that opens the next socket. */
  socketPass: Bytes;
  private hostProven = false;
  private tries = 0;
  private renewal: ConsoleRenewal | null = null;
  private readonly sessionId: string;
  private readonly channel: Channel;

  constructor(sessionId: string, channel: Channel, socketPass: Bytes) {
    this.sessionId = sessionId;
    this.channel = channel;
    this.socketPass = socketPass;
  }

  /** The socket is gone. */
  cut(): void {
    this.parted = true;
    this.hostProven = false;
    this.renewal = null;
  }

  /** One handshake message while the line is cut. Throws PeerMisbehaved. */
  async renewing(body: Bytes, before: Ground | null, entropy: (size: number) => Bytes): Promise<Renewed> {
    const said = decode(body, "renewal_open", "renewal_tag");
    const { renewal } = this;
    if (said.type === "renewal_tag") {
      if (renewal === null) throw new PeerMisbehaved("a renewal that has not begun");
      this.renewal = null;
      return { ground: await renewal.confirm(said) };
    }
    if (before === null || said.number <= this.tries) throw new PeerMisbehaved("a renewal out of turn");
    this.tries = said.number;
    this.renewal = await ConsoleRenewal.begin(this.sessionId, this.channel, before, said, [entropy(32), entropy(32)]);
    return { frame: encodeFrame(FrameKind.HANDSHAKE, encode(this.renewal.answer)) };
  }

  /** The host's long-term key signed the new words. */
  hostIsProven(): void {
    this.hostProven = true;
  }

  /** The host says what still stands. Throws PeerMisbehaved before it is proven. */
  rejoined(): void {
    if (!this.parted || !this.hostProven) throw new PeerMisbehaved("a return of nobody");
    this.parted = false;
  }
}
