// The control socket's opening: which broker the console proves itself to, and by which documents.

import { beforeEach, describe, expect, test } from "vitest";

import { concat, equal, PeerMisbehaved, sha256, type Bytes } from "../../src/core/bytes";
import { callAsk } from "../../src/core/call";
import { controlFrame, ControlOpening, type ControlCommand } from "../../src/core/control";
import { Documents } from "../../src/core/documents/documents";
import { encodeFrame, splitFrame } from "../../src/core/frames";
import { heldBefore } from "../../src/core/heads";
import { decode, encode } from "../../src/core/schema";
import { fingerprint, makeDeviceKey, open, p256 } from "../../src/core/statements";
import {
  Doubt,
  EndRole,
  FrameKind,
  HostState,
  Label,
  LIMITS,
  Purpose,
  Reason,
  type BrokerHelloPayload,
  type DocumentsBundle,
  type Message,
  type Statement,
} from "../../src/wire.gen";
import { DAY, host, NOW, Vendor } from "./documents/vendor";
import { BROKER, HOST, TECHNICIAN, TestSigner } from "./fake_host";

const SITE = "Lab";
/** So many bytes of a bundle in one piece: a test has several. */
const PIECE = 1000;
const NONCE = new Uint8Array(32).fill(7);

let vendor: Vendor;
let broker: TestSigner;
let device: { privateKey: CryptoKey; publicKey: Bytes };
let documents: Documents;
let opening: ControlOpening;
let seconds: number;

beforeEach(async () => {
  broker = await TestSigner.make();
  device = await makeDeviceKey();
  vendor = await Vendor.make();
  vendor.broker = { id: BROKER, key: broker.publicKey };
  vendor.hosts = [host(HOST, SITE, broker.publicKey), host("h-2", "Elsewhere", device.publicKey.slice(1, 33))];
  await vendor.publish();
  documents = await Documents.from(vendor.root);
  seconds = 10;
  again();
});

function again(): void {
  opening = new ControlOpening({ technicianId: TECHNICIAN, deviceKey: device.privateKey, documents }, NONCE);
}

function piecesOf(bundle: DocumentsBundle): Message<"documents_piece">[] {
  const content = encode({ type: "documents_bundle", ...bundle });
  const pieces = Math.ceil(content.length / PIECE);
  const numbers = Array.from({ length: pieces }, (_, number) => number);
  return numbers.map((number) => ({ type: "documents_piece", number, pieces, content: content.slice(number * PIECE, (number + 1) * PIECE) }));
}

/** What came of the last piece; the ones before it bring nothing. */
async function hearBundle(bundle: DocumentsBundle): Promise<ControlCommand[]> {
  const commands = [];
  for (const piece of piecesOf(bundle)) commands.push(await hear(piece));
  expect(commands.slice(0, -1).flat()).toEqual([]);
  return commands.at(-1) ?? [];
}

function hello(change: Partial<BrokerHelloPayload> = {}, by = broker, label: Label = Label.BROKER_HELLO): Promise<Statement> {
  return by.sign(label, "BrokerHelloPayload", {
    broker_id: BROKER,
    role: EndRole.CONSOLE,
    subject: TECHNICIAN,
    end_nonce: NONCE,
    broker_nonce: new Uint8Array(32).fill(9),
    leaves: [],
    at: NOW,
    ...change,
  });
}

function hear(message: Message): Promise<ControlCommand[]> {
  return opening.handle(controlFrame(message), { utc: NOW + seconds, boot: seconds });
}

function helloMessage(statement: Statement): Message<"broker_hello"> {
  return { type: "broker_hello", version: LIMITS.PROTOCOL_VERSION, statement };
}

async function proven(): Promise<void> {
  await hearBundle(vendor.bundle());
  await hear(helloMessage(await hello()));
  await hear({ type: "welcome", listed: true, at: NOW });
}

describe("a request to be called", () => {
  test("is signed by the device, for one host and one broker", async () => {
    const who = { technicianId: TECHNICIAN, brokerId: BROKER, key: device.privateKey };
    const { statement } = await callAsk({ hostId: HOST, purpose: Purpose.FAULT, caseReference: "CASE-1" }, who, NOW);
    const wanted = await open(statement, Label.CALL_WANTED, p256(device.publicKey), "CallWanted");
    expect(wanted).toMatchObject({ technician_id: TECHNICIAN, host_id: HOST, broker_id: BROKER, case_reference: "CASE-1", at: NOW });
  });
});

