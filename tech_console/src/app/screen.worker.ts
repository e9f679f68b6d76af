// The picture, off the page's own thread: opens the screen lane's records, lets the browser decode the pieces, and draws
// a frame only when all of it is there. It holds the key of this one lane and nothing else.

import { PeerMisbehaved, type Bytes } from "../core/bytes";
import type { RecordHeader } from "../core/frames";
import { Opener, type LaneStart } from "../core/records";
import { decodePicture, FrameAssembly, Reassembly, type Layout, type Piece, type WholeFrame } from "../core/screen";

/** From the page. */
export type ToScreen =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "open"; readonly start: LaneStart }
  | { readonly kind: "record"; readonly header: RecordHeader; readonly sealed: Bytes }
  | { readonly kind: "close" };

/** To the page. */
export type FromScreen =
  | { readonly kind: "drawn"; readonly frame: number; readonly boot: number; readonly width: number; readonly height: number }
  | { readonly kind: "fault" };

/** The host's pixels as they are: no colour management, no premultiplication, or equal pictures would differ. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

/** The page hands over its canvas when it has one; the first picture may be here before it. */
const onto = Promise.withResolvers<OffscreenCanvas>();
let context: OffscreenCanvasRenderingContext2D | null = null;
let layout: Layout | null = null;
let lane: { opener: Opener; reassembly: Reassembly; assembly: FrameAssembly } | null = null;
let bitmaps = new Map<Piece, Promise<ImageBitmap | null>>();
let turn = Promise.resolve();

self.addEventListener("message", (event: MessageEvent<ToScreen>) => {
  if (event.data.kind === "canvas") return onto.resolve(event.data.canvas);
  turn = turn.then(() => take(event.data)).catch(fault);
});

function fault(reason: unknown): void {
  close();
  say({ kind: "fault" });
  if (!(reason instanceof PeerMisbehaved)) throw reason;
}

function say(message: FromScreen): void {
  self.postMessage(message);
}

async function take(message: ToScreen): Promise<void> {
  switch (message.kind) {
    case "canvas":
      return;
    case "open":
      lane = { opener: await Opener.begin(message.start), reassembly: new Reassembly(), assembly: new FrameAssembly() };
      return;
    case "record":
      return record(message.header, message.sealed);
    case "close":
      return close();
  }
}

/** Forget the key, and leave nothing of the picture on the page. */
function close(): void {
  lane = null;
  layout = null;
  bitmaps = new Map();
  context?.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

async function record(header: RecordHeader, sealed: Bytes): Promise<void> {
  if (lane === null) return;
  const message = lane.reassembly.add(await lane.opener.open(header, sealed));
  if (message === null) return;
  const picture = decodePicture(message);
  if (picture.kind === "piece") bitmaps.set(picture, decoded(picture));
  const whole = lane.assembly.add(picture);
  if (whole !== null) await show(whole);
}

/** Decoding begins while the rest of the frame is still on its way. */
async function decoded(piece: Piece): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(new Blob([piece.data], { type: "image/png" }), EXACT);
  } catch {
    return null; // told when its frame is whole: nothing waits for this promise until then
  }
}

async function show(whole: WholeFrame): Promise<void> {
  const ready = await Promise.all(whole.pieces.map((piece) => bitmaps.get(piece)));
  bitmaps = new Map();
  context ??= (await onto.promise).getContext("2d", { alpha: false });
  if (context === null) throw new Error("this browser draws no picture off its page");
  if (layout !== whole.layout) resize(whole.layout, context.canvas);
  for (const [at, piece] of whole.pieces.entries()) {
    const bitmap = ready[at];
    if (!bitmap) throw new PeerMisbehaved("a piece that is no picture");
    context.drawImage(bitmap, piece.x, piece.y);
    bitmap.close();
  }
  const { width, height } = whole.layout;
  say({ kind: "drawn", frame: whole.frame, boot: whole.boot, width, height });
}

function resize(next: Layout, canvas: OffscreenCanvas): void {
  layout = next;
  canvas.width = next.width;
  canvas.height = next.height;
}
