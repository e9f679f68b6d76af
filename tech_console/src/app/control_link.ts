// The control socket: opened by itself, opened again when it falls, with a pause that grows and is never the same for
// two consoles, so that a restarted broker is not met by all of them at once. What is said on it is core/control.ts.

import { Reason, type Message } from "../wire.gen";
import { PeerMisbehaved } from "../core/bytes";
import { controlFrame, ControlOpening, type ControlCommand, type ControlTrust } from "../core/control";
import type { Held } from "../core/heads";
import { moment } from "./kept_documents";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;
/** A supervisor is signing while we wait. */
const RECOGNITION_PAUSE = 3000;

/** Where the link stands; *replaced* means that another page of this sign-in has it now. */
export type LinkState = "connecting" | "open" | "lost" | "replaced";

/** Whoever uses the link hears everything through these. */
export interface LinkListener {
  readonly state: (state: LinkState) => void;
  /** Nothing more is heard before this is done. */
  readonly command: (command: Exclude<ControlCommand, { kind: "send" }>) => Promise<void>;
}

/** One signed-in technician's link to the broker. */
export class ControlLink {
  private readonly address: string;
  private readonly trust: () => Promise<ControlTrust>;
  private readonly listener: LinkListener;
  private socket: WebSocket | null = null;
  private opening: ControlOpening | null = null;
  /** The other pages of this browser: a sign-in lives in one browser, so no page of it can be anywhere else. */
  private readonly others = new BroadcastChannel("chaperone-link");
  private pause = FIRST_PAUSE;
  private timer = 0;
  private stopped = false;

  constructor(brokerOrigin: string, trust: () => Promise<ControlTrust>, listener: LinkListener) {
    this.address = `${brokerOrigin.replace(/^https/, "wss")}/console`;
    this.trust = trust;
    this.listener = listener;
    this.others.addEventListener("message", () => this.standBack());
  }

  /** Open, and keep open until `stop`. */
  async start(): Promise<void> {
    this.listener.state("connecting");
    const opening = new ControlOpening(await this.trust(), crypto.getRandomValues(new Uint8Array(32)));
    if (this.stopped) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.opening = opening;
    let turn = Promise.resolve();
    socket.addEventListener("open", () => void this.perform(socket, opening.begin()));
    socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => {
      turn = turn.then(() => this.take(socket, opening, event.data));
    });
    socket.addEventListener("close", () => this.fell(socket));
  }

  /** Close for good. */
  stop(): void {
    this.stopped = true;
    this.others.close();
    clearTimeout(this.timer);
    this.socket?.close();
  }

  /** Try again now instead of later. */
  retry(): void {
    clearTimeout(this.timer);
    void this.start();
  }

  /** Say something to the broker; false when there is no proven socket. */
  send(message: Message): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(controlFrame(message));
    return true;
  }

  /** Ask where the broker's log stands; its answer comes as a command. */
  async wantHead(held: Held | null): Promise<void> {
    const { socket, opening } = this;
    if (socket?.readyState === WebSocket.OPEN && opening !== null) await this.perform(socket, opening.wantHead(held));
  }

  private async take(socket: WebSocket, opening: ControlOpening, data: ArrayBuffer): Promise<void> {
    try {
      await this.perform(socket, await opening.handle(new Uint8Array(data), moment()));
    } catch (fault) {
      socket.close(); // whatever it was, this socket is not to be believed any more
      if (!(fault instanceof PeerMisbehaved)) reportError(fault);
    }
  }

  private async perform(socket: WebSocket, commands: readonly ControlCommand[]): Promise<void> {
    for (const command of commands) {
      if (command.kind === "send") {
        socket.send(command.frame);
        continue;
      }
      if (command.kind === "refused" && command.reason === Reason.DEVICE_NOT_RECOGNISED) this.pause = RECOGNITION_PAUSE;
      if (command.kind === "distrust") socket.close();
      await this.listener.command(command);
      if (command.kind === "welcome") this.welcomed(); // only now: a doubt that stands is known
    }
  }

  /** One sign-in has one console. Coming back by itself would take it from the page that the person looks at now. */
  private standBack(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
    this.listener.state("replaced");
  }

  private welcomed(): void {
    this.pause = FIRST_PAUSE;
    this.others.postMessage("here");
    this.listener.state("open");
  }

  private fell(socket: WebSocket): void {
    if (this.stopped || socket !== this.socket) return;
    this.socket = null;
    this.listener.state("lost");
    const wait = this.pause * (0.5 + Math.random());
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.timer = window.setTimeout(() => void this.start(), wait);
  }
}
