// The support code as it was read out on the telephone: six digits, then two halves of four Crockford base-32 letters.
// Only the ticket and the first half are ever sent; the second half is for one key agreement and then forgotten.

/** What was typed, taken apart. */
export interface SupportCode {
  readonly ticket: string;
  readonly firstHalf: string;
  readonly secondHalf: string;
}

const TICKET = 6;
const HALF = 4;
/** Letters in a whole code, without spaces and hyphens. */
export const WHOLE = TICKET + 2 * HALF;
const MISREAD: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };
const LETTERS = /^[0-9A-HJKMNP-TV-Z]*$/;

/** Letters and digits only, upper case, with what is easily misread (O, I, L) put right, as wire/code.py does. */
export function normalise(typed: string): string {
  const bare = typed.toUpperCase().replaceAll(/[ \-\u2010\u2011\u2013\u00a0\t]/g, "");
  return bare.replaceAll(/[OIL]/g, (letter) => MISREAD[letter] ?? letter);
}

/** Grouped for the eye while it is being typed: `482-913 K7QF-2M9X`. Letters beyond the code are dropped. */
export function grouped(typed: string): string {
  const letters = normalise(typed).slice(0, WHOLE);
  const digits = [letters.slice(0, 3), letters.slice(3, TICKET)];
  const halves = [letters.slice(TICKET, TICKET + HALF), letters.slice(TICKET + HALF)];
  return [digits, halves].map((pair) => pair.filter((part) => part !== "").join("-")).join(" ").trim();
}

/** The parts of a whole code, or null while letters are missing, too many or none that a host would draw. */
export function splitCode(typed: string): SupportCode | null {
  const letters = normalise(typed);
  const ticket = letters.slice(0, TICKET);
  if (letters.length !== WHOLE || !/^[0-9]{6}$/.test(ticket) || !LETTERS.test(letters)) return null;
  return { ticket, firstHalf: letters.slice(TICKET, TICKET + HALF), secondHalf: letters.slice(TICKET + HALF) };
}

/** One half typed again after a failed agreement, or null while it is not four letters. */
export function splitHalf(typed: string): string | null {
  const letters = normalise(typed);
  return letters.length === HALF && LETTERS.test(letters) ? letters : null;
}
