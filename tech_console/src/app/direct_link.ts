// The browser's end of a channel straight to the host. Nothing of it exists until the host has offered one; whether it is used, and what
// passes over it, is decided in core/carriage.ts. No server helps to find the way: only the host's own addresses are tried.

import { DirectCause, LIMITS, type DirectDescription } from "../wire.gen";
import { sha256, type Bytes } from "../core/bytes";
import { isAsOffered, ownEnd, sdpOf } from "../core/direct";
import type { DirectEvent, VisitCommand } from "../core/visit_terms";

const LABEL = "chaperone";
/** How often time is told, in milliseconds. */
const TICK_MS = 250;
/** An honest host never has more under way: its window, and the counts of what it took of ours. */
const ARRIVED_MAX = 2 * LIMITS.DIRECT_WINDOW;

type DirectCommand = Extract<VisitCommand, { readonly kind: "direct_open" | "direct_send" | "direct_close" }>;

/** The channels of one visit, one after the other. */
export class DirectLink {
  private readonly tell: (event: DirectEvent) => void;
  private readonly wake: () => void;
  private channel: Channel | null = null;
  private ticking = 0;
  private told = 0;

  /** `wake`: something arrived, and `arrived` has it. */
  constructor(tell: (event: DirectEvent) => void, wake: () => void) {
    this.tell = tell;
    this.wake = wake;
  }

  command(command: DirectCommand): void {
    switch (command.kind) {
      case "direct_open":
        return this.open(command.offer);
      case "direct_send":
        return this.channel?.send(command.data);
      case "direct_close":
        return this.close();
    }
  }

  /** What came since the last look, all at once. */
  arrived(): DirectEvent | null {
    return this.channel?.arrived() ?? null;
  }

  /** Nothing is left open. */
  close(): void {
    clearInterval(this.ticking);
    this.channel?.close();
    this.channel = null;
  }

  private open(offer: DirectDescription): void {
    this.close();
    this.told = performance.now();
    this.ticking = window.setInterval(() => this.tick(), TICK_MS);
    this.channel = new Channel(offer, this.tell, this.wake);
    void this.channel.describe();
  }

  private tick(): void {
    const now = performance.now();
    this.tell({ kind: "tick", seconds: (now - this.told) / 1000 });
    this.told = now;
  }
}

/** One try. After it failed or was closed it says nothing more. */
class Channel {
  private readonly offer: DirectDescription;
  private readonly tell: (event: DirectEvent) => void;
  private readonly wake: () => void;
  private readonly messages: Bytes[] = [];
  private size = 0;
  private over = false;
  private peer: RTCPeerConnection | null = null;
  private data: RTCDataChannel | null = null;

  constructor(offer: DirectDescription, tell: (event: DirectEvent) => void, wake: () => void) {
    this.offer = offer;
    this.tell = (event) => (this.over ? undefined : tell(event));
    this.wake = wake;
  }

  /** Begin, and say how the host knows this end. */
  async describe(): Promise<void> {
    const { attempt } = this.offer;
    try {
      const peer = new RTCPeerConnection({ iceServers: [] });
      this.peer = peer;
      this.listen(peer, peer.createDataChannel(LABEL, { negotiated: true, id: LIMITS.DIRECT_CHANNEL, ordered: true }));
      await peer.setRemoteDescription({ type: "offer", sdp: sdpOf(this.offer) });
      await peer.setLocalDescription();
      const own = ownEnd(peer.localDescription?.sdp ?? "");
      if (own === null) return this.failed(DirectCause.FAILED);
      this.tell({ kind: "described", attempt, own });
    } catch {
      this.failed(DirectCause.FAILED); // a browser without it, or told to keep to itself; or closed meanwhile, and then nothing is said
    }
  }

  send(data: Bytes): void {
    if (this.data?.readyState === "open") this.data.send(data);
    else this.failed(DirectCause.FAILED);
  }

  arrived(): DirectEvent | null {
    if (this.messages.length === 0) return null;
    this.size = 0;
    return { kind: "messages", attempt: this.offer.attempt, messages: this.messages.splice(0) };
  }

  close(): void {
    this.over = true;
    this.peer?.close();
    this.messages.length = 0;
  }

  private listen(peer: RTCPeerConnection, data: RTCDataChannel): void {
    this.data = data;
    data.binaryType = "arraybuffer";
    data.addEventListener("open", () => void this.opened(peer));
    data.addEventListener("message", (event: MessageEvent<ArrayBuffer | string>) => this.came(event.data));
    data.addEventListener("close", () => this.failed(DirectCause.FAILED));
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "failed") this.failed(DirectCause.FAILED);
    });
  }

  /** Nothing is said on a channel before this end knows who is at the other. */
  private async opened(peer: RTCPeerConnection): Promise<void> {
    const moved = () => void this.checked(peer);
    peer.sctp?.transport.iceTransport.addEventListener("selectedcandidatepairchange", moved);
    if (await this.checked(peer)) this.tell({ kind: "opened", attempt: this.offer.attempt });
  }

  private async checked(peer: RTCPeerConnection): Promise<boolean> {
    try {
      if (isAsOffered(this.offer, await found(peer))) return true;
    } catch {
      // a browser that does not say whom it found has found nobody
    }
    this.failed(DirectCause.NOT_AS_AGREED);
    return false;
  }

  private came(data: ArrayBuffer | string): void {
    if (this.over) return;
    const size = typeof data === "string" ? Infinity : data.byteLength;
    if (this.size + size > ARRIVED_MAX || typeof data === "string") return this.failed(DirectCause.NOT_AS_AGREED);
    this.size += size;
    this.messages.push(new Uint8Array(data));
    this.wake();
  }

  private failed(cause: DirectCause): void {
    this.tell({ kind: "failed", attempt: this.offer.attempt, cause });
    this.close();
  }
}

/** Whom the browser found at the other end: by certificate, and where. */
async function found(peer: RTCPeerConnection): Promise<{ fingerprint: Bytes; address: string; port: number }> {
  const transport = peer.sctp?.transport;
  const [certificate] = transport?.getRemoteCertificates() ?? [];
  const remote = transport?.iceTransport.getSelectedCandidatePair()?.remote;
  const fingerprint = certificate === undefined ? new Uint8Array(0) : await sha256(new Uint8Array(certificate));
  return { fingerprint, address: remote?.address ?? "", port: remote?.port ?? 0 };
}
