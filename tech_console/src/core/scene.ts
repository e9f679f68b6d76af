// What belongs to a picture and is no pixel of it: the pointer's shapes, where it is, and the monitors (wire/sealed/scene.py
// has the layout). A shape is plain pixels of a bounded size: nothing here asks a decoder.

import { LIMITS } from "../wire.gen";
import { owned, view, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";

/** A shape of the pointer, straight RGBA, kept in its slot. */
export interface Cursor {
  readonly kind: "cursor";
  readonly slot: number;
  readonly width: number;
  readonly height: number;
  readonly hot_x: number;
  readonly hot_y: number;
  readonly data: Bytes;
}

/** Where the pointer is, in pixels of the picture, and the slot of its shape (POINTER_HIDDEN: not to be seen). */
export interface Pointer {
  readonly kind: "pointer";
  readonly slot: number;
  readonly x: number;
  readonly y: number;
}

/** One monitor's part of the picture. */
export interface Monitor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: number;
}

/** All monitors of the layout before. */
export interface Monitors {
  readonly kind: "monitors";
  readonly monitors: readonly Monitor[];
}

export type Scene = Cursor | Pointer | Monitors;

const CURSOR_HEAD = 6;
const POINTER_SIZE = 6;
const MONITOR_SIZE = 9;

/** Throws MalformedMessage, as the others do. */
export function readCursor(bytes: Bytes): Cursor {
  if (bytes.length < CURSOR_HEAD) throw new MalformedMessage("screen.cursor", "has a wrong length");
  const data = view(bytes);
  const [slot, width, height] = [data.getUint8(1), data.getUint8(2), data.getUint8(3)];
  const [hot_x, hot_y] = [data.getUint8(4), data.getUint8(5)];
  const most = LIMITS.CURSOR_SIDE_MAX;
  if (slot >= LIMITS.CURSOR_SLOTS) throw new MalformedMessage("screen.cursor", "has no such slot");
  const fits = width > 0 && height > 0 && width <= most && height <= most && hot_x < width && hot_y < height;
  if (!fits || bytes.length !== CURSOR_HEAD + width * height * 4) throw new MalformedMessage("screen.cursor", "has a wrong size");
  return { kind: "cursor", slot, width, height, hot_x, hot_y, data: owned(bytes.subarray(CURSOR_HEAD)) };
}

export function readPointer(bytes: Bytes): Pointer {
  if (bytes.length !== POINTER_SIZE) throw new MalformedMessage("screen.pointer", "has a wrong length");
  const data = view(bytes);
  const [slot, x, y] = [data.getUint8(1), data.getUint16(2), data.getUint16(4)];
  if (slot >= LIMITS.CURSOR_SLOTS && slot !== LIMITS.POINTER_HIDDEN) throw new MalformedMessage("screen.pointer", "has no such shape");
  if (Math.max(x, y) >= LIMITS.PICTURE_SIDE_MAX) throw new MalformedMessage("screen.pointer", "lies outside any screen");
  return { kind: "pointer", slot, x, y };
}

export function readMonitors(bytes: Bytes): Monitors {
  const count = bytes[1];
  if (count === undefined || count > LIMITS.MONITORS_MAX || bytes.length !== 2 + count * MONITOR_SIZE) {
    throw new MalformedMessage("screen.monitors", "has a wrong length");
  }
  const data = view(bytes);
  const monitors = Array.from({ length: count }, (_, at) => readMonitor(data, 2 + at * MONITOR_SIZE));
  if (monitors.filter((each) => each.primary === 1).length > 1) throw new MalformedMessage("screen.monitors", "has two that are the first");
  return { kind: "monitors", monitors };
}

function readMonitor(data: DataView, at: number): Monitor {
  const [x, y, width, height] = [data.getUint16(at), data.getUint16(at + 2), data.getUint16(at + 4), data.getUint16(at + 6)];
  const primary = data.getUint8(at + 8);
  const within = Math.max(x + width, y + height) <= LIMITS.PICTURE_SIDE_MAX;
  if (width === 0 || height === 0 || !within || primary > 1) throw new MalformedMessage("screen.monitors", "lies outside any screen");
  return { x, y, width, height, primary };
}
