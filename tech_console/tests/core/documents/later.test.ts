// The reader as time goes by: what expires, clocks that are set, restarts, and what need not be sent again.

import { beforeEach, describe, expect, test } from "vitest";

import { utf8, type Bytes } from "../../../src/core/bytes";
import { Documents } from "../../../src/core/documents/documents";
import { canonical } from "../../../src/core/json";
import {
  after,
  documents,
  hear,
  INVALID,
  LYON,
  putTop,
  setStage,
  STALE,
  TAKEN,
  vendor,
} from "./stage";
import { DAY, host, moment, NOW, type Vendor } from "./vendor";

beforeEach(setStage);

async function republished(put: () => Promise<void>): Promise<void> {
  await vendor.publish();
  await put();
  if (vendor.versions.get("snapshot") === 1) await vendor.putSnapshot();
  await vendor.putTimestamp();
}

describe("time", () => {
  test("documents count until the first of their four roles expires, and not a second longer", async () => {
    await vendor.publish();
    await hear();
    expect(documents.secondsLeft(after(DAY - 1))).toBe(1);
    expect(await documents.view(after(DAY - 1))).not.toBeNull();
    expect(await documents.view(after(DAY))).toBeNull();
    expect(documents.secondsLeft(after(DAY))).toBe(0);
    await vendor.putTimestamp(NOW + DAY - 5);
    expect(await hear(DAY + 1)).toEqual(TAKEN);
    expect(await documents.view(after(DAY + 1))).not.toBeNull();
  });

  test("a clock that is set back makes nothing valid again", async () => {
    await vendor.publish();
    await hear();
    expect(await documents.view({ utc: NOW - 10 * DAY, boot: 1000 + DAY + 10 })).toBeNull();
    expect(documents.time({ utc: 0, boot: 1000 })).toBe(NOW); // and neither does one that runs backwards
  });

  test("what is expired by the time that is proven is refused, whatever the clock says", async () => {
    await vendor.publish();
    await hear();
    await vendor.putTimestamp(NOW + 1, { expires: moment(NOW + 3600) });
    const bundle = await vendor.bundleOf(LYON);
    expect(await documents.accept(bundle, { utc: NOW - 10 * DAY, boot: 1010 + 3600 }, LYON)).toEqual(STALE);
    expect(await documents.accept(bundle, { utc: NOW - 10 * DAY, boot: 1010 + 3599 }, LYON)).toEqual(TAKEN);
  });

  test("a timestamp that was signed long before it came takes no time back", async () => {
    await vendor.publish();
    await documents.accept(await vendor.bundleOf(LYON), { utc: 0, boot: 0 }, LYON);
    await vendor.putTimestamp(NOW + 60);
    const later = { utc: 0, boot: 3600 };
    expect(await documents.accept(await vendor.bundleOf(LYON), later, LYON)).toEqual(TAKEN);
    expect(documents.time(later)).toBe(NOW + 3600);
  });

  test.each([
    ["timestamp", async () => vendor.publish(NOW - 2 * DAY)],
    ["snapshot", async () => republished(async () => vendor.putSnapshot({ expires: moment(NOW) }))],
    ["targets", async () => republished(async () => putTop({ expires: moment(NOW) }))],
  ])("an expired %s is refused", async (_name, publish) => {
    await publish();
    expect(await hear()).toEqual(STALE);
    expect(documents.files.size).toBe(0);
  });

  test("a snapshot that expires while it is held is refused, and signed anew under its own version it is taken", async () => {
    await vendor.publish();
    await vendor.putSnapshot({ expires: moment(NOW + 100) });
    await vendor.putTimestamp();
    expect(await hear()).toEqual(TAKEN);
    await vendor.putTimestamp(NOW + 50);
    expect(await documents.accept(await vendor.bundleOf(LYON, documents.holds()), after(100), LYON)).toEqual(STALE);
    vendor.versions.set("snapshot", 1);
    await vendor.putSnapshot();
    await vendor.putTimestamp(NOW + 60);
    expect(await hear(100)).toEqual(TAKEN);
  });

  test.each([
    ["for more than a week", { expires: moment(NOW + 7 * DAY + 1) }],
    ["from its end on", { expires: moment(NOW + 60), issued: NOW + 60 }],
  ])("a timestamp that is valid %s is refused", async (_name, change) => {
    await vendor.publish(NOW, change);
    expect(await hear()).toEqual(INVALID);
  });

  test("what was issued in the future of a late clock, and is over by then, is refused", async () => {
    await vendor.publish();
    await vendor.putSnapshot({ expires: moment(NOW + 7200) });
    await vendor.putTimestamp(NOW + 7200);
    expect(await hear()).toEqual(STALE);
    await vendor.putTimestamp(NOW + 7199);
    expect(await hear()).toEqual(TAKEN);
  });
});

describe("a restart", () => {
  test("begins where it ended, even after everything expired, and goes back behind nothing", async () => {
    await vendor.publish();
    const older = await vendor.bundleOf(LYON);
    await vendor.publish(NOW + 5);
    await hear();
    const again = await Documents.from(vendor.root);
    expect(await again.restore(documents.files, after(10 * DAY), LYON)).toEqual(TAKEN);
    expect(again.files).toEqual(documents.files);
    expect(await again.view(after(10 * DAY))).toBeNull();
    expect(await again.accept(older, { utc: NOW, boot: 0 }, LYON)).toEqual(STALE);
  });

  test.each<[string, (files: Map<string, Bytes>) => unknown]>([
    ["nothing", (files) => files.clear()],
    ["a file less", (files) => files.delete("metadata/1.targets.json")],
    ["a file changed", (files) => files.set("metadata/1.targets.json", utf8(canonical({})))],
  ])("with %s begins with the root alone", async (_name, spoil) => {
    await vendor.publish();
    await hear();
    const files = new Map(documents.files);
    spoil(files);
    const again = await Documents.from(vendor.root);
    expect(await again.restore(files, after(20), LYON)).toEqual(INVALID);
    expect(again.holds()).toEqual([]);
    expect(again.time(after(20))).toBe(NOW + 20);
    expect(again.versions.size).toBe(0);
  });
});

test("more files than a hello may name are not all named, metadata first", async () => {
  vendor.hosts = Array.from({ length: 600 }, (_, at) => host(`h-${at}`, `Site ${at}`, new Uint8Array(32).fill(at % 256).fill(at >> 8, 0, 2)));
  await vendor.publish();
  const files = [...vendor.files].map(([path, of]) => ({ path, content: of }));
  expect(await documents.accept({ repository: "vendor", site: "", files }, after(10), null)).toEqual(TAKEN);
  expect(documents.files.size).toBeGreaterThan(600);
  const holds = documents.holds();
  expect(holds.length).toBe(512);
  expect(holds).toContain("metadata/timestamp.json");
});

test("a fault of this program is no refusal", async () => {
  const broken = { repository: "vendor", site: "", files: null } as unknown as Awaited<ReturnType<Vendor["bundleOf"]>>;
  await expect(documents.accept(broken, after(10), LYON)).rejects.toThrow(TypeError);
});
