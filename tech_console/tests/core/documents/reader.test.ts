// The reader against signers who do wrong: what comes first, whose signatures count, and never going back.

import { beforeEach, describe, expect, test } from "vitest";

import { fromUtf8, utf8 } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { metadataFile } from "../../../src/core/documents/names";
import { DocumentRefused } from "../../../src/core/documents/refused";
import type { JsonObject } from "../../../src/core/json";
import { Repository } from "../../../src/wire.gen";
import {
  after,
  content,
  documents,
  hear,
  INVALID,
  listed,
  LYON,
  NO_NEWS,
  said,
  setStage,
  STALE,
  TAKEN,
  vendor,
} from "./stage";
import { changed } from "./stories";
import { DAY, Key, moment, NOW, signed } from "./vendor";

beforeEach(setStage);

describe("a first bundle", () => {
  test("is taken, and the same again is no news", async () => {
    await vendor.publish();
    expect(await hear()).toEqual(TAKEN);
    expect(await listed()).toEqual({ hosts: ["h-1"], devices: ["t-ana 1"] });
    expect(await hear()).toEqual(NO_NEWS);
  });

  test("may leave out what is held", async () => {
    await vendor.publish();
    await hear();
    await vendor.publish(NOW + 5);
    expect(await documents.accept(await vendor.bundleOf(LYON, documents.holds()), after(20), LYON)).toEqual(TAKEN);
    expect(documents.versions.get("hosts")).toBe(2);
  });

  test.each([
    ["timestamp", "metadata/timestamp.json"],
    ["snapshot", "metadata/1.snapshot.json"],
    ["targets", "metadata/1.targets.json"],
    ["hosts", "metadata/1.hosts.json"],
  ])("without its %s is refused", async (_name, path) => {
    await vendor.publish();
    expect(await documents.accept(changed(await vendor.bundleOf(LYON), path, null), after(10), LYON)).toEqual(INVALID);
    expect(documents.files.size).toBe(0);
  });

  test("whose snapshot says nothing of targets is refused", async () => {
    await vendor.publish();
    const { "targets.json": _targets, ...others } = vendor.meta;
    await vendor.putSnapshot({ meta: others });
    await vendor.putTimestamp();
    expect(await hear()).toEqual(INVALID);
  });

  test("of a site that delegates is refused", async () => {
    await vendor.publish();
    const site = await Documents.from(vendor.root, Repository.SITE);
    expect(await site.accept({ ...(await vendor.bundleOf(LYON)), repository: Repository.SITE }, after(10), LYON)).toEqual(INVALID);
  });

  test("without a document of its own site is refused, without another's it is not", async () => {
    await vendor.publish();
    expect(await documents.accept(vendor.bundle(), after(10), LYON)).toEqual(INVALID);
    expect(await documents.accept(vendor.bundle(), after(10), "Nowhere")).toEqual(TAKEN);
    expect(await listed()).toEqual({ hosts: [], devices: ["t-ana 1"] });
  });

  test("with a timestamp that is too long is refused before it is read", async () => {
    await vendor.publish();
    const strangers = await Promise.all(Array.from({ length: 20 }, () => Key.make()));
    const path = metadataFile("timestamp", 0);
    vendor.files.set(path, await signed(said(path), vendor.key("timestamp"), ...strangers.slice(10)));
    expect(content(path).length).toBeLessThan(4096);
    expect(await hear()).toEqual(TAKEN);
    vendor.files.set(path, await signed(said(path), vendor.key("timestamp"), ...strangers));
    const other = await Documents.from(vendor.root);
    expect(await other.accept(await vendor.bundleOf(LYON), after(10), LYON)).toEqual(INVALID);
  });
});

describe("a pinned root", () => {
  test.each([
    ["that is empty", () => new Uint8Array()],
    ["that is other metadata", () => content("metadata/timestamp.json")],
    ["that is too long", () => utf8(`{"a":"${"x".repeat(64 * 1024)}"}`)],
    ["with another version than it signed", () => utf8(fromUtf8(vendor.root).replace('"version":1', '"version":2'))],
  ])("%s is none", async (_name, root) => {
    await vendor.publish();
    await expect(Documents.from(root())).rejects.toThrow(DocumentRefused);
  });
});

