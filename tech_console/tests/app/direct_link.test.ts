// The browser's end of a channel, with a browser of our own: whom it asks for help, whom it believes to have found, and what is left open.
// Seen to fail for each of these, made one by one: a server named, no check of the certificate or of the address, a check before the channel
// is open alone, a text or a flood taken, anything said after a close, time told after a close.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { DirectLink } from "../../src/app/direct_link";
import { sha256, type Bytes } from "../../src/core/bytes";
import type { DirectEvent } from "../../src/core/visit_terms";
import { DirectCause, LIMITS, type DirectDescription } from "../../src/wire.gen";

const CERTIFICATE = Uint8Array.of(1, 2, 3);
const DIGITS = Array.from({ length: 32 }, () => "0A").join(":");
const SDP = `a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:sha-256 ${DIGITS}\r\n`;

class FakeChannel extends EventTarget {
  readyState = "connecting";
  binaryType = "blob";
  readonly sent: Bytes[] = [];
  send(data: Bytes): void {
    this.sent.push(data);
  }
}

class FakePeer extends EventTarget {
  static made: FakePeer[] = [];
  readonly terms: RTCConfiguration;
  readonly channel = new FakeChannel();
  readonly ice = Object.assign(new EventTarget(), { getSelectedCandidatePair: () => this.pair });
  pair: object | null = { remote: { address: "10.0.0.7", port: 40_000 } };
  certificates: ArrayBuffer[] = [CERTIFICATE.buffer];
  readonly sctp = { transport: { iceTransport: this.ice, getRemoteCertificates: () => this.certificates } };
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  wanted: object = {};
  remote = "";
  closed = false;

  constructor(terms: RTCConfiguration) {
    super();
    this.terms = terms;
    FakePeer.made.push(this);
  }

  createDataChannel(label: string, how: object): FakeChannel {
    this.wanted = { label, ...how };
    return this.channel;
  }

  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.remote = sdp;
  }

  async setLocalDescription(): Promise<void> {
    this.localDescription ??= { sdp: SDP };
  }

  close(): void {
    this.closed = true;
  }
}

let offer: DirectDescription;
let told: DirectEvent[];
let woken: number;
let link: DirectLink;

