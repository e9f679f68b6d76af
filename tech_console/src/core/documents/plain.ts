// The one spelling of metadata: plain ASCII, sorted, without white space, no field more and none less (docs/keys.md,
// "Spelling"). So no two readers can see two things in the same bytes, and what is signed are the characters of the file.

import { fromUtf8, type Bytes } from "../bytes";
import { canonical, type Json, type JsonObject } from "../json";
import { invalid } from "./refused";

const PRINTABLE = /^[\x20-\x5b\x5d-\x7e]*$/; // all but the backslash: nothing can be written in a second way
const MOST = Number.MAX_SAFE_INTEGER;

/** The object that these bytes spell. Throws DocumentRefused. */
export function parsePlain(content: Bytes): JsonObject {
  const { value, again, text } = parsed(content);
  if (again !== text || !PRINTABLE.test(text)) throw invalid("metadata that is not written plainly");
  return asObject(value);
}

function parsed(content: Bytes): { value: Json; again: string; text: string } {
  try {
    const text = fromUtf8(content);
    const value = JSON.parse(text) as Json;
    return { value, again: canonical(value), text }; // a key that stands in it twice is missing here
  } catch {
    throw invalid("no JSON"); // also too deep to be written again
  }
}

/** Throws DocumentRefused unless it is an object. */
export function asObject(value: Json | undefined): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("something that is no object");
  return value;
}

/** An object with exactly these fields. Throws DocumentRefused. */
export function exactly(value: Json | undefined, ...fields: readonly string[]): JsonObject {
  const body = asObject(value);
  const right = Object.keys(body).length === fields.length && fields.every((field) => Object.hasOwn(body, field));
  if (!right) throw invalid("an unknown or a missing field");
  return body;
}

/** Throws DocumentRefused unless it is a list. */
export function asList(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw invalid("something that is no list");
  return value;
}

/** A whole number from `lowest` to 2^53-1. Throws DocumentRefused. */
export function asNumber(value: Json | undefined, lowest = 1): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < lowest || value > MOST) throw invalid("no number in bounds");
  return value;
}

/** A text of this form. Throws DocumentRefused. */
export function written(value: Json | undefined, form: RegExp): string {
  if (typeof value !== "string" || !form.test(value)) throw invalid("something that is not written as it must be");
  return value;
}