describe("opening", () => {
  test("says who will prove itself, to what nonce, and which documents are here", async () => {
    await documents.accept(vendor.bundle(), { utc: NOW + 10, boot: 0 }, "");
    const [command] = opening.begin();
    const frame = command?.kind === "send" ? command.frame : new Uint8Array();
    const said = decode(splitFrame(frame).body, "hello");
    expect(said).toMatchObject({ role: EndRole.CONSOLE, subject: TECHNICIAN, nonce: NONCE, site_holds: [] });
    expect(said.vendor_holds).toEqual([...documents.files.keys()].toSorted());
    expect(said.vendor_holds).toContain("metadata/1.snapshot.json");
  });

  test("signs the broker's nonce with the device's key, for the listed broker alone", async () => {
    expect(await hearBundle(vendor.bundle())).toEqual([{ kind: "documents" }]);
    const commands = await hear(helloMessage(await hello()));
    expect(commands.map((command) => command.kind)).toEqual(["send"]);
    const sent = commands.find((command) => command.kind === "send");
    const { statement } = decode(splitFrame(sent?.frame ?? new Uint8Array()).body, "end_proof");
    const proof = await open(statement, Label.DEVICE_HELLO, p256(device.publicKey), "EndProofPayload");
    expect(proof).toMatchObject({ subject: TECHNICIAN, broker_id: BROKER, end_nonce: NONCE });
    expect(equal(proof?.broker_nonce ?? new Uint8Array(), new Uint8Array(32).fill(9))).toBe(true);
    expect(await hear({ type: "welcome", listed: true, at: NOW })).toEqual([{ kind: "welcome", brokerId: BROKER }]);
  });

  test("needs no bundle where the newest documents are here already", async () => {
    await hearBundle(vendor.bundle());
    again();
    expect(await hear(helloMessage(await hello()))).toMatchObject([{ kind: "send" }]);
  });

  test.each([
    ["another broker", { broker_id: "b-2" }],
    ["another role", { role: EndRole.HOST }],
    ["another technician", { subject: "t-2" }],
    ["another nonce", { end_nonce: new Uint8Array(32) }],
  ])("signs nothing for a hello of %s", async (_name, change) => {
    await hearBundle(vendor.bundle());
    expect(await hear(helloMessage(await hello(change)))).toEqual([{ kind: "distrust", why: "broker-unproven" }]);
  });

  test("signs nothing for a hello that the listed broker did not sign, or not as a hello", async () => {
    await hearBundle(vendor.bundle());
    const stranger = await TestSigner.make();
    expect(await hear(helloMessage(await hello({}, stranger)))).toEqual([{ kind: "distrust", why: "broker-unproven" }]);
    const relabelled = await hello({}, broker, Label.HOST_HELLO);
    expect(await hear(helloMessage(relabelled))).toEqual([{ kind: "distrust", why: "broker-unproven" }]);
  });

  test("signs nothing before there are documents", async () => {
    expect(await hear(helloMessage(await hello()))).toEqual([{ kind: "distrust", why: "no-documents" }]);
  });

  test("signs nothing once the documents are expired", async () => {
    await hearBundle(vendor.bundle());
    again();
    seconds = DAY;
    expect(await hear(helloMessage(await hello()))).toEqual([{ kind: "distrust", why: "documents-stale" }]);
  });

  test("signs nothing for a broker of another version", async () => {
    await hearBundle(vendor.bundle());
    const said = { ...helloMessage(await hello()), version: LIMITS.PROTOCOL_VERSION + 1 };
    expect(await hear(said)).toEqual([{ kind: "distrust", why: "version" }]);
  });

  test("takes no documents of another vendor, and none of a site", async () => {
    const stranger = await Vendor.make();
    await stranger.publish();
    expect(await hearBundle(stranger.bundle())).toEqual([{ kind: "distrust", why: "documents-invalid" }]);
    expect(await hearBundle({ ...vendor.bundle(), repository: "site" })).toEqual([{ kind: "distrust", why: "documents-invalid" }]);
    expect(documents.files.size).toBe(0);
  });

  test("takes no expired documents", async () => {
    seconds = DAY;
    expect(await hearBundle(vendor.bundle())).toEqual([{ kind: "distrust", why: "documents-stale" }]);
  });

  test("takes no pieces out of order, and nothing that is no bundle", async () => {
    const [first, second] = piecesOf(vendor.bundle());
    if (first === undefined || second === undefined) throw new Error("this bundle is too small");
    expect(await hear(second)).toEqual([{ kind: "distrust", why: "documents-invalid" }]);
    expect(await hear({ ...first, pieces: 1 })).toEqual([{ kind: "distrust", why: "documents-invalid" }]);
  });

  test("tells why it was refused, before and after the proof", async () => {
    const refused = { type: "refused", about: "hello", reason: Reason.DEVICE_NOT_RECOGNISED } as const;
    const told = [{ kind: "refused", about: "hello", reason: Reason.DEVICE_NOT_RECOGNISED }];
    expect(await hear(refused)).toEqual(told);
    await hearBundle(vendor.bundle());
    await hear(helloMessage(await hello()));
    expect(await hear(refused)).toEqual(told);
  });

  test.each([
    ["a frame of another kind", encodeFrame(FrameKind.LEDGER, new Uint8Array(2))],
    ["a message out of turn", controlFrame({ type: "welcome", listed: true, at: NOW })],
  ])("does not go on after %s", async (_name, frame) => {
    await expect(opening.handle(frame, { utc: NOW, boot: 0 })).rejects.toThrow(PeerMisbehaved);
  });
});

