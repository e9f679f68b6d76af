// The spelling of metadata: what is out of its form is refused, even if the right keys signed it.

import { beforeAll, describe, expect, test } from "vitest";

import { fromUtf8, hex, sha256, utf8, type Bytes } from "../../../src/core/bytes";
import { readMetadata } from "../../../src/core/documents/metadata";
import { hostsPath, metadataFile, patternOf, slug, targetFile } from "../../../src/core/documents/names";
import { parsePlain } from "../../../src/core/documents/plain";
import { DocumentRefused } from "../../../src/core/documents/refused";
import { canonical, type Json, type JsonObject } from "../../../src/core/json";
import { Key, NOW, Vendor } from "./vendor";

type Kind = "root" | "timestamp" | "snapshot" | "targets";

const NO_POINT = "0".repeat(128);
let vendor: Vendor;
let written: Readonly<Record<Kind, Bytes>>;

beforeAll(async () => {
  vendor = await Vendor.make();
  await vendor.publish();
  const content = (role: Kind) => vendor.files.get(metadataFile(role, 1)) ?? new Uint8Array();
  written = { root: content("root"), timestamp: content("timestamp"), snapshot: content("snapshot"), targets: content("targets") };
});

function asJson(kind: Kind): { signatures: JsonObject[]; signed: JsonObject } {
  return JSON.parse(fromUtf8(written[kind])) as { signatures: JsonObject[]; signed: JsonObject };
}

/** Metadata with some of what is signed changed; `undefined` takes a field away. */
function changed(kind: Kind, change: Readonly<Record<string, Json | undefined>>): Bytes {
  const body = asJson(kind);
  const fields = Object.entries({ ...body.signed, ...change }).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return utf8(canonical({ ...body, signed: Object.fromEntries(fields) }));
}

async function refusal(kind: Kind, content: Bytes): Promise<string> {
  const fault: unknown = await readMetadata(kind, content).catch((why: unknown) => why);
  return fault instanceof DocumentRefused ? fault.why : "taken";
}

