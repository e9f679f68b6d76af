// Which passwords are good enough, told while somebody types: the rules of policy/passwords.py. The broker decides.

/** What is still wrong with it; `password-<value>` in the catalogues. */
export type PasswordVerdict = "short" | "long" | "simple" | "close" | "good";

export const SHORTEST = 15;
const LONGEST = 256;
const DISTINCT_LEAST = 5;

/** Judge a password for a person whose names are `about`. Lengths in characters. */
export function judge(password: string, about: readonly string[]): PasswordVerdict {
  const length = [...password].length;
  const plain = password.toLowerCase();
  if (length < SHORTEST) return "short";
  if (length > LONGEST) return "long";
  if (new Set(plain).size < DISTINCT_LEAST) return "simple";
  const near = (name: string) => name !== "" && plain.includes(name.toLowerCase()) && length - [...name].length < Math.floor(SHORTEST / 2);
  return about.some(near) ? "close" : "good";
}
