// The technician's hand: events packed into batches of one size (wire/sealed/input.py has the layout), and the rule which
// keystrokes travel as characters and which as keys. Nothing here listens to a keyboard.

import { BUTTONS, InputEvent, KEYS, LIMITS, type KeyName } from "../wire.gen";
import { concat, u32, u8, type Bytes } from "./bytes";

/** One thing the technician did. Positions are pixels of the host's picture. */
export type Deed =
  | { readonly kind: "move"; readonly x: number; readonly y: number }
  | { readonly kind: "button"; readonly number: number; readonly down: boolean }
  | { readonly kind: "wheel"; readonly dx: number; readonly dy: number }
  | { readonly kind: "character"; readonly codePoint: number }
  | { readonly kind: "key"; readonly name: KeyName; readonly down: boolean };

const HEAD = 9;
/** Room for events in one batch. */
export const ROOM = LIMITS.INPUT_PLAIN - HEAD;

/** Pack one event. Throws RangeError for one that no reader would accept. */
export function packDeed(deed: Deed): Bytes {
  switch (deed.kind) {
    case "move":
      return concat(u8(InputEvent.MOVE), u16(deed.x), u16(deed.y));
    case "button":
      return concat(u8(InputEvent.BUTTON), u8(below(deed.number, BUTTONS)), u8(deed.down ? 1 : 0));
    case "wheel":
      return concat(u8(InputEvent.WHEEL), i8(deed.dx), i8(deed.dy));
    case "character":
      return concat(u8(InputEvent.CHARACTER), u32(printable(deed.codePoint)));
    case "key":
      return concat(u8(InputEvent.KEY), u8(KEYS.indexOf(deed.name)), u8(deed.down ? 1 : 0));
  }
}

function u16(value: number): Bytes {
  below(value, 65_536);
  return Uint8Array.of(value >> 8, value & 0xff);
}

function i8(value: number): Bytes {
  below(value + 128, 256);
  return u8(value & 0xff);
}

function below(value: number, end: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= end) throw new RangeError("an input event is out of range");
  return value;
}

function printable(codePoint: number): number {
  if (!isPrintable(codePoint)) throw new RangeError("not a printable character");
  return codePoint;
}

/** Control characters are keys here, and half characters are nothing at all. */
function isPrintable(codePoint: number): boolean {
  const control = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
  return !control && !(codePoint >= 0xd800 && codePoint <= 0xdfff) && codePoint <= 0x10ffff;
}

/** As many batches as the events need, each exactly INPUT_PLAIN bytes, naming the frame they were meant for. */
export function batches(picture: number, milliseconds: number, deeds: readonly Deed[]): Bytes[] {
  const made: Bytes[] = [];
  let [held, size]: [Bytes[], number] = [[], 0];
  for (const packed of deeds.map(packDeed)) {
    if (size + packed.length > ROOM) {
      made.push(batch(picture, milliseconds, held));
      [held, size] = [[], 0];
    }
    held.push(packed);
    size += packed.length;
  }
  if (held.length > 0) made.push(batch(picture, milliseconds, held));
  return made;
}

function batch(picture: number, milliseconds: number, packed: readonly Bytes[]): Bytes {
  const data = concat(u32(picture), u32(milliseconds), u8(packed.length), ...packed);
  return concat(data, new Uint8Array(LIMITS.INPUT_PLAIN - data.length));
}

/** What matters of a KeyboardEvent. */
export interface Keystroke {
  readonly code: string;
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly altGraph: boolean;
}

const MODIFIERS: ReadonlySet<string> = new Set(KEYS.slice(0, 8));
/** They change which characters come, and the characters come by themselves. */
const LOCKS: ReadonlySet<string> = new Set(["CapsLock", "NumLock", "ScrollLock"]);

/** Is this a key that the host knows by name? */
export function isKeyName(code: string): code is KeyName {
  return (KEYS as readonly string[]).includes(code);
}

/** How a keystroke travels: text as characters, shortcuts and named keys as keys. */
export function travelsAs(stroke: Keystroke): "character" | "key" | "nothing" {
  const letters = [...stroke.key];
  const text = letters.length === 1 && isPrintable(letters[0]?.codePointAt(0) ?? 0);
  const shortcut = !stroke.altGraph && (stroke.ctrl || stroke.alt || stroke.meta);
  if (text && !shortcut) return "character";
  if (["Dead", "Process", "Compose", "Unidentified"].includes(stroke.key) || LOCKS.has(stroke.code)) return "nothing";
  return isKeyName(stroke.code) ? "key" : "nothing";
}

/** Shift, Control, Alt and Meta, left and right. */
export function isModifier(name: KeyName): boolean {
  return MODIFIERS.has(name);
}
