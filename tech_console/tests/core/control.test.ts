// The control socket's opening: which broker the console proves itself to, and which directory it believes.

import { beforeEach, describe, expect, test } from "vitest";

import { equal, PeerMisbehaved, type Bytes } from "../../src/core/bytes";
import { callAsk } from "../../src/core/call";
import { controlFrame, ControlOpening, type ControlCommand } from "../../src/core/control";
import { checkDirectory, listedHost } from "../../src/core/directory";
import { encodeFrame, splitFrame } from "../../src/core/frames";
import { decode } from "../../src/core/schema";
import { fingerprint, makeDeviceKey, open, p256 } from "../../src/core/statements";
import {
  EndRole,
  FrameKind,
  HostState,
  Label,
  LIMITS,
  Purpose,
  Reason,
  type BrokerHelloPayload,
  type Directory,
  type Message,
  type Statement,
} from "../../src/wire.gen";
import { BROKER, HOST, TECHNICIAN, TestSigner } from "./fake_host";

const NOW = 1000;
const NONCE = new Uint8Array(32).fill(7);

let officer: TestSigner;
let broker: TestSigner;
let device: { privateKey: CryptoKey; publicKey: Bytes };
let opening: ControlOpening;

beforeEach(async () => {
  officer = await TestSigner.make();
  broker = await TestSigner.make();
  device = await makeDeviceKey();
  const trust = { technicianId: TECHNICIAN, deviceKey: device.privateKey, pinned: officer.publicKey, highestVersion: 3 };
  opening = new ControlOpening(trust, NONCE);
});

function directory(change: Partial<Directory> = {}): Directory {
  const profile = { model: "AX-200", region: "EU", phi: false };
  return {
    version: 3,
    issued: 0,
    expires: NOW + 1,
    vendor: "Meridian",
    broker: { id: BROKER, key: broker.publicKey },
    console_digest: "",
    persons: [],
    hosts: [{ id: HOST, name: "Analyser 1", key: broker.publicKey, site: "Lab", group: "demo", profile }],
    ...change,
  };
}

function signed(change: Partial<Directory> = {}): Promise<Statement> {
  return officer.sign(Label.DIRECTORY, "Directory", directory(change));
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
  return opening.handle(controlFrame(message), NOW);
}

function helloMessage(statement: Statement, list: Statement | null): Message<"broker_hello"> {
  return { type: "broker_hello", version: LIMITS.PROTOCOL_VERSION, statement, directory: list };
}

