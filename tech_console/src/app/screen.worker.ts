// The picture, off the page's own thread: opens the screen lane's records, lets the browser decode the pieces, and hands
// a frame to the page (glass.ts) only when all of it is there. It holds the key of this one lane and nothing else.

import { PeerMisbehaved, type Bytes } from "../core/bytes";
import type { RecordHeader } from "../core/frames";
import { Opener, type LaneStart } from "../core/records";
import { decodePicture, FrameAssembly, Reassembly, type Piece, type WholeFrame } from "../core/screen";
import type { Drawable, Tile } from "./glass";

/** From the page. */
export type ToScreen =
  | { readonly kind: "open"; readonly start: LaneStart }
  | { readonly kind: "record"; readonly header: RecordHeader; readonly sealed: Bytes }
  | { readonly kind: "close" };

/** To the page. */
export type FromScreen =
  | { readonly kind: "frame"; readonly drawable: Drawable }
  | { readonly kind: "fault" };

/** The host's pixels as they are: no colour management, no premultiplication, or equal pictures would differ. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

let lane: { grant: number; opener: Opener; reassembly: Reassembly; assembly: FrameAssembly } | null = null;
let bitmaps = new Map<Piece, Promise<ImageBitmap | null>>();
let turn = Promise.resolve();

self.addEventListener("message", (event: MessageEvent<ToScreen>) => {
  turn = turn.then(() => take(event.data)).catch(fault);
});

function fault(reason: unknown): void {
  close();
  say({ kind: "fault" });
  if (!(reason instanceof PeerMisbehaved)) throw reason;
}

function say(message: FromScreen, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function take(message: ToScreen): Promise<void> {
  switch (message.kind) {
    case "open":
      lane = await opened(message.start);
      return;
    case "record":
      return record(message.header, message.sealed);
    case "close":
      return close();
  }
}

async function opened(start: LaneStart): Promise<typeof lane> {
  return { grant: start.grant, opener: await Opener.begin(start), reassembly: new Reassembly(), assembly: new FrameAssembly() };
}

/** Forget the key and what has not been shown. */
function close(): void {
  lane = null;
  bitmaps = new Map();
}

async function record(header: RecordHeader, sealed: Bytes): Promise<void> {
  if (lane === null) return;
  const { grant } = lane;
  const message = lane.reassembly.add(await lane.opener.open(header, sealed));
  if (message === null) return;
  const picture = decodePicture(message);
  if (picture.kind === "piece") bitmaps.set(picture, decoded(picture));
  const whole = lane.assembly.add(picture);
  if (whole !== null) await show(grant, whole);
}

/** Decoding begins while the rest of the frame is still on its way. */
async function decoded(piece: Piece): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(new Blob([piece.data], { type: "image/png" }), EXACT);
  } catch {
    return null; // told when its frame is whole: nothing waits for this promise until then
  }
}

async function show(grant: number, whole: WholeFrame): Promise<void> {
  const ready = await Promise.all(whole.pieces.map((piece) => bitmaps.get(piece)));
  bitmaps = new Map();
  const tiles = whole.pieces.map(({ x, y }, at): Tile => {
    const bitmap = ready[at];
    if (!bitmap) throw new PeerMisbehaved("a piece that is no picture");
    return { x, y, bitmap };
  });
  const { width, height } = whole.layout;
  const drawable = { grant, frame: whole.frame, boot: whole.boot, width, height, tiles };
  say({ kind: "frame", drawable }, tiles.map((tile) => tile.bitmap));
}
