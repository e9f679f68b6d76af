// The host's pointer on the page: on the technician's own pointer while that is what moves it, and drawn over the picture where
// somebody else does. It is never part of the picture, so that it costs no pixels and shows where it is without delay.

import { PointerSight, type Sight } from "../core/pointer";
import type { Cursor, Pointer } from "../core/scene";

/** Browsers take no larger pointer from a page. */
const CSS_MOST = 128;

/** How the picture stands on the page. */
export interface Stand {
  readonly controls: boolean;
  readonly scale: number;
  readonly dpr: number;
}

/** Shows one visit's pointer: a canvas of its own that lies over the picture, and the pointer of the picture itself. */
export class PointerGlass {
  private readonly sight = new PointerSight();
  private readonly drawing: HTMLCanvasElement;
  private surface: { readonly screen: HTMLElement; readonly over: HTMLCanvasElement } | null = null;
  private stand: Stand = { controls: false, scale: 1, dpr: 1 };
  private frame = 0;
  private drawn: Cursor | null = null;
  private worn: { readonly shape: Cursor; readonly scale: number } | null = null;

  constructor() {
    this.drawing = document.createElement("canvas");
  }

  /** Show it on these from now on; null: the page has none any more. */
  on(surface: { readonly screen: HTMLElement; readonly over: HTMLCanvasElement } | null): void {
    this.surface = surface;
    this.drawn = null;
    this.worn = null;
    this.soon();
  }

  /** The picture stands otherwise than before. */
  stands(stand: Stand): void {
    this.stand = stand;
    this.soon();
  }

  told(told: Cursor | Pointer): void {
    this.sight.told(told, performance.now() / 1000);
    this.soon();
  }

  moved(x: number, y: number): void {
    this.sight.moved(x, y, performance.now() / 1000);
  }

  close(): void {
    this.sight.forget();
    this.soon();
  }

  /** Once for each picture of the page, however often the host tells. */
  private soon(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.show());
  }

  private show(): void {
    this.frame = 0;
    if (this.surface === null) return;
    const { screen, over } = this.surface;
    const { shown } = this.sight;
    const { controls } = this.stand;
    this.lay(over, shown !== null && (shown.theirs || !controls) ? shown : null);
    this.wear(screen, controls ? shown : null);
  }

  private lay(over: HTMLCanvasElement, sight: Sight | null): void {
    over.hidden = sight === null || sight.shape === null;
    if (sight === null || sight.shape === null) return;
    const { shape, x, y } = sight;
    const { scale } = this.stand;
    if (this.drawn !== shape) paint(over, shape);
    this.drawn = shape;
    over.style.width = `${shape.width * scale}px`;
    over.style.height = `${shape.height * scale}px`;
    over.style.transform = `translate(${(x - shape.hot_x) * scale}px, ${(y - shape.hot_y) * scale}px)`;
    over.dataset["x"] = String(x);
    over.dataset["y"] = String(y);
  }

  /** A pointer that is not to be seen at the host stays an arrow here: nobody should lose sight of the own hand. */
  private wear(screen: HTMLElement, sight: Sight | null): void {
    const shape = sight?.shape ?? null;
    const { scale, dpr } = this.stand;
    if (shape === (this.worn?.shape ?? null) && scale === (this.worn?.scale ?? scale)) return;
    this.worn = shape === null ? null : { shape, scale };
    screen.style.cursor = shape === null ? "" : this.css(shape, scale, dpr);
  }

  private css(shape: Cursor, scale: number, dpr: number): string {
    const [width, height] = [shape.width * scale, shape.height * scale];
    if (Math.max(width, height) > CSS_MOST) return "default";
    paint(this.drawing, shape);
    const large = document.createElement("canvas");
    large.width = Math.max(1, Math.round(width * dpr));
    large.height = Math.max(1, Math.round(height * dpr));
    large.getContext("2d")?.drawImage(this.drawing, 0, 0, large.width, large.height);
    const [x, y] = [Math.floor(shape.hot_x * scale), Math.floor(shape.hot_y * scale)];
    return `image-set(url("${large.toDataURL("image/png")}") ${dpr}x) ${x} ${y}, default`;
  }
}

function paint(canvas: HTMLCanvasElement, { width, height, data }: Cursor): void {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(data.buffer), width, height), 0, 0);
}
