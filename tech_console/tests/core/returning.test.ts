// The way back after a restart: what both ends make of its secret, and when it is tried.

import { describe, expect, test } from "vitest";

import { PeerMisbehaved } from "../../src/core/bytes";
import { codeOf, readReturn, Returning } from "../../src/core/returning";
import { Algorithm, AuthenticatorType, HostState, Label, Reason, type Instrument } from "../../src/wire.gen";
import { TestSigner } from "./fake_host";

const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index);
const BACK = { hostId: "h-1", code: { ticket: "015886", firstHalf: "PCRY", secondHalf: "FS5E" }, seconds: 600 };

function instruments(state: HostState): readonly Instrument[] {
  return [{ host_id: "h-1", name: "Analyser", site: "Site", model: "AX", phi: false, state, closed: [] }];
}

test("the code is the one that the host makes (tests/wire/sealed/test_returning.py)", async () => {
  expect(await codeOf({ secret: SECRET, session_id: "s-1" })).toEqual(BACK.code);
});

test("a ticket that the host did not sign is no slip", async () => {
  const parties = { sessionId: "s-1", technicianId: "t-ann", hostId: "h-1", deviceKey: null as unknown as CryptoKey, hostKey: new Uint8Array(32).fill(9) };
  const statement = { label: Label.RETURN_TICKET, alg: Algorithm.ED25519, payload: new Uint8Array(2), sig: new Uint8Array(64) };
  await expect(readReturn(statement, parties)).rejects.toThrow(PeerMisbehaved);
});

test("a ticket of the host for this visit is one, for ten minutes at most; one of another visit, host or technician is none", async () => {
  const signer = await TestSigner.make();
  const parties = { sessionId: "s-1", technicianId: "t-ann", hostId: "h-1", deviceKey: null as unknown as CryptoKey, hostKey: signer.publicKey };
  const device = { type: AuthenticatorType.P256, key: Uint8Array.of(4, ...new Uint8Array(64)), label: "Laptop" };
  const payload = { session_id: "s-1", host_id: "h-1", technician_id: "t-ann", device, secret: SECRET, at: 1_800_000_000, seconds: 86_400 };
  expect(await readReturn(await signer.sign(Label.RETURN_TICKET, "ReturnPayload", payload), parties)).toEqual(BACK);
  for (const other of [{ session_id: "s-2" }, { host_id: "h-2" }, { technician_id: "t-bob" }]) {
    const statement = await signer.sign(Label.RETURN_TICKET, "ReturnPayload", { ...payload, ...other });
    await expect(readReturn(statement, parties)).rejects.toThrow(PeerMisbehaved);
  }
  const otherwise = await signer.sign(Label.ANSWERED, "ReturnPayload", payload);
  await expect(readReturn(otherwise, parties)).rejects.toThrow(PeerMisbehaved);
});

describe("a way back", () => {
  test("is tried when the host says that it waits, and not before", () => {
    const way = new Returning(BACK, 0);
    for (const state of [HostState.OFFLINE, HostState.READY, HostState.VISITED]) expect(way.due(instruments(state), 20)).toBe(false);
    expect(way.due([], 20)).toBe(false);
    expect(way.due(instruments(HostState.CALLING), 21)).toBe(true);
    expect(way.state).toBe("claims");
    expect(way.due(instruments(HostState.CALLING), 60)).toBe(false);
  });

  test("is tried again where the reason passes, three times in all and ten seconds apart", () => {
    const way = new Returning(BACK, 0);
    const tried = [];
    for (let at = 20; at < 60; at += 5) {
      tried.push(way.due(instruments(HostState.CALLING), at));
      way.refused(Reason.CODE_RESERVED);
    }
    expect(tried).toEqual([true, false, true, false, true, false, false, false]);
    expect(way.state).toBe("failed");
    expect(way.again(60)).toBeNull();
  });

  test("costs one wrong try at most", () => {
    const way = new Returning(BACK, 0);
    expect(way.due(instruments(HostState.CALLING), 20)).toBe(true);
    way.refused(Reason.CODE_WRONG);
    expect(way.state).toBe("failed");
    expect(way.due(instruments(HostState.CALLING), 100)).toBe(false);
  });

  test("is over when its time is, and a refusal of something else is none", () => {
    const way = new Returning(BACK, 0);
    way.refused(Reason.CODE_WRONG);
    expect(way.state).toBe("waits");
    expect(way.left(590)).toBe(10);
    expect(way.due(instruments(HostState.CALLING), 600)).toBe(false);
    expect(way.state).toBe("failed");
  });
});
