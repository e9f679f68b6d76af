// Text that one person hands another: chat and clipboard (wire/sealed/plain_text.py). What steers whoever shows it is taken out
// before it is sent, and refused where it arrives.

import { TEXT_REFUSED } from "../wire.gen";
import { fromUtf8, utf8, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";

const NEVER = new RegExp(`[${TEXT_REFUSED.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join("")}]`, "u");
const EVERY = new RegExp(NEVER.source, "gu");

/** The same text as it may travel: line ends are one character, and what is never in a text is gone. */
export function cleaned(text: string): string {
  return text.replaceAll(/\r\n|[\r\u0085\u2028\u2029]/g, "\n").replaceAll(EVERY, "");
}

/** Its bytes; throws RangeError for a text that no reader would accept. */
export function writeText(text: string, longest: number): Bytes {
  const data = utf8(text);
  if (data.length === 0 || data.length > longest || NEVER.test(text)) throw new RangeError("no such text");
  return data;
}

/** The text in these bytes. Throws MalformedMessage for anything that `writeText` does not write. */
export function readText(data: Uint8Array, longest: number): string {
  if (data.length === 0 || data.length > longest) throw new MalformedMessage("text", "is empty or too long");
  const text = decoded(data);
  if (NEVER.test(text)) throw new MalformedMessage("text", "holds a character that steers");
  return text;
}

function decoded(data: Uint8Array): string {
  try {
    return fromUtf8(data);
  } catch {
    throw new MalformedMessage("text", "is not UTF-8");
  }
}
