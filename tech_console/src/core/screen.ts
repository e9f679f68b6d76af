// Pictures as they arrive on the screen lane (wire/sealed/screen.py has the layout): taking messages apart and putting
// records together. Nothing here draws. A host is not trusted with this page's memory: every size has its bound.

import { Codec, LIMITS, ScreenMessage } from "../wire.gen";
import { concat, owned, readU64, u32, u8, view, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";
import { readCursor, readMonitors, readPointer, type Cursor, type Monitor, type Pointer, type Scene } from "./scene";
import { isTile } from "./tiles";

/** The size of the whole picture. */
export interface Layout {
  readonly kind: "layout";
  readonly width: number;
  readonly height: number;
}

/** One rectangle, still encoded. */
export interface Piece {
  readonly kind: "piece";
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly codec: Codec;
  readonly data: Bytes;
}

/** What stands at `from_x`, `from_y` stands at `x`, `y` too: a scroll, or a window that was moved. Names are the wire's. */
export interface Copy {
  readonly kind: "copy";
  readonly frame: number;
  readonly from_x: number;
  readonly from_y: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A frame is whole. `boot` is the host's own clock in microseconds. */
export interface FrameEnd {
  readonly kind: "frame_end";
  readonly frame: number;
  readonly boot: number;
}

export type Picture = Layout | Copy | Piece | FrameEnd | Scene;

const LAYOUT_SIZE = 5;
const PIECE_HEAD = 14;
const FRAME_END_SIZE = 13;
const COPY_SIZE = 17;
const PARCEL_HEAD = 4;
const ACK = 1;
const LONGEST = 0xffff;
const CODECS: ReadonlySet<number> = new Set(Object.values(Codec));

/** Read one whole message. Throws MalformedMessage. */
export function decodePicture(data: Bytes): Picture {
  if (data.length > LIMITS.PICTURE_MESSAGE_MAX) throw new MalformedMessage("screen", "is too long");
  switch (data[0]) {
    case ScreenMessage.LAYOUT:
      return readLayout(sized(data, LAYOUT_SIZE));
    case ScreenMessage.PIECE:
      return readPiece(data);
    case ScreenMessage.COPY:
      return readCopy(sized(data, COPY_SIZE));
    case ScreenMessage.FRAME_END:
      return readFrameEnd(sized(data, FRAME_END_SIZE));
    case ScreenMessage.CURSOR:
      return readCursor(data);
    case ScreenMessage.POINTER:
      return readPointer(data);
    case ScreenMessage.MONITORS:
      return readMonitors(data);
    default:
      throw new MalformedMessage("screen", "is unknown");
  }
}

function sized(data: Bytes, size: number): DataView {
  if (data.length !== size) throw new MalformedMessage("screen", "has a wrong length");
  return view(data);
}

function readLayout(data: DataView): Layout {
  const [width, height] = [data.getUint16(1), data.getUint16(3)];
  if (width === 0 || height === 0) throw new MalformedMessage("screen.layout", "is empty");
  if (Math.max(width, height) > LIMITS.PICTURE_SIDE_MAX || width * height > LIMITS.PICTURE_PIXELS_MAX) {
    throw new MalformedMessage("screen.layout", "is larger than any screen");
  }
  return { kind: "layout", width, height };
}

function readPiece(bytes: Bytes): Piece {
  if (bytes.length <= PIECE_HEAD) throw new MalformedMessage("screen.piece", "has no pixels");
  const data = view(bytes);
  const [width, height] = [data.getUint16(9), data.getUint16(11)];
  const most = LIMITS.PIECE_PIXELS_MAX;
  if (width === 0 || height === 0 || width > most || height > most) throw new MalformedMessage("screen.piece", "has a wrong size");
  const codec = data.getUint8(13);
  if (!isCodec(codec)) throw new MalformedMessage("screen.piece", "has an unknown codec");
  const pixels = owned(bytes.subarray(PIECE_HEAD));
  if (!isTile(codec, width, height, pixels)) throw new MalformedMessage("screen.piece", "is not a picture of its size");
  return { kind: "piece", frame: data.getUint32(1), x: data.getUint16(5), y: data.getUint16(7), width, height, codec, data: pixels };
}

function isCodec(value: number): value is Codec {
  return CODECS.has(value);
}

function readCopy(data: DataView): Copy {
  const [width, height] = [data.getUint16(13), data.getUint16(15)];
  if (width === 0 || height === 0) throw new MalformedMessage("screen.copy", "is empty");
  const from = { from_x: data.getUint16(5), from_y: data.getUint16(7) };
  return { kind: "copy", frame: data.getUint32(1), ...from, x: data.getUint16(9), y: data.getUint16(11), width, height };
}

function readFrameEnd(data: DataView): FrameEnd {
  return { kind: "frame_end", frame: data.getUint32(1), boot: readU64(data, 5) };
}

/** What tells the host that a frame is on the technician's screen, so many milliseconds after the last of it had come. */
export function encodeAck(frame: number, worked: number): Bytes {
  const milliseconds = Math.min(LONGEST, Math.max(0, Math.round(worked)));
  return concat(u8(ACK), u32(frame), u8(milliseconds >> 8), u8(milliseconds & 0xff));
}

/** Puts one lane's records together again; holds at most one parcel, and never more than PICTURE_PARCEL_MAX bytes. */
export class Reassembly {
  private held: Bytes[] = [];
  private size = 0;

  /** The whole parcel when this record was its last part, else null. Throws MalformedMessage. */
  add(plain: Bytes): Bytes | null {
    const more = plain[0];
    if (plain.length < 2 || more === undefined || more > 1) throw new MalformedMessage("screen.record", "carries no part of a parcel");
    this.size += plain.length - 1;
    if (this.size > LIMITS.PICTURE_PARCEL_MAX) throw new MalformedMessage("screen.record", "makes a parcel that is too long");
    this.held.push(plain.subarray(1));
    if (more === 1) return null;
    const whole = concat(...this.held);
    this.held = [];
    this.size = 0;
    return whole;
  }
}

/** The messages of a parcel, in their order (wire/sealed/parcel.py). Throws MalformedMessage. */
export function messagesOf(parcel: Bytes): Bytes[] {
  if (parcel.length === 0) throw new MalformedMessage("screen.parcel", "is empty");
  const lengths = view(parcel);
  const messages: Bytes[] = [];
  for (let at = 0; at < parcel.length; ) {
    const begin = at + PARCEL_HEAD;
    if (begin > parcel.length) throw new MalformedMessage("screen.parcel", "is cut short");
    at = begin + lengths.getUint32(begin - PARCEL_HEAD);
    if (at === begin || at > parcel.length) throw new MalformedMessage("screen.parcel", "holds an empty message, or one that is cut short");
    messages.push(parcel.subarray(begin, at));
  }
  return messages;
}

/** One frame of which everything has arrived. Its copies come first, in their order; then its pieces. */
export interface WholeFrame {
  readonly frame: number;
  readonly boot: number;
  readonly layout: Layout;
  /** The first of its layout: it is drawn on black. */
  readonly begins: boolean;
  readonly copies: readonly Copy[];
  /** None: the picture is one. */
  readonly monitors: readonly Monitor[];
  readonly pieces: readonly Piece[];
}

/** Gathers copies and pieces until their frame is whole, so that nothing half done is ever drawn. */
export class FrameAssembly {
  private layout: Layout | null = null;
  private begins = false;
  private frame: number | null = null;
  private monitors: readonly Monitor[] = [];
  private copies: Copy[] = [];
  private pieces: Piece[] = [];
  private area = 0;

  /** A whole frame when `picture` ends one, else null. Throws MalformedMessage for what lies outside the picture. */
  add(picture: Exclude<Picture, Cursor | Pointer>): WholeFrame | null {
    switch (picture.kind) {
      case "layout":
        this.begin(picture);
        return null;
      case "copy":
        this.move(picture);
        return null;
      case "piece":
        this.keep(picture);
        return null;
      case "frame_end":
        return this.finish(picture);
      case "monitors":
        this.divide(picture.monitors);
        return null;
    }
  }

  /** A host that was suspended begins anew: what was cut inside a frame never ends, and is let fall. */
  private begin(layout: Layout): void {
    this.forget();
    this.layout = layout;
    this.monitors = [];
    this.begins = true;
  }

  private forget(): void {
    this.frame = null;
    this.copies = [];
    this.pieces = [];
    this.area = 0;
  }

  private divide(monitors: readonly Monitor[]): void {
    if (this.layout === null || !monitors.every((each) => this.holds(each))) throw new MalformedMessage("screen.monitors", "lies outside the picture");
    this.monitors = monitors;
  }

  private move(copy: Copy): void {
    this.admit("screen.copy", copy);
    const from = { x: copy.from_x, y: copy.from_y, width: copy.width, height: copy.height };
    if (!this.holds(from) || this.pieces.length > 0) throw new MalformedMessage("screen.copy", "reads what is not there");
    if (this.copies.length >= LIMITS.COPIES_MAX) throw new MalformedMessage("screen.copy", "is one too many");
    this.copies.push(copy);
  }

  private keep(piece: Piece): void {
    this.admit("screen.piece", piece);
    if (this.pieces.length >= LIMITS.LIST_MAX) throw new MalformedMessage("screen.piece", "is one too many");
    this.pieces.push(piece);
  }

  /** What is drawn belongs to one frame, lies inside the picture, and is not more than a picture's worth twice over. */
  private admit(path: string, drawn: Copy | Piece): void {
    if (this.layout === null) throw new MalformedMessage(path, "comes before any layout");
    if (!this.holds(drawn)) throw new MalformedMessage(path, "lies outside the picture");
    if ((this.frame ??= drawn.frame) !== drawn.frame) throw new MalformedMessage(path, "is of another frame");
    this.area += drawn.width * drawn.height;
    if (this.area > 2 * this.layout.width * this.layout.height) throw new MalformedMessage(path, "is one too many");
  }

  private holds({ x, y, width, height }: { x: number; y: number; width: number; height: number }): boolean {
    return this.layout !== null && x + width <= this.layout.width && y + height <= this.layout.height;
  }

  private finish(end: FrameEnd): WholeFrame {
    const { layout, begins, copies, pieces } = this;
    if (layout === null || (this.frame ?? end.frame) !== end.frame) throw new MalformedMessage("screen.frame_end", "ends no frame");
    this.forget();
    this.begins = false;
    return { frame: end.frame, boot: end.boot, layout, monitors: this.monitors, begins, copies, pieces };
  }
}
