// Text between the technician's clipboard and the instrument's (wire/sealed/clipboard.py has the layout). A text goes when the technician
// asks for it, and comes when the person there sends it; nothing is read or written by itself.

import { ClipboardMissing, LIMITS, Permission, PutOutcome } from "../wire.gen";
import { concat, u32, u8, utf8, view, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";
import { cleaned, readText, writeText } from "./plain_text";

const TEXT = 1;
const MISSING = 2;
const DONE = 1;
const FETCH = 1;
const HEAD = 5;
const SHORT = 6;
const MESSAGE_MAX = HEAD + LIMITS.CLIPBOARD_TEXT_MAX;

/** What came from the host: a text, or why there is none. */
export type Given =
  | { readonly kind: "text"; readonly number: number; readonly text: string }
  | { readonly kind: "missing"; readonly number: number; readonly why: ClipboardMissing };

/** PUT. Throws RangeError for a text that no reader would accept. */
export function encodePut(number: number, text: string): Bytes {
  return concat(u8(TEXT), u32(number), writeText(text, LIMITS.CLIPBOARD_TEXT_MAX));
}

/** FETCH. */
export function encodeFetch(number: number): Bytes {
  return concat(u8(FETCH), u32(number));
}

/** DONE: the number, and whether it is there. Throws MalformedMessage. */
export function decodeDone(data: Bytes): { readonly number: number; readonly done: boolean } {
  const outcome = data[SHORT - 1];
  const known = outcome === PutOutcome.DONE || outcome === PutOutcome.REFUSED;
  if (data.length !== SHORT || data[0] !== DONE || !known) throw new MalformedMessage("clipboard.done", "is no answer");
  return { number: view(data).getUint32(1), done: outcome === PutOutcome.DONE };
}

/** GIVEN or MISSING. Throws MalformedMessage. */
export function decodeGiven(data: Bytes): Given {
  if (data.length === SHORT && data[0] === MISSING) return missing(data);
  if (data.length <= HEAD || data[0] !== TEXT) throw new MalformedMessage("clipboard", "is no text");
  return { kind: "text", number: view(data).getUint32(1), text: readText(data.subarray(HEAD), LIMITS.CLIPBOARD_TEXT_MAX) };
}

function missing(data: Bytes): Given {
  const why = Object.values(ClipboardMissing).find((each) => each === data[SHORT - 1]);
  if (why === undefined) throw new MalformedMessage("clipboard.missing", "is unknown");
  return { kind: "missing", number: view(data).getUint32(1), why };
}

/** Cut one message into record plaintexts. */
export function recordsOf(message: Bytes): Bytes[] {
  const step = LIMITS.RECORD_PLAIN_MAX - 1;
  const made: Bytes[] = [];
  for (let start = 0; start < message.length; start += step) {
    const more = start + step < message.length ? 1 : 0;
    made.push(concat(u8(more), message.subarray(start, start + step)));
  }
  return made;
}

/** Puts the host's records together again; holds at most one message, and never more than it may have. */
export class Parts {
  private held: Bytes[] = [];
  private size = 0;

  /** The whole message when this was its last part, else null. Throws MalformedMessage. */
  add(plain: Bytes): Bytes | null {
    const more = plain[0];
    if (plain.length < 2 || more === undefined || more > 1) throw new MalformedMessage("clipboard.record", "carries no part of a message");
    this.size += plain.length - 1;
    if (this.size > MESSAGE_MAX) throw new MalformedMessage("clipboard.record", "makes a message that is too long");
    this.held.push(plain.subarray(1));
    if (more === 1) return null;
    const whole = concat(...this.held);
    [this.held, this.size] = [[], 0];
    return whole;
  }
}

/** Where the text to the host stands. `letters`: how long the last one was. */
export interface PutView {
  readonly state: "none" | "sent" | "there" | "refused" | "too_long" | "nothing";
  readonly letters: number;
}

/** Where the text from the host stands. */
export interface FetchView {
  readonly state: "none" | "asked" | "here" | "missing";
  readonly text: string;
  readonly why: ClipboardMissing | null;
}

export interface ClipboardView {
  readonly put: PutView;
  readonly fetch: FetchView;
}

export const NO_CLIPBOARD: ClipboardView = {
  put: { state: "none", letters: 0 },
  fetch: { state: "none", text: "", why: null },
};

/** Both directions of one visit. What was fetched is kept here until it is put away, withdrawn, or the visit is over. */
export class Clipboard {
  private shown: ClipboardView = NO_CLIPBOARD;
  private parts = new Parts();
  private puts = 0;
  private fetches = 0;

  get view(): ClipboardView {
    return this.shown;
  }

  /** The record plaintexts that put this text into the host's clipboard; none where it cannot be. */
  put(text: string): Bytes[] {
    const clean = cleaned(text);
    const size = utf8(clean).length;
    if (size === 0 || size > LIMITS.CLIPBOARD_TEXT_MAX) {
      this.show({ put: { state: size === 0 ? "nothing" : "too_long", letters: 0 } });
      return [];
    }
    this.puts += 1;
    this.show({ put: { state: "sent", letters: [...clean].length } });
    return recordsOf(encodePut(this.puts, clean));
  }

  /** The record plaintext that asks for what was copied there. */
  fetch(): Bytes {
    this.fetches += 1;
    this.show({ fetch: { state: "asked", text: "", why: null } });
    return encodeFetch(this.fetches);
  }

  /** Let go of what was fetched. */
  putAway(): void {
    this.show({ fetch: NO_CLIPBOARD.fetch });
  }

  /** One record of the host. Throws MalformedMessage. */
  received(permission: Permission, plain: Bytes): void {
    if (permission === Permission.CLIPBOARD_TO_HOST) this.answered(decodeDone(plain));
    else this.came(plain);
  }

  /** The line was cut: what was on its way is lost, and nothing of it goes on under new keys. What is here stays. */
  parted(): void {
    this.parts = new Parts();
    if (this.shown.put.state === "sent") this.show({ put: { ...this.shown.put, state: "refused" } });
    if (this.shown.fetch.state === "asked") this.show({ fetch: { state: "missing", text: "", why: ClipboardMissing.NOT_SENT } });
  }

  /** A right was taken back, or begins anew: nothing of it is left. */
  withdrawn(permission: Permission): void {
    if (permission === Permission.CLIPBOARD_TO_HOST) {
      this.puts = 0;
      this.show({ put: NO_CLIPBOARD.put });
    } else if (permission === Permission.CLIPBOARD_FROM_HOST) {
      [this.fetches, this.parts] = [0, new Parts()];
      this.show({ fetch: NO_CLIPBOARD.fetch });
    }
  }

  private answered({ number, done }: { readonly number: number; readonly done: boolean }): void {
    if (number === this.puts) this.show({ put: { ...this.shown.put, state: done ? "there" : "refused" } });
  }

  private came(plain: Bytes): void {
    const whole = this.parts.add(plain);
    const given = whole === null ? null : decodeGiven(whole);
    if (given === null || given.number !== this.fetches || this.shown.fetch.state !== "asked") return; // an older question's answer
    const fetch = given.kind === "text" ? { state: "here" as const, text: given.text, why: null } : { state: "missing" as const, text: "", why: given.why };
    this.show({ fetch });
  }

  private show(change: Partial<ClipboardView>): void {
    this.shown = { ...this.shown, ...change };
  }
}
