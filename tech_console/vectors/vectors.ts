// Answers published test vectors with the console's own code, so that its verdicts can be compared with Python's.
// One JSON object {do, ...} comes in on each line, one JSON string goes out: hex, "accepted" or "refused".
// The operations are those of tests/published/python_side.py, under the same names.

import { createInterface } from "node:readline";

import { generator, hmac, lengthValue, multiply, x25519Scalar } from "../src/core/agreement";
import { concat, equal, fromHex, hex, utf8, type Bytes } from "../src/core/bytes";
import { checkConsistency, checkInclusion, checkSubtreeConsistency, checkSubtreeInclusion, ProofInvalid, type Range } from "../src/core/merkle";
import { ed25519, p256, verifyBytes, type Verifier } from "../src/core/statements";

type Given = Readonly<Record<string, string>>;

const ACCEPTED = "accepted";
const REFUSED = "refused";
const TAG_BITS = 128;

function text(given: Given, name: string): string {
  const found = given[name];
  if (found === undefined) throw new Error(`the case has no ${name}`);
  return found;
}

function bytes(given: Given, name: string): Bytes {
  return fromHex(text(given, name));
}

function number(given: Given, name: string): number {
  return Number(text(given, name));
}

/** WebCrypto says no with a DOMException; anything else is a fault of this program. */
async function orRefused(work: () => Promise<Uint8Array>): Promise<string> {
  try {
    return hex(await work());
  } catch (fault) {
    if (fault instanceof DOMException) return REFUSED;
    throw fault;
  }
}

function cipher(given: Given): AesGcmParams {
  return { name: "AES-GCM", iv: bytes(given, "iv"), additionalData: bytes(given, "aad"), tagLength: TAG_BITS };
}

async function sealed(given: Given): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", bytes(given, "key"), "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(cipher(given), key, bytes(given, "msg")));
}

async function opened(given: Given): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", bytes(given, "key"), "AES-GCM", false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt(cipher(given), key, bytes(given, "sealed")));
}

async function derived(given: Given): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", bytes(given, "ikm"), "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: bytes(given, "salt"), info: bytes(given, "info") };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * Number(given["size"])));
}

async function matched(given: Given): Promise<string> {
  const [tag, whole] = [bytes(given, "tag"), await hmac("SHA-256", bytes(given, "key"), bytes(given, "msg"))];
  return equal(tag, whole.subarray(0, tag.length)) ? ACCEPTED : REFUSED;
}

async function multiplied(given: Given): Promise<string> {
  const shared = await multiply(await x25519Scalar(bytes(given, "private")), bytes(given, "public"));
  return shared === null ? REFUSED : hex(shared);
}

async function verified(by: Verifier, given: Given): Promise<string> {
  return (await verifyBytes(by, bytes(given, "sig"), bytes(given, "msg"))) ? ACCEPTED : REFUSED;
}

/** One side of a CPace run as the draft writes it: the share, then the intermediate key, joined. */
async function agreed(given: Given): Promise<Uint8Array> {
  const scalar = await x25519Scalar(bytes(given, "scalar"));
  const share = await multiply(scalar, await generator(bytes(given, "prs"), bytes(given, "ci"), bytes(given, "sid")));
  const shared = await multiply(scalar, bytes(given, "peer_share"));
  if (share === null || shared === null) throw new DOMException("a point of low order", "OperationError");
  const ours = [share, bytes(given, "ad")];
  const theirs = [bytes(given, "peer_share"), bytes(given, "peer_ad")];
  const sides = given["role"] === "A" ? [...ours, ...theirs] : [...theirs, ...ours];
  const told = lengthValue(utf8("CPace255_ISK"), bytes(given, "sid"), shared, ...sides);
  return concat(share, new Uint8Array(await crypto.subtle.digest("SHA-512", told)));
}

function proof(given: Given): Bytes[] {
  return (JSON.parse(text(given, "proof")) as string[]).map(fromHex);
}

function range(given: Given): Range {
  return { start: number(given, "start"), end: number(given, "end") };
}

async function shown(check: Promise<void>): Promise<string> {
  try {
    await check;
    return ACCEPTED;
  } catch (fault) {
    if (fault instanceof ProofInvalid) return REFUSED;
    throw fault;
  }
}

function grown(given: Given): Promise<void> {
  const older = { size: number(given, "size1"), root: bytes(given, "root1") };
  return checkConsistency(older, { size: number(given, "size2"), root: bytes(given, "root2") }, proof(given));
}

function held(given: Given): Promise<void> {
  const whole = { size: number(given, "size"), root: bytes(given, "root2") };
  return checkSubtreeConsistency(range(given), bytes(given, "root1"), whole, proof(given));
}

async function answer(given: Given): Promise<string> {
  switch (given["do"]) {
    case "seal":
      return orRefused(() => sealed(given));
    case "open":
      return orRefused(() => opened(given));
    case "hkdf":
      return orRefused(() => derived(given));
    case "hmac":
      return matched(given);
    case "x25519":
      return multiplied(given);
    case "ed25519":
      return verified(ed25519(bytes(given, "key")), given);
    case "p256":
      return verified(p256(bytes(given, "key")), given);
    case "generator":
      return hex(await generator(bytes(given, "prs"), bytes(given, "ci"), bytes(given, "sid")));
    case "cpace":
      return orRefused(() => agreed(given));
    case "inclusion":
      return shown(checkInclusion(number(given, "leafIdx"), number(given, "treeSize"), bytes(given, "leafHash"), proof(given), bytes(given, "root")));
    case "consistency":
      return shown(grown(given));
    case "subtree_inclusion":
      return shown(checkSubtreeInclusion(number(given, "leafIdx"), range(given), bytes(given, "leafHash"), proof(given), bytes(given, "root")));
    case "subtree_consistency":
      return shown(held(given));
    default:
      throw new Error(`nothing does ${given["do"]}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Given))}\n`);
}
