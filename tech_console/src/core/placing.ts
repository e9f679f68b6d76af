// Where the picture stands on the page: the whole of it or one monitor's part, fitted into the room there is or pixel for
// pixel, whatever the page's own scale. Sizes without a name are CSS pixels; `dpr` is how many of the screen's make one.

/** A part of the picture, in its own pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels: the window through which the part is seen, and the picture behind it. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  /** CSS pixels for each pixel of the picture. */
  readonly scale: number;
  /** Each of its pixels is a square of whole pixels of the screen. */
  readonly crisp: boolean;
}

/** A fit that is this close below a whole number of pixels is taken down to it: crisp beats large. */
const SNAP = 1.03;
const NEARLY = 1e-6;

/** Put `part` of `picture` into `room`; pixel for pixel unless it is to `fit`, in which case it grows to its own size at most. */
export function placed(picture: Size, part: Part, room: Size, dpr: number, fit: boolean): Placed {
  const scale = fit ? snapped(Math.min(1, room.width / part.width, room.height / part.height), dpr) : 1 / dpr;
  const across = scale * dpr;
  return {
    width: part.width * scale,
    height: part.height * scale,
    left: -part.x * scale,
    top: -part.y * scale,
    pictureWidth: picture.width * scale,
    pictureHeight: picture.height * scale,
    scale,
    crisp: across > 1 - NEARLY && Math.abs(across - Math.round(across)) < NEARLY,
  };
}

function snapped(scale: number, dpr: number): number {
  const across = scale * dpr;
  const whole = Math.floor(across + NEARLY);
  return whole >= 1 && across / whole < SNAP ? whole / dpr : scale;
}

/** The pixel of the picture under a place on the page, and never one of a part that is not shown. */
export function pixelAt(at: { readonly x: number; readonly y: number }, box: Part, picture: Size, part: Part): { x: number; y: number } {
  const x = Math.floor(((at.x - box.x) * picture.width) / box.width);
  const y = Math.floor(((at.y - box.y) * picture.height) / box.height);
  return { x: within(x, part.x, part.width), y: within(y, part.y, part.height) };
}

function within(value: number, from: number, size: number): number {
  return Math.min(Math.max(value, from), from + Math.max(size - 1, 0));
}

/** Which monitor comes next in a round: the whole picture (-1), then each from the left. */
export function nextMonitor(chosen: number, count: number, step: 1 | -1): number {
  const places = count + 1;
  return ((chosen + 1 + step + places) % places) - 1;
}

/** The part of the picture that is shown: a monitor that is there, else the whole of it. */
export function partOf(picture: Size, monitors: readonly Part[], chosen: number): Part {
  return monitors[chosen] ?? { x: 0, y: 0, ...picture };
}
