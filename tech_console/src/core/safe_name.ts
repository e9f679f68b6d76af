// What a file from a host is called where the browser saves it: a plain, visible name that every system takes, by the same rules as
// host_client/desk/files/names.py. The browser has rules of its own; these do not rest on them.

const NAME_BYTES = 200;
const ENDING_BYTES = 32;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])$/i;
const text = new TextEncoder();

/** A name that any system takes for a plain name and nothing else. Never empty. */
export function safeName(name: string): string {
  const seen = name.normalize("NFC").replace(/\s/gu, " ").replace(UNSEEN, "");
  let plain = seen.replace(/[<>:"/\\|?*]/g, "_").trim().replace(/[. ]+$/, "");
  if (/^[.-]/.test(plain)) plain = `_${plain.slice(1)}`;
  if (DEVICE.test(plain.split(".")[0]?.trim() ?? "")) plain = `_${plain}`;
  const kept = short(plain).replace(/[. ]+$/, "");
  return kept === "" ? "_" : kept;
}

/** `name.ext`, `name (2).ext`, `name (3).ext`, ... */
export function numbered(name: string, number: number): string {
  if (number < 2) return name;
  const [stem, ending] = split(name);
  return `${stem} (${number})${ending}`;
}

function split(name: string): readonly [string, string] {
  const dot = name.lastIndexOf(".");
  const whole = dot < 1 || size(name.slice(dot + 1)) > ENDING_BYTES;
  return whole ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
}

function short(name: string): string {
  if (size(name) <= NAME_BYTES) return name;
  const [stem, ending] = split(name);
  let kept = stem;
  while (size(kept) + size(ending) > NAME_BYTES) kept = [...kept].slice(0, -1).join("");
  return kept + ending;
}

function size(of: string): number {
  return text.encode(of).length;
}
