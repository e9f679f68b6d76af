// The outside of a visit: its socket, its clocks, its canvas, and the worker that decodes. What happens is decided in core/visit.ts; this
// only performs, one event after the other.

import { EndCause, LIMITS, type Message, Permission } from "../wire.gen";
import type { Bytes } from "../core/bytes";
import { Clipboard } from "../core/clipboard";
import { controlFrame } from "../core/control";
import { coalesced, type Deed } from "../core/input";
import { Outbox } from "../core/outbox";
import type { Back } from "../core/returning";
import type { Monitor } from "../core/scene";
import { MalformedMessage } from "../core/json";
import { Visit, type Moment, type VisitCommand, type VisitEvent, type VisitStart, type VisitView } from "../core/visit";
import { DirectLink } from "./direct_link";
import { VisitFiles } from "./files";
import { Glass, type Drawable } from "./glass";
import { PointerGlass } from "./pointer";
import type { FromScreen, ToScreen } from "./screen.worker";
import { startWorker } from "./workers";

/** The host or the broker closes a visit that is over; a socket that stays open longer is closed from here. */
const LINGER_MS = 5000;
/** How soon a socket that holds enough is looked at again: a socket does not say when it has sent. */
const LOOK_AGAIN_MS = 4;

/** Where the broker is, and a word to it on the control socket; false when there is none. */
export interface Broker {
  readonly origin: string;
  readonly say: (message: Message) => boolean;
  /** The visit ended because the PC restarts, and this is the way back. */
  readonly comesBack: (back: Back) => void;
}

/** The last frame drawn, and the picture's size in pixels. */
export interface PictureState {
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  /** None: the picture is one. */
  readonly monitors: readonly Monitor[];
}

/** One visit, alive. */
export class VisitShell {
  readonly hostName: string;
  readonly hostId: string;
  /** The host's pointer on the page. */
  readonly pointer = new PointerGlass();
  readonly files: VisitFiles;
  readonly sessionId: string;
  private readonly visit: Visit;
  private readonly broker: Broker;
  private socket: WebSocket;
  private readonly worker: Worker;
  private readonly glass = new Glass((frame) => this.drawn(frame));
  private readonly changed: () => void;
  private turn: Promise<void> = Promise.resolve();
  private readonly deeds: Deed[] = [];
  private readonly ordinary: { readonly event: VisitEvent; readonly came: number }[] = [];
  private readonly outbox = new Outbox();
  private readonly direct = new DirectLink((happened) => void this.tell({ kind: "direct", happened }), () => void this.soon());
  private draining = false;
  private sending = 0;
  private lingering = 0;
  /** Set while the line is cut: when it is over, and when it is tried again. */
  private over = 0;
  private trying = 0;
  readonly clipboard = new Clipboard();
  private readonly hearers = new Map<Permission, (plain: Bytes) => void>();
  private back: Back | null = null;
  private viewing: number | null = null;
  private latest: PictureState | null = null;
  private layoutWatcher: ((picture: PictureState) => void) | null = null;
  private watcher: ((picture: PictureState) => void) | null = null;

  constructor(broker: Broker, hostName: string, start: VisitStart, changed: () => void) {
    this.hostName = hostName;
    this.hostId = start.parties.hostId;
    this.sessionId = start.parties.sessionId;
    this.changed = changed;
    for (const each of [Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST]) this.hear(each, (plain) => this.copied(each, plain));
    this.visit = new Visit(start, (size) => crypto.getRandomValues(new Uint8Array(size)));
    const sockets = broker.origin.replace(/^https/, "wss");
    this.files = new VisitFiles({ address: `${sockets}/bulk`, sessionId: this.sessionId, tell: (event) => this.tell(event), changed, view: () => this.visit.view });
    this.worker = startWorker("screen");
    this.worker.addEventListener("message", (event: MessageEvent<FromScreen>) => this.decoded(event.data));
    this.worker.addEventListener("error", () => void this.tell({ kind: "screen_fault" }));
    this.broker = broker;
    this.socket = this.connect();
    window.addEventListener("pagehide", this.hidden);
  }