beforeEach(async () => {
  FakePeer.made = [];
  told = [];
  woken = 0;
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("RTCPeerConnection", FakePeer);
  link = new DirectLink(
    (event) => void told.push(event),
    () => (woken += 1),
  );
  offer = {
    session_id: "s-1",
    attempt: 3,
    fingerprint: await sha256(CERTIFICATE),
    ufrag: "abcd",
    pwd: "abcdefghijklmnopqrstuv",
    candidates: [{ address: "10.0.0.7", port: 40_000, priority: 1 }],
    only: false,
  };
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page was told to open a channel; the browser that it asked. */
async function begun(): Promise<FakePeer> {
  link.command({ kind: "direct_open", offer });
  await vi.waitFor(() => expect(told).not.toEqual([]));
  const [peer] = FakePeer.made.slice(-1);
  if (peer === undefined) throw new Error("no browser was asked");
  return peer;
}

/** And the channel opens. */
async function opened(peer: FakePeer): Promise<void> {
  const before = told.length;
  peer.channel.readyState = "open";
  peer.channel.dispatchEvent(new Event("open"));
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(before));
}

const arrives = (peer: FakePeer, data: unknown) => peer.channel.dispatchEvent(new MessageEvent("message", { data }));

test("nothing of it exists until the host has offered one", () => {
  link.command({ kind: "direct_send", data: CERTIFICATE });
  link.command({ kind: "direct_close" });
  vi.advanceTimersByTime(60_000);
  expect([FakePeer.made, told, link.arrived()]).toEqual([[], [], null]);
});

test("no server is asked for the way, and the channel is agreed and not negotiated", async () => {
  const peer = await begun();
  expect(peer.terms).toEqual({ iceServers: [] });
  expect(peer.wanted).toEqual({ label: "chaperone", negotiated: true, id: 0, ordered: true });
  expect(peer.remote).toContain("a=candidate:1 1 udp 1 10.0.0.7 40000 typ host");
  const own = { ufrag: "abcd", pwd: "abcdefghijklmnopqrstuv", fingerprint: new Uint8Array(32).fill(10) };
  expect(told).toEqual([{ kind: "described", attempt: 3, own }]);
});

test("it is open when the host that was offered is at its other end", async () => {
  const peer = await begun();
  await opened(peer);
  expect(told.at(-1)).toEqual({ kind: "opened", attempt: 3 });
  link.command({ kind: "direct_send", data: CERTIFICATE });
  expect(peer.channel.sent).toEqual([CERTIFICATE]);
});

test.each([
  ["another certificate", (peer: FakePeer) => (peer.certificates = [new Uint8Array(3).buffer])],
  ["no certificate", (peer: FakePeer) => (peer.certificates = [])],
  ["another address", (peer: FakePeer) => (peer.pair = { remote: { address: "10.0.0.8", port: 40_000 } })],
  ["no address", (peer: FakePeer) => (peer.pair = { remote: {} })],
  ["nobody", (peer: FakePeer) => (peer.pair = null)],
  ["a browser that does not tell", (peer: FakePeer) => Object.assign(peer.sctp.transport, { getRemoteCertificates: undefined })],
])("it is over when there is %s at its other end", async (_, change) => {
  const peer = await begun();
  change(peer);
  await opened(peer);
  expect(told.slice(1)).toEqual([{ kind: "failed", attempt: 3, cause: DirectCause.NOT_AS_AGREED }]);
  expect(peer.closed).toBe(true);
});

test("it is over when it moves to an address that was not offered, and not when it stays", async () => {
  const peer = await begun();
  await opened(peer);
  peer.ice.dispatchEvent(new Event("selectedcandidatepairchange"));
  await vi.advanceTimersByTimeAsync(0);
  expect(peer.closed).toBe(false);
  peer.pair = { remote: { address: "10.0.0.8", port: 40_000 } };
  peer.ice.dispatchEvent(new Event("selectedcandidatepairchange"));
  await vi.waitFor(() => expect(peer.closed).toBe(true));
  expect(told.at(-1)).toMatchObject({ kind: "failed", cause: DirectCause.NOT_AS_AGREED });
});

test("what arrives is given at once, in its order", async () => {
  const peer = await begun();
  arrives(peer, Uint8Array.of(1).buffer);
  arrives(peer, Uint8Array.of(2).buffer);
  expect(woken).toBe(2);
  expect(link.arrived()).toEqual({ kind: "messages", attempt: 3, messages: [Uint8Array.of(1), Uint8Array.of(2)] });
  expect(link.arrived()).toBeNull();
});

test.each(["a text", "a flood"])("it is over with %s", async (what) => {
  const peer = await begun();
  const piece = new ArrayBuffer(LIMITS.DIRECT_WINDOW);
  for (const each of what === "a text" ? ["text"] : [piece, piece, new ArrayBuffer(1)]) arrives(peer, each);
  expect(told.at(-1)).toEqual({ kind: "failed", attempt: 3, cause: DirectCause.NOT_AS_AGREED });
  expect(link.arrived()).toBeNull();
});

test.each([
  ["closes", (peer: FakePeer) => peer.channel.dispatchEvent(new Event("close"))],
  ["fails", (peer: FakePeer) => peer.dispatchEvent(Object.assign(new Event("connectionstatechange"), {}))],
  ["cannot be written to", () => link.command({ kind: "direct_send", data: CERTIFICATE })],
])("it is over when it %s", async (_, happen) => {
  const peer = await begun();
  peer.dispatchEvent(new Event("connectionstatechange")); // on its way to something good
  expect(told).toHaveLength(1);
  peer.connectionState = "failed";
  happen(peer);
  expect(told.slice(1)).toEqual([{ kind: "failed", attempt: 3, cause: DirectCause.FAILED }]);
  happen(peer);
  expect(told).toHaveLength(2);
});

test("a browser without it, or one that cannot describe its end, has none", async () => {
  vi.stubGlobal("RTCPeerConnection", undefined);
  link.command({ kind: "direct_open", offer });
  await vi.waitFor(() => expect(told).toEqual([{ kind: "failed", attempt: 3, cause: DirectCause.FAILED }]));
  class Mute extends FakePeer {
    override localDescription = { sdp: "" };
  }
  vi.stubGlobal("RTCPeerConnection", Mute);
  link.command({ kind: "direct_open", offer });
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(told[1]).toMatchObject({ kind: "failed" });
});

test("time is told while there is one; after a close nothing is", async () => {
  const peer = await begun();
  vi.advanceTimersByTime(500);
  expect(told.filter((each) => each.kind === "tick")).toEqual([
    { kind: "tick", seconds: 0.25 },
    { kind: "tick", seconds: 0.25 },
  ]);
  arrives(peer, Uint8Array.of(1).buffer);
  link.command({ kind: "direct_close" });
  expect(peer.closed).toBe(true);
  const before = told.length;
  arrives(peer, Uint8Array.of(1).buffer);
  peer.channel.dispatchEvent(new Event("close"));
  vi.advanceTimersByTime(5000);
  expect([told.length, link.arrived()]).toEqual([before, null]);
});

test("the next takes the place of the one before", async () => {
  const first = await begun();
  const second = await begun();
  expect([first.closed, second.closed]).toEqual([true, false]);
});
