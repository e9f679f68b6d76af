// A folder as one file that a browser can save: a ZIP archive that stores its files as they are (APPNOTE 6.3.10, sections 4.3 and 4.4.4:
// method 0, names in UTF-8). It is put together from pieces, so that no content is copied; a library would read it all once more.

import { concat, utf8, type Bytes } from "./bytes";
import { numbered, safeName } from "./safe_name";

/** Archives from here on need ZIP64, which not every system opens. */
export const ZIP_MAX = 0xf000_0000;
const VERSION = 20;
const UTF8_NAMES = 1 << 11;
const NO_DATE = (1 << 5) | 1; // 1 January 1980: a date would only say when it was sent

/** One file of the archive. */
export interface Zipped {
  readonly path: string;
  readonly size: number;
  readonly crc: number;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value >>> 0;
});

/** The checksum of an archive, over these bytes after those before (begin with 0). */
export function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before >>> 0;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What stands before each file, and what ends the archive. */
export function zipFrame(files: readonly Zipped[]): { readonly before: readonly Bytes[]; readonly end: Bytes } {
  const taken = new Set<string>();
  const before: Bytes[] = [];
  const directory: Bytes[] = [];
  let at = 0;
  for (const file of files) {
    const name = utf8(placed(file.path, taken));
    const facts = concat(u16(VERSION), u16(UTF8_NAMES), u16(0), u16(0), u16(NO_DATE), u32(file.crc), u32(file.size), u32(file.size), u16(name.length), u16(0));
    const head = concat(u32(0x0403_4b50), facts, name);
    before.push(head);
    directory.push(concat(u32(0x0201_4b50), u16(VERSION), facts, u16(0), u16(0), u16(0), u32(0), u32(at), name));
    at += head.length + file.size;
  }
  const listed = concat(...directory);
  const counts = concat(u16(0), u16(0), u16(files.length), u16(files.length));
  return { before, end: concat(listed, u32(0x0605_4b50), counts, u32(listed.length), u32(at), u16(0)) };
}

/** Each name made safe, and none twice: not even for a system to which case makes no difference. */
function placed(path: string, taken: Set<string>): string {
  const names = path.split("/").map(safeName);
  const last = names.pop() ?? "_";
  for (let number = 1; ; number += 1) {
    const whole = [...names, numbered(last, number)].join("/");
    const key = whole.normalize("NFKC").toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return whole;
  }
}

function u16(value: number): Bytes {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Bytes {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
