// The picture, off the page's own thread: opens the screen lane's records, lets the browser decode the pieces, and hands
// a frame to the page (glass.ts) only when all of it is there. It holds the key of this one lane and nothing else.

import { PeerMisbehaved, type Bytes } from "../core/bytes";
import type { RecordHeader } from "../core/frames";
import { Slots } from "../core/pointer";
import { Opener, type LaneStart } from "../core/records";
import type { Cursor, Pointer } from "../core/scene";
import { decodePicture, FrameAssembly, messagesOf, Reassembly, type Picture, type Piece, type WholeFrame } from "../core/screen";
import { PIXEL } from "../core/tiles";
import { Codec } from "../wire.gen";
import type { Drawable, Tile } from "./glass";

/** From the page. */
export type ToScreen =
  | { readonly kind: "open"; readonly start: LaneStart }
  | { readonly kind: "record"; readonly header: RecordHeader; readonly sealed: Bytes; readonly came: number }
  | { readonly kind: "close" };

/** To the page. */
export type FromScreen =
  | { readonly kind: "frame"; readonly drawable: Drawable }
  | { readonly kind: "pointer"; readonly grant: number; readonly told: Cursor | Pointer }
  | { readonly kind: "fault" };

/** The host's pixels as they are: no colour management, no premultiplication, or equal pictures would differ. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

interface Lane {
  readonly grant: number;
  readonly opener: Opener;
  readonly reassembly: Reassembly;
  readonly assembly: FrameAssembly;
  readonly slots: Slots;
}

let lane: Lane | null = null;
let tiles = new Map<Piece, Promise<Tile | null>>();
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
      return record(message.header, message.sealed, message.came);
    case "close":
      return close();
  }
}

async function opened(start: LaneStart): Promise<Lane> {
  return { grant: start.grant, opener: await Opener.begin(start), reassembly: new Reassembly(), assembly: new FrameAssembly(), slots: new Slots() };
}

/** Forget the key and what has not been shown. */
function close(): void {
  lane = null;
  tiles = new Map();
}

async function record(header: RecordHeader, sealed: Bytes, came: number): Promise<void> {
  if (lane === null) return;
  const at = lane;
  const parcel = at.reassembly.add(await at.opener.open(header, sealed));
  if (parcel === null) return;
  const messages = messagesOf(parcel);
  for (const message of messages) await told(at, decodePicture(message), came);
}

async function told({ grant, slots, assembly }: Lane, picture: Picture, came: number): Promise<void> {
  if (picture.kind === "cursor" || picture.kind === "pointer") {
    slots.check(picture);
    say({ kind: "pointer", grant, told: picture });
    return;
  }
  if (picture.kind === "piece") tiles.set(picture, decoded(picture));
  const whole = assembly.add(picture);
  if (whole !== null) await show(grant, whole, came);
}

/** Decoding begins while the rest of the frame is still on its way. Null is told when its frame is whole: nothing waits until then. */
async function decoded(piece: Piece): Promise<Tile | null> {
  const { x, y, width, height, codec, data } = piece;
  switch (codec) {
    case Codec.FILL:
      return { x, y, width, height, fill: `rgb(${data.join()})` };
    case Codec.RAW:
      return { x, y, pixels: opaque(width, height, data) };
    case Codec.PNG:
      return bitmapOf(piece, "image/png");
    case Codec.WEBP:
      return bitmapOf(piece, "image/webp");
    case Codec.JPEG:
      return bitmapOf(piece, "image/jpeg");
  }
}

/** What comes of a file must have the size that its piece told, whatever the decoder made of it. */
async function bitmapOf({ x, y, width, height, data }: Piece, type: string): Promise<Tile | null> {
  try {
    const bitmap = await createImageBitmap(new Blob([data], { type }), EXACT);
    return bitmap.width === width && bitmap.height === height ? { x, y, bitmap } : null;
  } catch {
    return null;
  }
}

function opaque(width: number, height: number, data: Bytes): ImageData {
  const image = new ImageData(width, height);
  image.data.fill(255);
  for (let at = 0; at < width * height; at += 1) image.data.set(data.subarray(PIXEL * at, PIXEL * (at + 1)), 4 * at);
  return image;
}

async function show(grant: number, whole: WholeFrame, came: number): Promise<void> {
  const ready = await Promise.all(whole.pieces.map((piece) => tiles.get(piece)));
  tiles = new Map();
  const all = ready.map((tile): Tile => {
    if (!tile) throw new PeerMisbehaved("a piece that is no picture");
    return tile;
  });
  const { frame, boot, begins, copies, layout } = whole;
  const drawable = { grant, frame, boot, came, begins, width: layout.width, height: layout.height, monitors: whole.monitors, copies, tiles: all };
  say({ kind: "frame", drawable }, all.flatMap((tile) => ("bitmap" in tile ? [tile.bitmap] : [])));
}