describe("once open", () => {
  test("instruments, admissions, early ends and refusals are told", async () => {
    await proven();
    const line = { host_id: HOST, name: "Analyser 1", site: "Lab", model: "AX", phi: false, state: HostState.READY, closed: [] };
    expect(await hear({ type: "instruments", items: [line] })).toEqual([{ kind: "instruments", items: [line] }]);
    const admitted = {
      type: "ticket_admitted",
      session_id: "s-1",
      ticket: "482913",
      host_id: HOST,
      host_name: "Analyser 1",
      socket_pass: new Uint8Array(32),
      seconds: 30,
    } as const;
    expect(await hear(admitted)).toEqual([{ kind: "admitted", admitted, to: null }]);
    expect(await hearBundle(await vendor.bundleOf(SITE, documents.holds()))).toEqual([{ kind: "documents" }]);
    const to = { host: vendor.hosts[0], brokerId: BROKER };
    expect(await hear(admitted)).toEqual([{ kind: "admitted", admitted, to }]);
    seconds = DAY;
    expect(await hear(admitted)).toEqual([{ kind: "admitted", admitted, to: null }]);
    seconds = 10;
    const queued = { type: "call_queued", host_id: HOST, shown: true } as const;
    expect(await hear(queued)).toEqual([{ kind: "call_queued", hostId: HOST, shown: true }]);
    const over = { type: "session_over", session_id: "s-1", cause: "host_ended" } as const;
    expect(await hear(over)).toEqual([{ kind: "session_over", over }]);
    const refused = { type: "refused", about: "ticket_claim", reason: Reason.CODE_WRONG } as const;
    expect(await hear(refused)).toEqual([{ kind: "refused", about: "ticket_claim", reason: Reason.CODE_WRONG }]);
  });

  test("newer documents are learnt, the same again is no news, and no older ones are taken after them", async () => {
    await proven();
    const older = vendor.bundle();
    await vendor.publish(NOW + 5);
    expect(await hearBundle(vendor.bundle("", documents.holds()))).toEqual([{ kind: "documents" }]);
    expect(documents.versions.get("timestamp")).toBe(2);
    expect(await hearBundle(vendor.bundle())).toEqual([]);
    expect(await hearBundle(older)).toEqual([{ kind: "distrust", why: "documents-stale" }]);
    expect(documents.versions.get("timestamp")).toBe(2);
  });

  test("hosts of a site stay known while they are listed as they were", async () => {
    await proven();
    await hearBundle(await vendor.bundleOf(SITE, documents.holds()));
    vendor.hosts = [...vendor.hosts, host("h-3", "Elsewhere", device.publicKey.slice(2, 34))];
    await vendor.publish(NOW + 5);
    await hearBundle(vendor.bundle("", documents.holds()));
    const view = await documents.view({ utc: NOW + 10, boot: 10 });
    expect(view?.hosts.map((each) => each.id)).toEqual([HOST]);
  });

  test("a broker whose key is not listed any more has to prove itself again", async () => {
    await proven();
    vendor.broker = { id: BROKER, key: (await TestSigner.make()).publicKey };
    await vendor.publish(NOW + 5);
    expect(await hearBundle(vendor.bundle())).toEqual([{ kind: "documents" }, { kind: "distrust", why: "broker-unproven" }]);
  });

  test("news may come between the proof and the welcome", async () => {
    await hearBundle(vendor.bundle());
    await hear(helloMessage(await hello()));
    await vendor.publish(NOW + 5);
    expect(await hearBundle(vendor.bundle())).toEqual([{ kind: "documents" }]);
    expect(await hear({ type: "welcome", listed: true, at: NOW })).toEqual([{ kind: "welcome", brokerId: BROKER }]);
  });
});

