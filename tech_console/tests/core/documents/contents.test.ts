// Delegated roles, and what documents may contain: each signer speaks for his own, and nobody waits for another.

import { beforeEach, describe, expect, test } from "vitest";

import { utf8, type Bytes } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { hostsPath, metadataFile } from "../../../src/core/documents/names";
import { listedHost } from "../../../src/core/documents/view";
import { type JsonObject } from "../../../src/core/json";
import { encodePart } from "../../../src/core/schema";
import {
  after,
  device,
  documents,
  hear,
  hostsOf,
  INVALID,
  key32,
  listed,
  LYON,
  putTop,
  said,
  setStage,
  TAKEN,
  vendor,
  withRole,
  withTop,
} from "./stage";
import { host, moment, NOW, person } from "./vendor";

beforeEach(setStage);

function devicesOf(company: string): Bytes {
  return encodePart("DevicesDocument", { company, persons: vendor.devices });
}

describe("delegated roles", () => {
  const ACME = "devices-acme-diagnostics-17a8ebe04790";

  test("that are late say nothing, stand in no way, and are not asked for again", async () => {
    expect(await withRole(ACME, new Map(), { expires: moment(NOW - 1) })).toEqual(TAKEN);
    expect(await listed()).toEqual({ hosts: ["h-1"], devices: [] });
    expect(documents.versions.has(ACME)).toBe(false);
    expect(documents.holds()).toContain(metadataFile(ACME, 2));
    await vendor.putTimestamp(NOW + 5);
    expect(await documents.accept(await vendor.bundleOf(LYON, documents.holds()), after(20), LYON)).toEqual(TAKEN);
  });

  test("that become late are left out of the view, hosts as well as devices", async () => {
    const soon = { expires: moment(NOW + 60) };
    await withRole(ACME, new Map([[`devices/${ACME.slice(8)}.json`, devicesOf("Acme Diagnostics")]]), soon);
    await vendor.putTargets("hosts", vendor.key("hosts"), new Map([[await hostsPath(LYON), hostsOf(LYON, 1)]]), soon);
    await vendor.putSnapshot();
    await vendor.putTimestamp();
    await hear();
    expect(await listed(59)).toEqual({ hosts: ["h-1"], devices: ["t-ana 1"] });
    expect(await listed(60)).toEqual({ hosts: [], devices: [] });
  });

  test("that the snapshot does not name say nothing", async () => {
    await vendor.publish();
    const { "hosts.json": _hosts, ...others } = vendor.meta;
    await vendor.putSnapshot({ meta: others });
    await vendor.putTimestamp();
    expect(await hear()).toEqual(TAKEN);
    expect(await listed()).toEqual({ hosts: [], devices: ["t-ana 1"] });
  });

  test("signed by another role's key are refused", async () => {
    await vendor.publish();
    await vendor.putTargets("hosts", vendor.key("targets"), new Map());
    await vendor.putSnapshot();
    await vendor.putTimestamp();
    expect(await hear()).toEqual(INVALID);
  });

  test("provide nothing beside their own paths", async () => {
    expect(await withRole(ACME, new Map([[await hostsPath(LYON), hostsOf(LYON, 9)]]))).toEqual(TAKEN);
    expect(listedHost((await documents.view(after(10))) ?? never(), "h-1")?.key[0]).toBe(1);
  });

  test("are not spoken for by targets", async () => {
    expect(await withTop({}, new Map([[await hostsPath(LYON), hostsOf(LYON, 9)]]))).toEqual(INVALID);
  });

  test("a reader of all sites has them all, and no document that is none of hosts", async () => {
    const sites = new Map([[await hostsPath(LYON), hostsOf(LYON, 1)], [await hostsPath("Paris"), hostsOf("Paris", 2)], ["persons.json", utf8("{}")]]);
    expect(await withRole("hosts", sites)).toEqual(TAKEN);
    const everywhere = await Documents.from(vendor.root);
    const files = [...vendor.files].map(([path, of]) => ({ path, content: of }));
    expect(await everywhere.accept({ repository: "vendor", site: "", files }, after(10), null)).toEqual(TAKEN);
    expect((await everywhere.view(after(10)))?.hosts.map((each) => each.key[0])).toEqual([1, 2]);
  });
});