describe("plain text", () => {
  test.each([
    ["white space", '{"a": 1}'],
    ["keys out of order", '{"b":1,"a":1}'],
    ["a key twice", '{"a":1,"a":1}'],
    ["a number in another form", '{"a":1.0}'],
    ["a negative zero", '{"a":-0}'],
    ["an escape", '{"a":"\\u0061"}'],
    ["a quote in a text", '{"a":"\\""}'],
    ["a letter that is not ASCII", '{"a":"é"}'],
    ["a character that cannot be seen", '{"a":"\u007f"}'],
    ["a line's end", '{"a":1}\n'],
    ["a list", "[1]"],
    ["a byte order mark", '\ufeff{"a":1}'],
    ["no JSON", '{"a":}'],
    ["lists too deep to be written again", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ])("%s is refused", (_name, text) => {
    expect(() => parsePlain(utf8(text))).toThrow(DocumentRefused);
  });

  test("bytes that are no text are refused", () => {
    expect(() => parsePlain(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(DocumentRefused);
  });

  test("a field is its own, whatever it is called", () => {
    expect(Object.keys(parsePlain(utf8('{"__proto__":{"a":1}}')))).toEqual(["__proto__"]);
  });
});

describe("common to all", () => {
  test.each(["root", "timestamp", "snapshot", "targets"] as const)("a %s is read as itself, and as nothing else", async (kind) => {
    expect(await readMetadata(kind, written[kind])).toMatchObject({ type: kind, version: 1, content: written[kind] });
    for (const other of ["root", "timestamp", "snapshot", "targets"] as const) {
      expect(await refusal(other, written[kind])).toBe(other === kind ? "taken" : "invalid");
    }
  });

  test.each<[string, Readonly<Record<string, Json | undefined>>]>([
    ["no version", { version: undefined }],
    ["version 0", { version: 0 }],
    ["half a version", { version: 1.5 }],
    ["a version that is too high", { version: 2 ** 53 }],
    ["a version in quotes", { version: "1" }],
    ["another kind", { _type: "mirrors" }],
    ["another specification", { spec_version: "2.0.0" }],
    ["one field more", { mirrors: 1 }],
    ["no expiry", { expires: undefined }],
    ["a number for an expiry", { expires: NOW }],
    ["a day that no calendar has", { expires: "2027-02-30T00:00:00Z" }],
    ["a month that there is not", { expires: "2027-13-01T00:00:00Z" }],
    ["the hour 24", { expires: "2027-01-01T24:00:00Z" }],
    ["a year before the first", { expires: "0000-01-01T00:00:00Z" }],
    ["a time zone", { expires: "2027-01-01T00:00:00+01:00" }],
    ["half seconds", { expires: "2027-01-01T00:00:00.500Z" }],
  ])("%s is refused", async (_name, change) => {
    for (const kind of ["root", "timestamp", "snapshot", "targets"] as const) expect(await refusal(kind, changed(kind, change))).toBe("invalid");
  });

  test.each<[string, (first: JsonObject) => Json]>([
    ["a key that signs twice", (first) => [first, first]],
    ["a signature in capitals", (first) => [{ ...first, sig: String(first["sig"]).toUpperCase() }]],
    ["a signature that is too short", (first) => [{ ...first, sig: String(first["sig"]).slice(2) }]],
    ["a signature with a point of small order", (first) => [{ ...first, sig: NO_POINT }]],
    ["a short key id", (first) => [{ ...first, keyid: "00" }]],
    ["one field more", (first) => [{ ...first, method: "" }]],
    ["something that is no signature", () => [1]],
    ["no list", (first) => first],
  ])("of signatures, %s is refused", async (_name, change) => {
    const body = asJson("snapshot");
    expect(await refusal("snapshot", utf8(canonical({ ...body, signatures: change(body.signatures[0] ?? {}) })))).toBe("invalid");
  });

  test("one part more in the file is refused", async () => {
    expect(await refusal("snapshot", utf8(canonical({ ...asJson("snapshot"), more: 1 })))).toBe("invalid");
  });
});

function withRole(roles: Json | undefined, change: JsonObject): Json {
  return { ...((roles as JsonObject)["root"] as JsonObject), ...change };
}

function twice(roles: Json | undefined): Json {
  const { keyids } = (roles as JsonObject)["root"] as { keyids: Json[] };
  return withRole(roles, { keyids: [...keyids, ...keyids] });
}

describe("a root", () => {
  test.each<[string, (signed: JsonObject) => Record<string, Json>]>([
    ["without consistent snapshots", () => ({ consistent_snapshot: false })],
    ["with no keys", () => ({ keys: [] })],
    ["with a role too few", () => ({ roles: {} })],
    ["with a threshold of 0", ({ roles }) => ({ roles: { ...(roles as JsonObject), root: withRole(roles, { threshold: 0 }) } })],
    ["with a threshold that cannot be met", ({ roles }) => ({ roles: { ...(roles as JsonObject), root: withRole(roles, { threshold: 2 }) } })],
    ["with a key twice in a role", ({ roles }) => ({ roles: { ...(roles as JsonObject), root: twice(roles) } })],
    ["with a role with a name", ({ roles }) => ({ roles: { ...(roles as JsonObject), root: withRole(roles, { name: "root" }) } })],
    ["with a key under another id", () => ({ keys: { ["0".repeat(64)]: vendor.key("root").described } })],
  ])("%s is refused", async (_name, change) => {
    expect(await refusal("root", changed("root", change(asJson("root").signed)))).toBe("invalid");
  });

  test.each<[string, JsonObject, string]>([
    ["as it must be", {}, "taken"],
    ["of another kind", { keytype: "rsa" }, "invalid"],
    ["for another scheme", { scheme: "ed448" }, "invalid"],
    ["of small order", { keyval: { public: "0".repeat(64) } }, "invalid"],
    ["written in a second way", { keyval: { public: `ee${"ff".repeat(30)}7f` } }, "invalid"],
    ["in capitals", { keyval: { public: "A".repeat(64) } }, "invalid"],
    ["that says more", { note: "" }, "invalid"],
  ])("with a key %s, under an id of its own", async (_name, change, answer) => {
    const key = { ...(await Key.make()).described, ...change };
    const id = hex(await sha256(utf8(canonical(key))));
    expect(await refusal("root", changed("root", { keys: { [id]: key } }))).toBe(answer);
  });
});

const HASHES = { sha256: "0".repeat(64) };

describe("what is pinned", () => {
  test.each<[string, Kind, Record<string, Json | undefined>]>([
    ["a timestamp that says nothing of when", "timestamp", { issued: undefined }],
    ["a timestamp issued in half a second", "timestamp", { issued: 0.5 }],
    ["a timestamp of two files", "timestamp", { meta: { "snapshot.json": { version: 1, length: 1, hashes: HASHES }, "x.json": { version: 1, length: 1, hashes: HASHES } } }],
    ["a snapshot without a version of a role", "snapshot", { meta: { "targets.json": { length: 1, hashes: HASHES } } }],
    ["a snapshot without hashes", "snapshot", { meta: { "targets.json": { version: 1, length: 1 } } }],
    ["a snapshot that lists", "snapshot", { meta: [] }],
    ["a snapshot of a number", "snapshot", { meta: 5 }],
    ["targets of a number", "targets", { targets: 5 }],
    ["targets of nothing", "targets", { targets: null }],
    ["targets of a text", "targets", { targets: "" }],
    ["targets with a version", "targets", { targets: { "a.json": { version: 1, length: 1, hashes: HASHES } } }],
    ["targets with another hash as well", "targets", { targets: { "a.json": { length: 1, hashes: { ...HASHES, sha512: "" } } } }],
    ["targets of a length below zero", "targets", { targets: { "a.json": { length: -1, hashes: HASHES } } }],
    ["targets with custom words", "targets", { targets: { "a.json": { length: 1, hashes: HASHES, custom: {} } } }],
    ["a timestamp that delegates", "timestamp", { delegations: {} }],
  ])("%s is refused", async (_name, kind, change) => {
    expect(await refusal(kind, changed(kind, change))).toBe("invalid");
  });
});

const ROLE = { name: "devices-acme", threshold: 1, terminating: true, paths: ["devices/acme.json"] };

/** What the reader says to targets that delegate to these roles, all with one key. */
async function delegating(...roles: readonly JsonObject[]): Promise<string> {
  const key = await Key.make();
  for (const each of roles) each["keyids"] = [key.id];
  return refusal("targets", changed("targets", { delegations: { keys: { [key.id]: key.described }, roles: [...roles] } }));
}

describe("a delegation", () => {
  test.each<[string, readonly Record<string, Json>[], string]>([
    ["of one company's devices", [ROLE], "taken"],
    ["of hosts", [{ ...ROLE, name: "hosts", paths: ["hosts/*.json"] }], "taken"],
    ["of devices that may provide hosts", [{ ...ROLE, paths: ["hosts/*.json"] }], "invalid"],
    ["of devices that may provide more", [{ ...ROLE, paths: ["devices/acme.json", "hosts/*.json"] }], "invalid"],
    ["of another company's devices", [{ ...ROLE, paths: ["devices/bolt.json"] }], "invalid"],
    ["of a role that there is not", [{ ...ROLE, name: "updates", paths: ["updates/*.json"] }], "invalid"],
    ["of a company with a stroke in its name", [{ ...ROLE, name: "devices-a/b", paths: ["devices/a/b.json"] }], "invalid"],
    ["that lets the search go on", [{ ...ROLE, terminating: false }], "invalid"],
    ["that stands twice", [ROLE, ROLE], "invalid"],
    ["without a name", [{ ...ROLE, name: 1 }], "invalid"],
    ["by prefixes of hashes", [{ ...ROLE, path_hash_prefixes: ["00"] }], "invalid"],
    ["with a threshold of 0", [{ ...ROLE, threshold: 0 }], "invalid"],
  ])("%s", async (_name, roles, answer) => {
    expect(await delegating(...roles.map((each) => structuredClone(each)))).toBe(answer);
  });
});

describe("names", () => {
  test.each([
    ["Lyon Nord", "lyon-nord-4d95f32b7186"],
    ["Acme Diagnostics", "acme-diagnostics-17a8ebe04790"],
    ["", "e3b0c44298fc"],
    ["医院", "1f6835c0d878"],
    ["Straße Ñandú 3", "stra-e-and-3-dec1cc58c9cb"],
    ["İK-Lab", "i-k-lab-abbfaefe61d8"],
    ["--x--", "x-cf0e7da16ca6"],
    ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx--ae8425d4421f"],
  ])("%j is %s, as trust/metadata.py says", async (name, expected) => {
    expect(await slug(name)).toBe(expected);
  });

  test("two names that read alike are two", async () => {
    expect(await hostsPath("Lyon Nord")).not.toBe(await hostsPath("Lyon  Nord"));
    expect((await slug("x".repeat(100))).length).toBe(40 + 1 + 12);
  });

  test("files carry version or hash", () => {
    expect(metadataFile("timestamp", 3)).toBe("metadata/timestamp.json");
    expect(metadataFile("hosts", 3)).toBe("metadata/3.hosts.json");
    expect(targetFile("persons.json", "ab")).toBe("targets/ab.persons.json");
    expect(targetFile("hosts/lyon.json", "ab")).toBe("targets/hosts/ab.lyon.json");
    expect(patternOf("devices-acme")).toBe("devices/acme.json");
  });
});
