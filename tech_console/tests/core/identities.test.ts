// Who is at each end.

import { beforeEach, describe, expect, test } from "vitest";

import { ourIdentity } from "../../src/core/identities";
import { readPart } from "../../src/core/schema";
import { makeDeviceKey } from "../../src/core/statements";
import { EndCause, Label } from "../../src/wire.gen";
import { agree, begin, hear, host, seal, tell, visit } from "./dialogue";
import { HOST, SESSION, TECHNICIAN, TestSigner } from "./fake_host";

beforeEach(begin);

describe("the host", () => {
  test("that signed the words of this visit is the host, and is asked for the view", async () => {
    await seal();
    expect(visit.view.phase).toBe("asking");
  });

  test("that signed with another key is none", async () => {
    await tell({ kind: "socket_opened" });
    await agree();
    const other = await TestSigner.make();
    const words = { session_id: SESSION, role: "host" as const, subject: HOST, transcript: host.transcript };
    await hear(await host.inner({ type: "session_identity", statement: await other.sign(Label.SESSION_HOST, "SessionIdentityPayload", words) }));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.IDENTITY_NOT_PROVEN });
  });

  test.each([
    ["another transcript", { transcript: new Uint8Array(32) }],
    ["another session", { session_id: "s-2" }],
    ["the technician's role", { role: "technician" as const }],
    ["another host", { subject: "h-2" }],
  ])("a host identity over %s", async (_name, change) => {
    await tell({ kind: "socket_opened" });
    await agree();
    await hear(await host.identity(change));
    expect(visit.view).toMatchObject({ phase: "ended", cause: EndCause.IDENTITY_NOT_PROVEN });
  });
});

describe("the technician", () => {
  test("signs the same words, with the device of this visit", async () => {
    const device = await makeDeviceKey();
    const parties = { sessionId: SESSION, technicianId: TECHNICIAN, hostId: HOST, deviceKey: device.privateKey, hostKey: host.signer.publicKey };
    const transcript = new Uint8Array(32).fill(3);
    const statement = await ourIdentity(parties, transcript);
    expect(statement.label).toBe(Label.SESSION_TECHNICIAN);
    const said = readPart("SessionIdentityPayload", statement.payload);
    expect(said).toEqual({ session_id: SESSION, role: "technician", subject: TECHNICIAN, transcript });
  });
});
