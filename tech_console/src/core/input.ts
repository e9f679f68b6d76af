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

/** The same deeds without the places that the pointer only passed on its way to the next. */
export function coalesced(deeds: readonly Deed[]): Deed[] {
  return deeds.filter((deed, place) => deed.kind !== "move" || deeds[place + 1]?.kind !== "move");
}

/** What lets go of something, and nothing else: all that is still right when it arrives late. */
export function releases(deeds: readonly Deed[]): Deed[] {
  return deeds.filter((deed) => (deed.kind === "key" || deed.kind === "button") && !deed.down);
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

/** They change which characters come, and the characters come by themselves. */
const LOCKS: ReadonlySet<string> = new Set(["CapsLock", "NumLock", "ScrollLock"]);

/** Is this a key that the host knows by name? */
export function isKeyName(code: string): code is KeyName {
  return (KEYS as readonly string[]).includes(code);
}

/** Signs that have a key of their own, where they are typed without Shift on some layout that the host may have. */
const SIGNS: Readonly<Record<string, KeyName>> = {
  " ": "Space",
  "-": "Minus",
  "=": "Equal",
  "[": "BracketLeft",
  "]": "BracketRight",
  ";": "Semicolon",
  "'": "Quote",
  "`": "Backquote",
  "\\": "Backslash",
  ",": "Comma",
  ".": "Period",
  "/": "Slash",
};
/** What a keystroke becomes: a character, a key of the host's by name, or nothing. */
export type Travels =
  | { readonly as: "character"; readonly codePoint: number; readonly shortcut: boolean }
  | { readonly as: "key"; readonly name: KeyName }
  | { readonly as: "nothing" };

const NOTHING: Travels = { as: "nothing" };

/** How a keystroke travels: text as characters; shortcuts and named keys as keys, by what they mean here and not by where they are,
 * because the key that types A on this keyboard may type Q on the other. */
export function travelsAs(stroke: Keystroke): Travels {
  const codePoint = stroke.key.codePointAt(0) ?? 0;
  if ([...stroke.key].length !== 1 || !isPrintable(codePoint)) return named(stroke);
  if (!isShortcut(stroke)) return { as: "character", codePoint, shortcut: false };
  const name = keyOf(stroke);
  return name === null ? { as: "character", codePoint, shortcut: true } : { as: "key", name };
}

/** Control and Alt together are AltGr on some systems: what they type is text, unless it is a plain letter or digit. */
function isShortcut({ key, ctrl, alt, meta, altGraph }: Keystroke): boolean {
  if (altGraph || !(ctrl || alt || meta)) return false;
  return meta || !(ctrl && alt) || /^[a-z0-9 ]$/i.test(key);
}

/** The key that a shortcut means; null where only the character says it, such as the plus of Ctrl and plus. */
function keyOf({ key, code }: Keystroke): KeyName | null {
  if (/^[a-z]$/i.test(key)) return onlyKey(`Key${key.toUpperCase()}`);
  if (/^[0-9]$/.test(key)) return onlyKey(`Digit${key}`);
  if (code.startsWith("Numpad") && isKeyName(code)) return code;
  if (key in SIGNS) return SIGNS[key] ?? null;
  return /^\p{L}$/u.test(key) ? onlyKey(code) : null; // a letter that is not Latin: programs go by the place, too
}

function named({ key, code }: Keystroke): Travels {
  if (LOCKS.has(key) || LOCKS.has(code)) return isKeyName(key) && !LOCKS.has(key) ? { as: "key", name: key } : NOTHING;
  if (["Dead", "Process", "Compose", "Unidentified"].includes(key)) return NOTHING;
  if (code !== "NumpadEnter" && isKeyName(key)) return { as: "key", name: key }; // Home on the key pad is Home
  if (code.startsWith("Numpad") && code !== "NumpadEnter") return NOTHING;
  return isKeyName(code) ? { as: "key", name: code } : NOTHING;
}

function onlyKey(name: string): KeyName | null {
  return isKeyName(name) ? name : null;
}

/** Which modifier this is, also on a keyboard whose keys were given other meanings; null for any other key. */
export function modifierOf({ key, code }: Keystroke): KeyName | null {
  if (!["Shift", "Control", "Alt", "Meta"].includes(key)) return null;
  return isKeyName(code) && code.startsWith(key) ? code : onlyKey(`${key}Left`);
}
