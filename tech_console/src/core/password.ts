// Which passwords are good enough, told while somebody types: the rules of policy/passwords.py without its lists. The broker decides.

import type { PasswordTerms } from "../wire.gen";

/** What is still wrong with it; `password-<value>` in the catalogues. */
export type PasswordVerdict = "short" | "long" | "simple" | "close" | "classes" | "good";

/** The default profile, where the broker has not said another. */
export const DEFAULT_TERMS: PasswordTerms = { shortest: 15, classes: 0, days: 0 };
const LONGEST = 256;
const DISTINCT_LEAST = 5;
const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];

/** Judge a password for a person whose names are `about`. Lengths in characters. */
export function judge(password: string, about: readonly string[], terms: PasswordTerms = DEFAULT_TERMS): PasswordVerdict {
  const written = password.normalize("NFKC");
  const length = [...written].length;
  const plain = written.toLowerCase();
  if (length < terms.shortest) return "short";
  if (length > LONGEST) return "long";
  if (new Set(plain).size < DISTINCT_LEAST) return "simple";
  const near = (name: string) =>
    name !== "" && plain.includes(name.toLowerCase()) && length - [...name].length < Math.floor(terms.shortest / 2);
  if (about.some(near)) return "close";
  return CLASSES.filter((kind) => kind.test(written)).length < terms.classes ? "classes" : "good";
}
