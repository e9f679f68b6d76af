// A visit at the console, brought to where a test begins: what is told to it, and the host that answers.

import { expect } from "vitest";

import type { Bytes } from "../../src/core/bytes";
import { splitFrame } from "../../src/core/frames";
import { decode } from "../../src/core/schema";
import { makeDeviceKey } from "../../src/core/statements";
import { Visit, type VisitCommand, type VisitEvent } from "../../src/core/visit";
import { Answer, FrameKind, Permission, Purpose } from "../../src/wire.gen";
import { BROKER, FakeHost, frame, HOST, SESSION, TECHNICIAN, TestSigner, TICKET } from "./fake_host";

export const HALF = "2M9X";
export const WORDS = "Pump error 14";

export let host: FakeHost;
export let visit: Visit;
let clock: number;

/** A visit before its socket is open. */
export async function begin(): Promise<void> {
  host = new FakeHost(await TestSigner.make());
  const device = await makeDeviceKey();
  const parties = {
    sessionId: SESSION,
    technicianId: TECHNICIAN,
    hostId: HOST,
    deviceKey: device.privateKey,
    hostKey: host.signer.publicKey,
  };
  clock = 100;
  visit = new Visit(
    {
      parties,
      brokerId: BROKER,
      ticket: TICKET,
      socketPass: new Uint8Array(32),
      why: { purpose: Purpose.FAULT, caseReference: "INC-1" },
      words: WORDS,
      secondHalf: HALF,
    },
    (size) => crypto.getRandomValues(new Uint8Array(size)),
  );
}

/** Let time pass. */
export function wait(seconds: number): void {
  clock += seconds;
}

export function tell(event: VisitEvent): Promise<VisitCommand[]> {
  return visit.handle(event, { utc: 1000 + clock, run: clock });
}

export function hear(data: Bytes): Promise<VisitCommand[]> {
  return tell({ kind: "frame", data });
}

export function sent(commands: readonly VisitCommand[]): Bytes[] {
  return commands.flatMap((command) => (command.kind === "send" ? [command.frame] : []));
}

export function only(commands: readonly VisitCommand[]): Bytes {
  const frames = sent(commands);
  if (frames.length !== 1 || frames[0] === undefined) throw new Error(`${frames.length} frames instead of one`);
  return frames[0];
}

export async function agree(hostHalf = HALF, runsLeft = 2): Promise<VisitCommand[]> {
  const share = await hear(host.open());
  const tag = await hear(await host.share(only(share), hostHalf));
  return hear(await host.tag(only(tag), runsLeft));
}

export async function seal(): Promise<VisitCommand[]> {
  await tell({ kind: "socket_opened" });
  await hear(frame(FrameKind.CONTROL, { type: "peer_present", session_id: SESSION }));
  await host.opened(only(await agree()), "session_identity");
  return hear(await host.identity());
}

export async function allow(permission: Permission, ask: number): Promise<VisitCommand[]> {
  const { answered, words } = await host.answer(ask, permission, Answer.ALLOW);
  const commands = await hear(answered);
  await hear(words);
  return commands;
}

export async function view(): Promise<VisitCommand[]> {
  await seal();
  return allow(Permission.VIEW, 1);
}

export async function control(): Promise<void> {
  await view();
  await tell({ kind: "drawn", frame: 7, boot: 5_000_000, worked: 3 });
  await tell({ kind: "wanted", permission: Permission.CONTROL });
  await allow(Permission.CONTROL, 2);
}

/** The line is cut. */
export async function cut(): Promise<void> {
  expect(await tell({ kind: "socket_closed" })).toEqual([{ kind: "reconnect_wanted" }]);
}

/** The broker's pass opens the line again, and the host is there. */
export async function present(): Promise<void> {
  const socketPass = new Uint8Array(32).fill(7);
  expect(await tell({ kind: "reconnect_offered", socketPass })).toEqual([{ kind: "reopen" }]);
  const pass = decode(splitFrame(only(await tell({ kind: "socket_opened" }))).body, "socket_pass");
  expect(pass.socket_pass).toEqual(socketPass);
  await hear(frame(FrameKind.CONTROL, { type: "peer_present", session_id: SESSION }));
}

/** Both agree on new keys. */
export async function renew(number = 1): Promise<void> {
  const share = only(await hear(await host.renewalOpen(number)));
  const identity = only(await hear(await host.renewalTag(share)));
  await host.opened(identity, "session_identity");
}

/** And prove themselves: these grants still stand. */
export async function back(grants: readonly number[], number = 1): Promise<VisitCommand[]> {
  await present();
  await renew(number);
  expect(await hear(await host.identity())).toEqual([]);
  return hear(await host.inner({ type: "visit_rejoined", grants: [...grants] }));
}