function toBroker(commands: readonly ControlCommand[]): Message<"head_wanted" | "log_doubted">[] {
  const frames = commands.flatMap((command) => (command.kind === "send" ? [command.frame] : []));
  return frames.map((frame) => decode(splitFrame(frame).body, "head_wanted", "log_doubted"));
}

function head(note: string, consistency: readonly Bytes[] = [], session_id = ""): Message<"head"> {
  return { type: "head", note, consistency, session_id, end: null };
}

function wantHead(held: string | null): Message<"head_wanted" | "log_doubted">[] {
  return toBroker(opening.wantHead(held === null ? null : heldBefore(held)));
}

describe("the broker's log", () => {
  const LOG = "chaperone/broker/l-1";
  const [FIRST, SECOND] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  let one: string;

  beforeEach(async () => {
    one = await broker.note(LOG, 1, FIRST);
    await proven();
  });

  async function grown(by = broker): Promise<Message<"head">> {
    const root = await sha256(concat(Uint8Array.of(1), FIRST, SECOND));
    return head(await by.note(LOG, 2, root), [SECOND]);
  }

  test("is asked for from nothing, then from what is held, one question at a time", async () => {
    expect(wantHead(null)).toEqual([{ type: "head_wanted", known: 0, session_id: "" }]);
    expect(wantHead(one)).toEqual([]);
    expect(await hear(head(one))).toEqual([{ kind: "log_held", held: heldBefore(one) }]);
    expect(wantHead(one)).toEqual([{ type: "head_wanted", known: 1, session_id: "" }]);
    const longer = await grown();
    expect(await hear(longer)).toEqual([{ kind: "log_held", held: heldBefore(longer.note) }]);
  });

  test("is not asked for before the welcome", async () => {
    again();
    expect(wantHead(null)).toEqual([]);
  });

  test("that does not continue what is held is told, here first and then to the broker", async () => {
    wantHead(one);
    const other = await broker.note(LOG, 1, SECOND);
    const commands = await hear(head(other));
    const doubted = { doubt: Doubt.FORKED, held: one, given: other };
    expect(commands.map(({ kind }) => kind)).toEqual(["log_doubted", "send"]);
    expect(commands[0]).toEqual({ kind: "log_doubted", doubted });
    expect(toBroker(commands)).toEqual([{ type: "log_doubted", ...doubted }]);
  });

  test("counts with the broker's signature alone, whoever proved to be the broker", async () => {
    wantHead(null);
    const stranger = await grown(await TestSigner.make());
    expect(await hear(stranger)).toMatchObject([{ kind: "log_doubted", doubted: { doubt: Doubt.NOT_SIGNED, held: "" } }, { kind: "send" }]);
  });

  test.each([
    ["that nobody asked for", ""],
    ["of a visit, which is the host's to see", "s-1"],
  ])("ends the socket with a head %s", async (_name, about) => {
    if (about !== "") wantHead(null);
    await expect(hear(head(one, [], about))).rejects.toThrow(PeerMisbehaved);
  });

  test("is answered once", async () => {
    wantHead(null);
    await hear(head(one));
    await expect(hear(head(one))).rejects.toThrow(PeerMisbehaved);
  });

  test("may never be shown by a broker of before, and everything else goes on", async () => {
    wantHead(null);
    expect(await hear({ type: "instruments", items: [] })).toEqual([{ kind: "instruments", items: [] }]);
    expect(wantHead(null)).toEqual([]);
  });
});

test("a fingerprint is eight groups of four digits, over type and key", async () => {
  const digits = await fingerprint("p256", device.publicKey);
  expect(digits).toHaveLength(8);
  expect(digits.join(" ")).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  expect(await fingerprint("ed25519", device.publicKey)).not.toEqual(digits);
});
