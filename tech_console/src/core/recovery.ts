// Recovery codes as people type them: sixteen letters and digits in four groups, forgiving what is read for something else.

const LETTERS = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** The code as the broker knows it, or null while it is none. */
export function recoveryCode(typed: string): string | null {
  const bare = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return LETTERS.test(bare) ? (bare.match(/.{4}/g) ?? []).join("-") : null;
}
