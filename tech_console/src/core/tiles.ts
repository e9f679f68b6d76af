// What the data of a piece may look like (wire/sealed/tiles.py has the layouts): one picture of exactly the piece's size and
// nothing beside it. Checked before any decoder sees it, because a decoder obeys the sizes and chunks inside the file.

import { Codec, LIMITS } from "../wire.gen";
import { view, type Bytes } from "./bytes";

export const PIXEL = 3;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const NAMES: Readonly<Record<number, string>> = { 0x49484452: "IHDR", 0x504c5445: "PLTE", 0x49444154: "IDAT", 0x49454e44: "IEND" };
const CHUNK_FRAME = 12;
const CHUNK_HEAD = 8;
const IHDR_SIZE = 13;
const RGB = 2;
const PALETTE = 3;
const [SOF, SOS, EOI] = [0xc0, 0xda, 0xd9];
const TABLES: ReadonlySet<number> = new Set([0xe0, 0xdb, 0xc4]);
const COMPONENTS = 3;
const WEBP_HEAD = 25;
const WEBP_NAMES: readonly (readonly [number, number])[] = [
  [0, 0x52494646],
  [8, 0x57454250],
  [12, 0x5650384c],
];
const VP8L = 0x2f;
const FRAME_SIZE = 6 + 3 * COMPONENTS;
const SCAN_SIZE = 4 + 2 * COMPONENTS;

/** Whether `data` is a picture of this codec and size. */
export function isTile(codec: Codec, width: number, height: number, data: Bytes): boolean {
  switch (codec) {
    case Codec.PNG:
      return isPng(width, height, data);
    case Codec.JPEG:
      return isJpeg(width, height, data);
    case Codec.WEBP:
      return isWebp(width, height, data);
    case Codec.RAW:
      return width * height <= LIMITS.RAW_PIXELS_MAX && data.length === PIXEL * width * height;
    case Codec.FILL:
      return data.length === PIXEL;
  }
}

function isPng(width: number, height: number, data: Bytes): boolean {
  const looked = view(data);
  const names: string[] = [];
  let palette = 0;
  let at = SIGNATURE.length;
  while (at + CHUNK_HEAD <= data.length) {
    const length = looked.getUint32(at);
    const name = NAMES[looked.getUint32(at + 4)];
    if (name === undefined || (name === "IHDR" && (length !== IHDR_SIZE || names.length > 0))) return false;
    if (name === "PLTE") palette = length;
    if (name !== "IDAT" || names.at(-1) !== name) names.push(name);
    if (names.length > 4) return false;
    at += CHUNK_FRAME + length;
  }
  if (at !== data.length || !SIGNATURE.every((byte, place) => data[place] === byte)) return false;
  const order = names.join();
  if (order === "IHDR,IDAT,IEND") return isHeader(looked, width, height, RGB);
  return order === "IHDR,PLTE,IDAT,IEND" && isHeader(looked, width, height, PALETTE) && fitsDepth(palette, looked.getUint8(24));
}

/** Width, height, depth, colour type; then compression, filter and interlace, none of which is ever anything but 0. */
function isHeader(data: DataView, width: number, height: number, type: number): boolean {
  const depths = type === RGB ? [8] : [1, 2, 4, 8];
  return (
    data.getUint32(16) === width &&
    data.getUint32(20) === height &&
    depths.includes(data.getUint8(24)) &&
    data.getUint8(25) === type &&
    [26, 27, 28].every((at) => data.getUint8(at) === 0)
  );
}

function fitsDepth(palette: number, depth: number): boolean {
  return palette > 0 && palette % PIXEL === 0 && palette <= PIXEL << depth;
}

/** Walks the segments up to the one scan; inside it no marker may stand but the end. */
function isJpeg(width: number, height: number, data: Bytes): boolean {
  const looked = view(data);
  let framed = false;
  let at = 2;
  while (at + 4 <= data.length) {
    const [marker, length] = [looked.getUint8(at + 1), looked.getUint16(at + 2)];
    const body = at + 4;
    if (looked.getUint8(at) !== 0xff || length < 2) return false;
    if (marker === SOF && (framed || length !== FRAME_SIZE + 2 || !isFrame(data, body, width, height))) return false;
    at += 2 + length;
    if (marker === SOS) return framed && length === SCAN_SIZE + 2 && data[body] === COMPONENTS && startsRight(data) && endsAfter(data, at);
    if (marker !== SOF && !TABLES.has(marker)) return false;
    framed ||= marker === SOF;
  }
  return false;
}

/** Precision, height, width, three components, none subsampled. */
function isFrame(data: Bytes, at: number, width: number, height: number): boolean {
  if (at + FRAME_SIZE > data.length) return false;
  const looked = view(data);
  const plain = looked.getUint8(at) === 8 && looked.getUint8(at + 5) === COMPONENTS;
  const sized = looked.getUint16(at + 1) === height && looked.getUint16(at + 3) === width;
  return plain && sized && [7, 10, 13].every((sampling) => looked.getUint8(at + sampling) === 0x11);
}

function startsRight(data: Bytes): boolean {
  return data[0] === 0xff && data[1] === 0xd8;
}

function endsAfter(data: Bytes, scan: number): boolean {
  let at = data.indexOf(0xff, scan);
  while (at >= 0 && data[at + 1] === 0) at = data.indexOf(0xff, at + 2);
  return at >= 0 && at === data.length - 2 && data[at + 1] === EOI;
}

/** RIFF counts what follows it, its one chunk what is its own; the last byte may be there to make that even. */
function isWebp(width: number, height: number, data: Bytes): boolean {
  if (data.length <= WEBP_HEAD || data.length % 2 === 1) return false;
  const looked = view(data);
  const named = WEBP_NAMES.every(([at, name]) => looked.getUint32(at) === name);
  const spare = data.length - 20 - looked.getUint32(16, true);
  const sized = (width - 1) | ((height - 1) << 14);
  const counted = looked.getUint32(4, true) === data.length - 8 && (spare === 0 || spare === 1);
  return named && counted && data[20] === VP8L && looked.getUint32(21, true) === sized;
}