describe("a new root", () => {
  test("signed by the old key and by its own is followed, and its keys alone count from then on", async () => {
    await vendor.publish();
    await hear();
    const [oldRoot, oldTimestamp] = [vendor.key("root"), vendor.key("timestamp")];
    vendor.keys.set("root", await Key.make());
    vendor.keys.set("timestamp", await Key.make());
    await vendor.putRoot({}, oldRoot);
    expect(await hear()).toEqual(INVALID); // the timestamp of before
    await vendor.putTimestamp(NOW + 5);
    expect(await hear()).toEqual(TAKEN);
    vendor.keys.set("timestamp", oldTimestamp);
    await vendor.putTimestamp(NOW + 6);
    expect(await hear()).toEqual(INVALID);
    expect(documents.versions.get("root")).toBe(2);
    expect([...documents.files.keys()]).toContain("metadata/1.root.json");
  });

  test("signed by the old key alone, or by its own alone, is refused", async () => {
    await vendor.publish();
    await hear();
    const old = vendor.key("root");
    vendor.keys.set("root", await Key.make());
    await vendor.putRoot();
    expect(await hear()).toEqual(INVALID);
    vendor.files.set(metadataFile("root", 2), await signed(said(metadataFile("root", 2)), old));
    expect(await hear()).toEqual(INVALID);
  });

  test("of a version that is not the next is refused", async () => {
    await vendor.publish();
    await vendor.putRoot();
    const skipped = { ...said(metadataFile("root", 2)), version: 3 };
    vendor.files.set(metadataFile("root", 2), await signed(skipped, vendor.key("root")));
    expect(await hear()).toEqual(STALE);
  });

  test("that is expired stops everything, unless another follows it", async () => {
    await vendor.publish();
    await vendor.putRoot({ expires: moment(NOW) });
    expect(await hear()).toEqual(STALE);
    await vendor.putRoot();
    expect(await hear()).toEqual(TAKEN);
  });

  test("with another timestamp key takes back a time and versions that ran ahead", async () => {
    await vendor.publish();
    vendor.versions.set("timestamp", 1_000_000);
    await vendor.putTimestamp(NOW + 6 * DAY); // a thief with the timestamp key
    expect(await hear()).toEqual(TAKEN);
    expect(documents.time(after(10))).toBe(NOW + 6 * DAY);
    vendor.keys.set("timestamp", await Key.make());
    await vendor.putRoot();
    vendor.versions.set("timestamp", 1);
    await vendor.putTimestamp(NOW + 20);
    expect(await hear(30)).toEqual(TAKEN);
    expect(documents.time(after(30))).toBe(NOW + 30);
  });

  test("may ask for two keys, and one that signs is not two", async () => {
    await vendor.publish();
    const second = await Key.make();
    const first = vendor.key("snapshot");
    const { keys, roles } = said(metadataFile("root", 1)) as { keys: JsonObject; roles: JsonObject };
    const change = { keys: { ...keys, [second.id]: second.described }, roles: { ...roles, snapshot: { keyids: [first.id, second.id], threshold: 2 } } };
    await vendor.putRoot(change);
    expect(await hear()).toEqual(INVALID);
    const path = metadataFile("snapshot", 2);
    await vendor.putSnapshot();
    vendor.files.set(path, await signed(said(path), first, second));
    await vendor.putTimestamp();
    expect(await hear()).toEqual(TAKEN);
  });
});

describe("going back", () => {
  test("to an older timestamp, or a newer one of an older snapshot, is refused", async () => {
    await vendor.publish();
    const older = await vendor.bundleOf(LYON);
    await vendor.publish(NOW + 5);
    await hear();
    expect(await documents.accept(older, after(20), LYON)).toEqual(STALE);
    vendor.versions.set("timestamp", 0);
    await vendor.putTimestamp(NOW + 6); // an older number over the same snapshot
    expect(await hear()).toEqual(STALE);
    vendor.versions.set("timestamp", 2);
    await vendor.putSnapshot(); // of the same roles
    await vendor.putTimestamp(NOW + 6);
    expect(await hear()).toEqual(TAKEN);
    vendor.versions.set("snapshot", 2);
    await vendor.putTimestamp(NOW + 7);
    expect(await hear()).toEqual(STALE);
  });

  test("with a role under a newer snapshot is refused, and so is leaving one out", async () => {
    await vendor.publish();
    const before = { ...vendor.meta };
    await vendor.publish(NOW + 5);
    await hear();
    const { "hosts.json": hosts, ...others } = vendor.meta;
    await vendor.putSnapshot({ meta: { ...vendor.meta, "hosts.json": before["hosts.json"] ?? {} } });
    await vendor.putTimestamp(NOW + 6);
    expect(await hear()).toEqual(STALE);
    await vendor.putSnapshot({ meta: others });
    await vendor.putTimestamp(NOW + 7);
    expect(await hear()).toEqual(INVALID);
    await vendor.putSnapshot({ meta: { ...others, "hosts.json": hosts ?? {} } });
    await vendor.putTimestamp(NOW + 8);
    expect(await hear()).toEqual(TAKEN);
  });

  test("a snapshot or a role that is not of the version its parent names is refused", async () => {
    await vendor.publish();
    const path = metadataFile("snapshot", 1);
    const right = content(path);
    vendor.files.set(path, await signed({ ...said(path), version: 2 }, vendor.key("snapshot")));
    await vendor.putTimestamp();
    expect(await hear()).toEqual(STALE);
    vendor.files.set(path, right);
    const hosts = metadataFile("hosts", 1);
    const other = await signed({ ...said(hosts), version: 2 }, vendor.key("hosts"));
    vendor.files.set(hosts, other);
    await vendor.putTargets("hosts", vendor.key("hosts"), new Map(), { version: 7 });
    await vendor.putSnapshot();
    await vendor.putTimestamp(NOW + 1);
    expect(await hear()).toEqual(STALE);
  });

  test("a kept snapshot is replaced once its key is", async () => {
    await vendor.publish();
    await hear();
    vendor.keys.set("snapshot", await Key.make());
    await vendor.putRoot();
    vendor.versions.set("snapshot", 0);
    await vendor.putSnapshot();
    await vendor.putTimestamp(NOW + 1);
    expect(await hear()).toEqual(TAKEN);
    expect(documents.versions.get("snapshot")).toBe(1);
  });
});