  private connect(): WebSocket {
    const socket = new WebSocket(`${this.broker.origin.replace(/^https/, "wss")}/session`);
    socket.binaryType = "arraybuffer";
    // One that was exchanged for another has nothing to say any more.
    const heard = (event: VisitEvent) => (socket === this.socket ? void this.tell(event) : undefined);
    socket.addEventListener("open", () => heard({ kind: "socket_opened" }));
    socket.addEventListener("close", () => heard({ kind: "socket_closed" }));
    socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => heard({ kind: "frame", data: new Uint8Array(event.data) }));
    return socket;
  }

  get view(): VisitView {
    return this.visit.view;
  }

  /** Be told of every frame that was drawn. One watcher at a time. */
  watchFrames(watcher: ((picture: PictureState) => void) | null): void {
    this.watcher = watcher;
  }

  /** Be told of the picture's size and monitors, now and whenever they change. One watcher at a time. */
  watchLayout(watcher: ((picture: PictureState) => void) | null): void {
    this.layoutWatcher = watcher;
    if (this.latest !== null) watcher?.(this.latest);
  }

  /** Draw on the page's canvas from now on. */
  show(canvas: HTMLCanvasElement): void {
    this.glass.on(canvas);
  }

  typeAgain(half: string): void {
    void this.tell({ kind: "half_typed", half });
  }

  /** Ask the person at the host for one more right. */
  ask(permission: Permission): void {
    void this.tell({ kind: "wanted", permission });
  }

  /** Say something under a right; lost when it is gone. */
  say(permission: Permission, plain: Bytes): void {
    void this.tell({ kind: "say", permission, plain });
  }

  /** Hear what comes under a right. One hearer each. */
  hear(permission: Permission, hearer: (plain: Bytes) => void): void {
    this.hearers.set(permission, hearer);
  }

  /** Somebody is here, though nobody did anything for a while. */
  stay(): void {
    void this.tell({ kind: "still_here" });
  }

  /** Put a text into the instrument's clipboard; what becomes of it is in `clipboard`. */
  paste(text: string): void {
    for (const plain of this.clipboard.put(text)) void this.tell({ kind: "say", permission: Permission.CLIPBOARD_TO_HOST, plain });
    this.changed();
  }

  /** Ask for what was copied at the instrument. */
  fetchCopied(): void {
    void this.tell({ kind: "say", permission: Permission.CLIPBOARD_FROM_HOST, plain: this.clipboard.fetch() });
    this.changed();
  }

  /** Let go of what was fetched. */
  putCopiedAway(): void {
    this.clipboard.putAway();
    this.changed();
  }

  private copied(permission: Permission, plain: Bytes): void {
    try {
      this.clipboard.received(permission, plain);
    } catch (fault) {
      if (!(fault instanceof MalformedMessage)) throw fault;
      void this.tell({ kind: "screen_fault" });
      return;
    }
    this.changed();
  }

  write(text: string): void {
    void this.tell({ kind: "written", text });
  }

  act(deeds: readonly Deed[]): void {
    for (const deed of deeds) if (deed.kind === "move") this.pointer.moved(deed.x, deed.y);
    if (deeds.length === 0) return;
    this.deeds.push(...deeds);
    this.soon();
  }

  /** The end of this visit, told on the control socket because the visit's own was not open yet. */
  brokerSaid(over: Message<"session_over">): void {
    if (over.session_id === this.sessionId) void this.tell({ kind: "frame", data: controlFrame(over) });
  }

  /** The broker has a pass for us. */
  reconnect(offered: Message<"reconnect_offered">): void {
    if (offered.session_id !== this.sessionId) return;
    clearTimeout(this.trying);
    void this.tell({ kind: "reconnect_offered", socketPass: new Uint8Array(offered.socket_pass) });
  }

  /** The control socket is there again. */
  linkIsBack(): void {
    if (this.view.phase === "reconnecting") this.wantBack();
  }

  /** There is no way back to a visit whose line is cut: the broker has none such any more, or another page took the sign-in. */
  nobodyComesBack(): void {
    if (this.view.phase === "reconnecting") void this.tell({ kind: "reconnect_over" });
  }

  /** End it; settled once the goodbye is on its way. */
  end(cause: EndCause = EndCause.TECHNICIAN_ENDED): Promise<void> {
    if (this.view.phase === "reconnecting") this.broker.say({ type: "visit_left", session_id: this.sessionId });
    return this.tell({ kind: "end_wanted", cause });
  }

  /** The page goes away for good: nobody waits for it to come back. Nothing can be signed any more at this moment. */
  private readonly hidden = (event: PageTransitionEvent): void => {
    if (!event.persisted && this.view.phase !== "ended") this.broker.say({ type: "visit_left", session_id: this.sessionId });
  };

  /** The page is done with it. */
  dispose(): void {
    window.removeEventListener("pagehide", this.hidden);
    for (const timer of [this.lingering, this.over, this.trying]) clearTimeout(timer);
    this.direct.close();
    this.socket.close();
    this.worker.terminate();
    this.files.dispose();
  }

  private tell(event: VisitEvent): Promise<void> {
    this.ordinary.push({ event, came: performance.now() });
    return this.soon();
  }

  private soon(): Promise<void> {
    this.turn = this.turn.then(() => this.next()).catch((fault: unknown) => this.failed(fault));
    return this.turn;
  }

  /** Whatever else waits, mouse and keyboard are first: what they did since the last look goes as one. */
  private async next(): Promise<void> {
    const deeds = coalesced(this.deeds.splice(0));
    if (deeds.length > 0) await this.take({ kind: "deeds", deeds });
    const happened = this.direct.arrived();
    if (happened !== null) await this.take({ kind: "direct", happened });
    const next = this.ordinary.shift();
    if (next !== undefined) await this.take(next.event, next.came);
  }

  private send(): void {
    clearTimeout(this.sending);
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (const frame of this.outbox.take(this.socket.bufferedAmount)) this.socket.send(frame);
    if (this.outbox.waits) this.sending = window.setTimeout(() => this.send(), LOOK_AGAIN_MS);
    else if (this.draining) this.drained();
  }

  private drained(): void {
    this.draining = false;
    void this.tell({ kind: "direct", happened: { kind: "drained" } });
  }

  private close(): void {
    clearTimeout(this.sending);
    if (this.socket.readyState === WebSocket.OPEN) for (const frame of this.outbox.all()) this.socket.send(frame);
    this.socket.close();
  }

  /** A fault of our own ends the visit too: what is half done must not go on. */
  private async failed(fault: unknown): Promise<void> {
    reportError(fault);
    await this.take({ kind: "end_wanted", cause: EndCause.FAILED_INSIDE });
  }

  private async take(event: VisitEvent, came = performance.now()): Promise<void> {
    const before = this.visit.view;
    const commands = await this.visit.handle(event, now());
    for (const command of commands) this.perform(command, came);
    this.files.drive();
    if (this.visit.view === before && !commands.some((each) => each.kind.startsWith("file_"))) return;
    if (before.phase === "reconnecting" && this.visit.view.phase !== "reconnecting") this.noLongerParted();
    if (before.phase !== "reconnecting" && this.visit.view.phase === "reconnecting") this.clipboard.parted();
    for (const gone of before.granted.filter((each) => !this.visit.view.granted.includes(each))) this.clipboard.withdrawn(gone);
    this.keepBack(this.visit.view);
    if (this.visit.view.phase === "ended" && this.lingering === 0) {
      this.lingering = window.setTimeout(() => this.socket.close(), LINGER_MS);
    }
    this.changed();
  }

  /** A way back is worth something while the restart is allowed, and after it: the line may fall before the goodbye is here. */
  private keepBack(view: VisitView): void {
    const { back } = this;
    if (back === null || (view.phase !== "ended" && view.granted.includes(Permission.RESTART))) return;
    this.back = null;
    if (view.cause === EndCause.RESTARTING || view.cause === EndCause.CONNECTION_LOST) this.broker.comesBack(back);
  }

  private perform(command: VisitCommand, came: number): void {
    switch (command.kind) {
      case "send":
        if (this.socket.readyState === WebSocket.OPEN) this.outbox.put(command.frame);
        return this.send();
      case "close":
        return this.close();
      case "reconnect_wanted":
        return this.partedFor();
      case "direct_open":
      case "direct_send":
      case "direct_close":
        return this.direct.command(command);
      case "relay_drain":
        this.draining = true;
        return this.send();
      case "reopen":
        this.draining = false;
        this.outbox.all(); // what is left was sealed for the line that was cut
        this.socket = this.connect();
        return;
      case "way_back":
        this.back = command.back;
        return;
      case "received":
        this.hearers.get(command.permission)?.(command.plain);
        return;
      case "file_asked":
      case "file_answered":
      case "file_granted":
      case "file_over":
      case "bulk_offered":
        return this.files.command(command);
      case "screen_open":
        this.glass.open(command.start.grant);
        this.viewing = command.start.grant;
        return this.post({ kind: "open", start: command.start });
      case "screen_record":
        return this.post({ kind: "record", header: command.header, sealed: command.sealed, came }, [command.sealed.buffer]);
      case "screen_close":
        this.glass.close();
        this.viewing = null;
        this.pointer.close();
        return this.post({ kind: "close" });
    }
  }

  /** Ask for a pass at once when the line was cut, and after a pause when a try led nowhere. */
  private partedFor(): void {
    clearTimeout(this.trying);
    if (this.over === 0) {
      this.over = window.setTimeout(() => this.nobodyComesBack(), LIMITS.RECONNECT_SECONDS * 1000);
      return this.wantBack();
    }
    this.trying = window.setTimeout(() => this.wantBack(), LIMITS.RECONNECT_TRY_SECONDS * 1000);
  }

  private wantBack(): void {
    clearTimeout(this.trying);
    if (this.view.phase !== "reconnecting") return;
    this.broker.say({ type: "reconnect_wanted", session_id: this.sessionId });
    this.trying = window.setTimeout(() => this.wantBack(), LIMITS.RECONNECT_SECONDS * 100);
  }

  /** The way back is found, or given up. */
  private noLongerParted(): void {
    clearTimeout(this.over);
    clearTimeout(this.trying);
    this.over = 0;
  }

  private decoded(message: FromScreen): void {
    if (message.kind === "frame") this.glass.take(message.drawable);
    else if (message.kind === "pointer") {
      if (message.grant === this.viewing) this.pointer.told(message.told);
    } else void this.tell({ kind: "screen_fault" });
  }

  private drawn({ frame, boot, came, width, height, monitors }: Drawable): void {
    const picture = { frame, width, height, monitors };
    const before = this.latest;
    this.latest = picture;
    if (before === null || layoutOf(before) !== layoutOf(picture)) this.layoutWatcher?.(picture);
    this.watcher?.(picture);
    void this.tell({ kind: "drawn", frame, boot, worked: performance.now() - came });
  }

  private post(message: ToScreen, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

function layoutOf({ width, height, monitors }: PictureState): string {
  return JSON.stringify([width, height, monitors]);
}

function now(): Moment {
  return { utc: Date.now() / 1000, run: performance.now() / 1000 };
}
