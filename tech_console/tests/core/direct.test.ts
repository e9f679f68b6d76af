// What two ends of a direct channel say of themselves, and whom a browser takes for the other end.
// Seen to fail for each of these, made one by one: no signature, another label, another visit, no candidate, an address of nobody, the
// fields of ICE not held to their letters, the fingerprint or the address or the port not compared, an address compared as it is spelt.

import { beforeEach, describe, expect, test } from "vitest";

import { PeerMisbehaved } from "../../src/core/bytes";
import { addressOf, answer, isAsOffered, ownEnd, readOffer, sdpOf } from "../../src/core/direct";
import type { LedgerParties } from "../../src/core/ledger";
import { makeDeviceKey, open, p256 } from "../../src/core/statements";
import { Label, type DirectDescription } from "../../src/wire.gen";
import { HOST, SESSION, TECHNICIAN, TestSigner } from "./fake_host";

const OFFER: DirectDescription = {
  session_id: SESSION,
  attempt: 1,
  fingerprint: new Uint8Array(32).fill(0xab),
  ufrag: "abcd",
  pwd: "0123456789abcdefABCD+/",
  candidates: [
    { address: "10.0.0.7", port: 40_000, priority: 2_130_706_431 },
    { address: "FC00:0::1", port: 40_001, priority: 1 },
  ],
  only: false,
};

let signer: TestSigner;
let parties: LedgerParties;
let devicePublic: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  signer = await TestSigner.make();
  const device = await makeDeviceKey();
  devicePublic = device.publicKey;
  parties = { sessionId: SESSION, technicianId: TECHNICIAN, hostId: HOST, deviceKey: device.privateKey, hostKey: signer.publicKey };
});

const offered = (change: Partial<DirectDescription>) => signer.sign(Label.DIRECT_HOST, "DirectDescription", { ...OFFER, ...change });

describe("an offer", () => {
  test("is the host's own, for this visit", async () => {
    expect(await readOffer(await offered({}), parties)).toEqual(OFFER);
  });

  test("of another key, under another label or for another visit is none", async () => {
    const other = await TestSigner.make();
    const strange = await other.sign(Label.DIRECT_HOST, "DirectDescription", OFFER);
    const mislabelled = await signer.sign(Label.DIRECT_TECHNICIAN, "DirectDescription", OFFER);
    for (const each of [strange, mislabelled, await offered({ session_id: "s-2" })]) {
      await expect(readOffer(each, parties)).rejects.toThrow(PeerMisbehaved);
    }
  });

  test.each([
    ["no candidate", { candidates: [] }],
    ["a name for an address", { candidates: [{ address: "host.local", port: 1, priority: 1 }] }],
    ["an address of nobody", { candidates: [{ address: "10.0.0.7", port: 1, priority: 1 }, { address: "127.0.0.1", port: 1, priority: 1 }] }],
    ["a line break in the user fragment", { ufrag: "abcd\r\na=x" }],
    ["a line break at its end", { ufrag: "abcd\n" }],
    ["a space in the password", { pwd: "0123456789abcdef 0123456789" }],
  ])("with %s is none", async (_, change) => {
    await expect(readOffer(await offered(change), parties)).rejects.toThrow(PeerMisbehaved);
  });
});

describe("an address", () => {
  test.each([
    ["10.0.0.7", "10.0.0.7"],
    ["255.1.0.9", null],
    ["223.255.0.1", "223.255.0.1"],
    ["FD00:0:0::1", "fd00::1"],
    ["2001:db8:0:0:0:0:0:1", "2001:db8::1"],
  ])("%s has one spelling: %s", (text, spelt) => {
    expect(addressOf(text)).toBe(spelt);
  });

  test.each([
    "", "host", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "10.0.0.7 ", "10.0.0.7\n", "0x0a.0.0.7", "[fd00::1]", "fd00::1%eth0", "fd00:::1", "fd00::10.0.0.1", "1:2",
    "0.0.0.0", "127.0.0.1", "169.254.1.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:a00:7", "fe80::1", "febf::1", "ff02::1",
  ])("that is none or nobody's: %j", (text) => {
    expect(addressOf(text)).toBeNull();
  });
});

describe("the other end", () => {
  const found = { fingerprint: OFFER.fingerprint as Uint8Array<ArrayBuffer>, address: "10.0.0.7", port: 40_000 };

  test("is the one that was offered, by its certificate and at its address", () => {
    expect(isAsOffered(OFFER, found)).toBe(true);
    expect(isAsOffered(OFFER, { ...found, address: "fc00::1", port: 40_001 })).toBe(true);
  });

  test.each([
    ["with another certificate", { fingerprint: new Uint8Array(32).fill(0xac) }],
    ["without one", { fingerprint: new Uint8Array(0) }],
    ["at another address", { address: "10.0.0.8" }],
    ["at no address", { address: "" }],
    ["at another port", { port: 40_002 }],
    ["at the port of another candidate", { port: 40_001 }],
  ])("%s is somebody else", (_, change) => {
    expect(isAsOffered(OFFER, { ...found, ...change })).toBe(false);
  });

  test("at what is no address is nobody, whatever was offered", () => {
    const offer = { ...OFFER, candidates: [{ address: "host", port: 1, priority: 1 }] };
    expect(isAsOffered(offer, { ...found, address: "other", port: 1 })).toBe(false);
  });
});

describe("what a browser takes and gives", () => {
  test("is a fixed text with the fields of the offer in it", () => {
    const lines = sdpOf(OFFER).split("\r\n");
    expect(lines).toContain("a=ice-ufrag:abcd");
    expect(lines).toContain("a=ice-pwd:0123456789abcdefABCD+/");
    expect(lines).toContain(`a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`);
    expect(lines.filter((line) => line.startsWith("a=candidate"))).toEqual([
      "a=candidate:1 1 udp 2130706431 10.0.0.7 40000 typ host",
      "a=candidate:2 1 udp 1 fc00::1 40001 typ host",
    ]);
    expect(lines.slice(-2)).toEqual(["a=end-of-candidates", ""]);
    expect(lines).toContain("a=max-message-size:262144");
  });

  const own = { ufrag: "wxyz", pwd: "abcdefghijklmnopqrstuv", fingerprint: Uint8Array.from({ length: 32 }, (_, index) => index * 7) };
  const digits = Array.from(own.fingerprint, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
  const sdp = ["v=0", "a=ice-ufrag:wxyz", `a=ice-pwd:${own.pwd}`, `a=fingerprint:sha-256 ${digits}`, "a=setup:active", ""].join("\r\n");

  test("is read back of our own end", () => {
    expect(ownEnd(sdp)).toEqual(own);
  });

  test.each(["a=ice-ufrag:wxyz", "a=ice-pwd:", "a=fingerprint:sha-256", "sha-256"])("is not taken without %s", (line) => {
    expect(ownEnd(sdp.replace(line, "a=x"))).toBeNull();
  });

  test("is answered under the device's key, without an address of ours", async () => {
    const statement = await answer(parties, 3, own);
    const said = await open(statement, Label.DIRECT_TECHNICIAN, p256(devicePublic), "DirectDescription");
    expect(said).toEqual({ session_id: SESSION, attempt: 3, ...own, candidates: [], only: false });
  });
});