function never(): never {
  throw new Error("there is no view");
}

describe("contents", () => {
  test.each<[string, () => void]>([
    ["a person twice", () => (vendor.persons = [person("t-ana"), person("t-ana")])],
    ["a host twice", () => (vendor.hosts = [host("h-1", LYON, key32(1)), host("h-1", LYON, key32(2))])],
    ["a host's key twice", () => (vendor.hosts = [host("h-1", LYON, key32(1)), host("h-2", LYON, key32(1))])],
    ["a device twice", () => (vendor.devices = [{ person: "t-ana", devices: [device(1), device(1)] }])],
    ["a person's devices twice", () => (vendor.devices = [{ person: "t-ana", devices: [] }, { person: "t-ana", devices: [] }])],
    ["an auditor's key of a wrong length", () => (vendor.auditorKey = new Uint8Array(31))],
    ["a device key of a wrong length", () => (vendor.devices = [{ person: "t-ana", devices: [device(1, { type: "p256" })] }])],
  ])("%s refuses the documents", async (_name, wrong) => {
    wrong();
    await vendor.publish();
    expect(await hear()).toEqual(INVALID);
  });

  test("devices of nobody, or of another company's person, are dropped; expired ones do not count", async () => {
    const persons = ["t-nobody", "t-bo"].map((each, at) => ({ person: each, devices: [device(2 + at)] }));
    const own = [device(1), device(5, { expires: NOW + 5 }), device(6, { type: "webauthn", key: new Uint8Array(77).fill(6) })];
    vendor.devices = [...persons, { person: "t-ana", devices: own }];
    await vendor.publish();
    expect(await hear()).toEqual(TAKEN);
    expect(await listed()).toEqual({ hosts: ["h-1"], devices: ["t-ana 1", "t-ana 6"] });
  });

  test.each<[string, (path: string) => Bytes]>([
    ["under another site's name", () => hostsOf("Paris", 1)],
    ["with a host of another site", () => encodePart("HostsDocument", { site: LYON, hosts: [host("h-1", "Paris", key32(1))] })],
    ["in another form", () => utf8("{}")],
    ["that are longer than a file may be", () => new Uint8Array(4 * 1024 * 1024 + 1)],
  ])("hosts %s refuse the documents", async (_name, made) => {
    expect(await withRole("hosts", new Map([[await hostsPath(LYON), made(LYON)]]))).toEqual(INVALID);
  });

  test("devices under another company's name refuse the documents", async () => {
    const others = encodePart("DevicesDocument", { company: "Bolt", persons: [] });
    const role = "devices-acme-diagnostics-17a8ebe04790";
    expect(await withRole(role, new Map([[`devices/${role.slice(8)}.json`, others]]))).toEqual(INVALID);
  });

  test("a policy must be text, and may be missing; persons may not", async () => {
    expect(await withTop({})).toEqual(TAKEN);
    expect((await documents.view(after(10)))?.policy).toBe("");
    expect(await withTop({}, new Map([["vendor-policy.toml", Uint8Array.of(0xff)]]))).toEqual(INVALID);
    expect(await withTop({}, new Map([["vendor-policy.toml", new Uint8Array(4 * 1024 * 1024 + 1).fill(97)]]))).toEqual(INVALID);
    expect(await withTop({ targets: {} })).toEqual(INVALID);
  });

  test("of another length than listed are refused, even with the right hash", async () => {
    await vendor.publish();
    const path = metadataFile("targets", 1);
    const targets = said(path)["targets"] as Record<string, JsonObject>;
    await putTop({ targets: { ...targets, "persons.json": { ...targets["persons.json"], length: 1 } } });
    await vendor.putSnapshot();
    await vendor.putTimestamp();
    expect(await hear()).toEqual(INVALID);
  });
});