async function proven(): Promise<void> {
  await hear(helloMessage(await hello(), await signed()));
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
  test("says who will prove itself, and to what nonce", () => {
    const [command] = opening.begin();
    const frame = command?.kind === "send" ? command.frame : new Uint8Array();
    expect(decode(splitFrame(frame).body, "hello")).toMatchObject({ role: EndRole.CONSOLE, subject: TECHNICIAN, nonce: NONCE });
  });

  test("signs the broker's nonce with the device's key, for the listed broker alone", async () => {
    const commands = await hear(helloMessage(await hello(), await signed()));
    expect(commands.map((command) => command.kind)).toEqual(["directory", "send"]);
    const sent = commands.find((command) => command.kind === "send");
    const { statement } = decode(splitFrame(sent?.frame ?? new Uint8Array()).body, "end_proof");
    const proof = await open(statement, Label.DEVICE_HELLO, p256(device.publicKey), "EndProofPayload");
    expect(proof).toMatchObject({ subject: TECHNICIAN, broker_id: BROKER, end_nonce: NONCE });
    expect(equal(proof?.broker_nonce ?? new Uint8Array(), new Uint8Array(32).fill(9))).toBe(true);
    expect(await hear({ type: "welcome", listed: true, at: NOW })).toEqual([{ kind: "welcome" }]);
  });

  test.each([
    ["another broker", { broker_id: "b-2" }],
    ["another role", { role: EndRole.HOST }],
    ["another technician", { subject: "t-2" }],
    ["another nonce", { end_nonce: new Uint8Array(32) }],
  ])("signs nothing for a hello of %s", async (_name, change) => {
    const commands = await hear(helloMessage(await hello(change), await signed()));
    expect(commands.at(-1)).toEqual({ kind: "distrust", why: "broker-unproven" });
  });

  test("signs nothing for a hello that the listed broker did not sign, or not as a hello", async () => {
    const stranger = await TestSigner.make();
    const byStranger = await hear(helloMessage(await hello({}, stranger), await signed()));
    expect(byStranger.at(-1)).toEqual({ kind: "distrust", why: "broker-unproven" });
    const relabelled = await hear(helloMessage(await hello({}, broker, Label.HOST_HELLO), await signed()));
    expect(relabelled.at(-1)).toEqual({ kind: "distrust", why: "broker-unproven" });
  });

  test.each([
    ["none yet", null, "no-directory"],
    ["older", { version: 2 }, "directory-older"],
    ["expired", { expires: NOW }, "directory-expired"],
  ])("signs nothing while the directory is %s", async (_name, change, why) => {
    const list = change === null ? null : await signed(change);
    expect(await hear(helloMessage(await hello(), list))).toEqual([{ kind: "distrust", why }]);
  });

  test("signs nothing for a broker of another version", async () => {
    const said = { ...helloMessage(await hello(), await signed()), version: LIMITS.PROTOCOL_VERSION + 1 };
    expect(await hear(said)).toEqual([{ kind: "distrust", why: "version" }]);
  });

  test("signs nothing when another key signed the directory", async () => {
    const list = await broker.sign(Label.DIRECTORY, "Directory", directory());
    expect(await hear(helloMessage(await hello(), list))).toEqual([{ kind: "distrust", why: "directory-signature" }]);
  });

  test("tells why it was refused, before and after the proof", async () => {
    const refused = { type: "refused", about: "hello", reason: Reason.DEVICE_NOT_RECOGNISED } as const;
    const told = [{ kind: "refused", about: "hello", reason: Reason.DEVICE_NOT_RECOGNISED }];
    expect(await hear(refused)).toEqual(told);
    await hear(helloMessage(await hello(), await signed()));
    expect(await hear(refused)).toEqual(told);
  });

  test.each([
    ["a frame of another kind", encodeFrame(FrameKind.LEDGER, new Uint8Array(2))],
    ["a message out of turn", controlFrame({ type: "welcome", listed: true, at: NOW })],
  ])("does not go on after %s", async (_name, frame) => {
    await expect(opening.handle(frame, NOW)).rejects.toThrow(PeerMisbehaved);
  });
});

describe("once open", () => {
  test("instruments, admissions, early ends and refusals are told", async () => {
    await proven();
    const line = { host_id: HOST, name: "Analyser 1", site: "Lab", model: "AX", phi: false, state: HostState.READY };
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
    expect(await hear(admitted)).toEqual([{ kind: "admitted", admitted }]);
    const queued = { type: "call_queued", host_id: HOST, shown: true } as const;
    expect(await hear(queued)).toEqual([{ kind: "call_queued", hostId: HOST, shown: true }]);
    const over = { type: "session_over", session_id: "s-1", cause: "host_ended" } as const;
    expect(await hear(over)).toEqual([{ kind: "session_over", over }]);
    const refused = { type: "refused", about: "ticket_claim", reason: Reason.CODE_WRONG } as const;
    expect(await hear(refused)).toEqual([{ kind: "refused", about: "ticket_claim", reason: Reason.CODE_WRONG }]);
  });

  test("a newer directory is learnt, and no older one after it", async () => {
    await proven();
    const learnt = await hear({ type: "directory_changed", directory: await signed({ version: 5 }) });
    expect(learnt).toMatchObject([{ kind: "directory", directory: { version: 5 } }]);
    const older = await hear({ type: "directory_changed", directory: await signed({ version: 4 }) });
    expect(older).toEqual([{ kind: "distrust", why: "directory-older" }]);
  });
});

describe("the directory", () => {
  test("that is signed but no directory is not believed", async () => {
    const statement = await officer.signBytes(Label.DIRECTORY, new TextEncoder().encode("{}"));
    expect(await checkDirectory(statement, officer.publicKey, 0, NOW)).toEqual({ kind: "bad", why: "signature" });
  });

  test("names its hosts and no others", () => {
    expect(listedHost(directory(), HOST)?.name).toBe("Analyser 1");
    expect(listedHost(directory(), "h-2")).toBeNull();
  });
});

test("a fingerprint is eight groups of four digits, over type and key", async () => {
  const digits = await fingerprint("p256", device.publicKey);
  expect(digits).toHaveLength(8);
  expect(digits.join(" ")).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  expect(await fingerprint("ed25519", device.publicKey)).not.toEqual(digits);
});
