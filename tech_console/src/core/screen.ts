// Pictures as they arrive on the screen lane (wire/sealed/screen.py has the layout): taking messages apart and putting
// records together. Nothing here draws. A host is not trusted with this page's memory: every size has its bound.

import { Codec, LIMITS, ScreenMessage } from "../wire.gen";
import { concat, owned, readU64, u32, u8, view, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";

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
  readonly data: Bytes;
}

/** A frame is whole. `boot` is the host's own clock in microseconds. */
export interface FrameEnd {
  readonly kind: "frame_end";
  readonly frame: number;
  readonly boot: number;
}

export type Picture = Layout | Piece | FrameEnd;

const LAYOUT_SIZE = 5;
const PIECE_HEAD = 14;
const FRAME_END_SIZE = 13;
const ACK = 1;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52] as const;

/** Read one whole message. Throws MalformedMessage. */
export function decodePicture(data: Bytes): Picture {
  switch (data[0]) {
    case ScreenMessage.LAYOUT:
      return readLayout(sized(data, LAYOUT_SIZE));
    case ScreenMessage.PIECE:
      return readPiece(data);
    case ScreenMessage.FRAME_END:
      return readFrameEnd(sized(data, FRAME_END_SIZE));
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
  if (data.getUint8(13) !== Codec.PNG) throw new MalformedMessage("screen.piece", "has an unknown codec");
  const pixels = owned(bytes.subarray(PIECE_HEAD));
  requirePngOf(pixels, width, height);
  return { kind: "piece", frame: data.getUint32(1), x: data.getUint16(5), y: data.getUint16(7), width, height, data: pixels };
}

/** The decoder obeys the size inside the file, so that is the one to check: a small piece must not unfold into a large one. */
function requirePngOf(data: Bytes, width: number, height: number): void {
  const begins = PNG_SIGNATURE.every((byte, at) => data[at] === byte);
  if (!begins || data.length < 24 || view(data).getUint32(16) !== width || view(data).getUint32(20) !== height) {
    throw new MalformedMessage("screen.piece", "is not a picture of its size");
  }
}

function readFrameEnd(data: DataView): FrameEnd {
  return { kind: "frame_end", frame: data.getUint32(1), boot: readU64(data, 5) };
}

/** What tells the host that a frame is on the technician's screen. */
export function encodeAck(frame: number): Bytes {
  return concat(u8(ACK), u32(frame));
}

/** Puts one lane's records together again; holds at most one message, and never more than PICTURE_MESSAGE_MAX bytes. */
export class Reassembly {
  private held: Bytes[] = [];
  private size = 0;

  /** The whole message when this record was its last part, else null. Throws MalformedMessage. */
  add(plain: Bytes): Bytes | null {
    const more = plain[0];
    if (plain.length < 2 || more === undefined || more > 1) throw new MalformedMessage("screen.record", "carries no part of a message");
    this.size += plain.length - 1;
    if (this.size > LIMITS.PICTURE_MESSAGE_MAX) throw new MalformedMessage("screen.record", "makes a message that is too long");
    this.held.push(plain.subarray(1));
    if (more === 1) return null;
    const whole = concat(...this.held);
    this.held = [];
    this.size = 0;
    return whole;
  }
}

/** One frame whose pieces have all arrived. */
export interface WholeFrame {
  readonly frame: number;
  readonly boot: number;
  readonly layout: Layout;
  readonly pieces: readonly Piece[];
}

/** Gathers pieces until their frame is whole, so that nothing half done is ever drawn. */
export class FrameAssembly {
  private layout: Layout | null = null;
  private pieces: Piece[] = [];
  private area = 0;

  /** A whole frame when `picture` ends one, else null. Throws MalformedMessage for pieces outside the picture. */
  add(picture: Picture): WholeFrame | null {
    switch (picture.kind) {
      case "layout":
        this.begin(picture);
        return null;
      case "piece":
        this.keep(picture);
        return null;
      case "frame_end":
        return this.finish(picture);
    }
  }

  /** A host that was suspended begins anew: what was cut inside a frame never ends, and is let fall. */
  private begin(layout: Layout): void {
    this.pieces = [];
    this.area = 0;
    this.layout = layout;
  }

  private keep(piece: Piece): void {
    const { layout } = this;
    if (layout === null) throw new MalformedMessage("screen.piece", "comes before any layout");
    if (piece.x + piece.width > layout.width || piece.y + piece.height > layout.height) {
      throw new MalformedMessage("screen.piece", "lies outside the picture");
    }
    if ((this.pieces[0]?.frame ?? piece.frame) !== piece.frame) throw new MalformedMessage("screen.piece", "is of another frame");
    this.area += piece.width * piece.height;
    if (this.area > 2 * layout.width * layout.height || this.pieces.length >= LIMITS.LIST_MAX) {
      throw new MalformedMessage("screen.piece", "is one too many");
    }
    this.pieces.push(piece);
  }

  private finish(end: FrameEnd): WholeFrame {
    const { layout, pieces } = this;
    if (layout === null || (pieces[0]?.frame ?? end.frame) !== end.frame) {
      throw new MalformedMessage("screen.frame_end", "ends no frame");
    }
    this.pieces = [];
    this.area = 0;
    return { frame: end.frame, boot: end.boot, layout, pieces };
  }
}
