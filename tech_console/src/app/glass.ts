// The page's canvas: frames that the worker has decoded, drawn whole and at once. A canvas of the page's own is a copy of
// pixels away from the next animation frame; one that a worker draws on shows them one to two frames later.

import type { Monitor } from "../core/scene";
import type { Copy } from "../core/screen";

/** One piece of a frame, decoded, and where it belongs. */
export type Tile = { readonly x: number; readonly y: number } & (
  | { readonly bitmap: ImageBitmap }
  | { readonly pixels: ImageData }
  | { readonly fill: string; readonly width: number; readonly height: number }
);

/** One frame of a grant, ready to be drawn. */
export interface Drawable {
  readonly grant: number;
  readonly frame: number;
  readonly boot: number;
  /** When the last of it had come, on the page's clock. */
  readonly came: number;
  readonly width: number;
  readonly height: number;
  /** Nothing of what the canvas shows counts any more. */
  readonly begins: boolean;
  readonly copies: readonly Copy[];
  readonly monitors: readonly Monitor[];
  readonly tiles: readonly Tile[];
}

/** Draws the frames of one grant at a time. The first may be here before the page has its canvas. */
export class Glass {
  private readonly drawn: (frame: Drawable) => void;
  private context: CanvasRenderingContext2D | null = null;
  private grant: number | null = null;
  private early: Drawable[] = [];

  /** `drawn` is told of every frame that is on the canvas. */
  constructor(drawn: (frame: Drawable) => void) {
    this.drawn = drawn;
  }

  /** Take the page's canvas. */
  on(canvas: HTMLCanvasElement): void {
    this.context = canvas.getContext("2d", { alpha: false });
    if (this.context === null) throw new Error("this browser draws no picture");
    const { early } = this;
    this.early = [];
    for (const frame of early) this.take(frame);
  }

  /** From now on frames of this grant are drawn, and of no other. */
  open(grant: number): void {
    this.grant = grant;
  }

  /** Leave nothing of the picture on the page. What the worker still had on its way is not drawn. */
  close(): void {
    this.grant = null;
    for (const frame of this.early) drop(frame);
    this.early = [];
    if (this.context === null) return;
    this.context.fillStyle = "black";
    this.context.fillRect(0, 0, this.context.canvas.width, this.context.canvas.height);
  }

  /** One frame from the worker. The host's credit bounds how many can wait for a canvas. */
  take(frame: Drawable): void {
    if (frame.grant !== this.grant) return drop(frame);
    if (this.context === null) {
      this.early.push(frame);
      return;
    }
    draw(this.context, frame);
    this.drawn(frame);
  }
}

/** Copies read what the canvas shows, so they come first; a canvas that is drawn on itself reads all before it writes. */
function draw(context: CanvasRenderingContext2D, frame: Drawable): void {
  const { canvas } = context;
  if (frame.begins || canvas.width !== frame.width || canvas.height !== frame.height) {
    canvas.width = frame.width;
    canvas.height = frame.height;
  }
  for (const { from_x, from_y, x, y, width, height } of frame.copies) {
    context.drawImage(canvas, from_x, from_y, width, height, x, y, width, height);
  }
  for (const tile of frame.tiles) put(context, tile);
  drop(frame);
}

function put(context: CanvasRenderingContext2D, tile: Tile): void {
  const { x, y } = tile;
  if ("bitmap" in tile) context.drawImage(tile.bitmap, x, y);
  else if ("pixels" in tile) context.putImageData(tile.pixels, x, y);
  else {
    context.fillStyle = tile.fill;
    context.fillRect(x, y, tile.width, tile.height);
  }
}

function drop(frame: Drawable): void {
  for (const tile of frame.tiles) if ("bitmap" in tile) tile.bitmap.close();
}
