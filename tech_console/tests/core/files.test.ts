// Pieces of files and their acknowledgements, the manifest of a folder, how far a file may be sent, and the queue of a visit.

import { describe, expect, test } from "vitest";

import { PeerMisbehaved, utf8, type Bytes } from "../../src/core/bytes";
import { FileQueue, isOver } from "../../src/core/file_queue";
import { DATA_MAX, decodeAck, decodeData, decodeManifest, encodeAck, encodeData, encodeManifest, Rate, Sending } from "../../src/core/files";
import { fileCommitted } from "../../src/core/ledger";
import { Opener, Sealer, type LaneStart } from "../../src/core/records";
import { splitRecord } from "../../src/core/frames";
import { Answer, Direction, Lane, LIMITS, Reason } from "../../src/wire.gen";

const HASH = new Uint8Array(32);

function queue(): { queue: FileQueue; id: number } {
  const made = new FileQueue();
  const id = made.add("a.txt", false, 100, 0);
  return { queue: made, id };
}

async function bulk(): Promise<{ sealer: Sealer; opener: Opener; open(body: Bytes): Promise<Bytes> }> {
  const start: LaneStart = { sessionId: "s-1", lane: Lane.FILE_TO_HOST, grant: 3, direction: Direction.TO_HOST, secret: new Uint8Array(32) };
  const opener = await Opener.begin(start);
  const open = (body: Bytes): Promise<Bytes> => {
    const { header, sealed } = splitRecord(body);
    return opener.open(header, sealed);
  };
  return { sealer: await Sealer.begin(start, 0), opener, open };
}

describe("on the wire", () => {
  test("a piece and an acknowledgement are read as they were written", () => {
    const content = utf8("content");
    expect(decodeData(encodeData(2 ** 33, content))).toEqual({ offset: 2 ** 33, content });
    expect(decodeAck(encodeAck({ offset: 2 ** 33, window: 5 }))).toEqual({ offset: 2 ** 33, window: 5 });
    expect(encodeData(0, new Uint8Array(DATA_MAX)).length).toBe(LIMITS.FILE_PLAIN_MAX);
  });

  test.each([new Uint8Array(0), encodeAck({ offset: 0, window: 0 }), encodeData(2 ** 40, utf8("x"))])("what is no piece is refused", (plain) => {
    expect(() => decodeData(plain)).toThrow(PeerMisbehaved);
  });

  test.each([new Uint8Array(0), encodeData(0, utf8("1234")), encodeAck({ offset: 0, window: LIMITS.FILE_WINDOW + 1 }), encodeAck({ offset: 2 ** 40, window: 0 })])(
    "what is no acknowledgement is refused",
    (plain) => {
      expect(() => decodeAck(plain)).toThrow(PeerMisbehaved);
    },
  );

  test("a manifest is read as it was written, and leads nowhere else", () => {
    const entries = [{ path: "a/b.txt", size: 3, digest: HASH }];
    expect(decodeManifest(encodeManifest(entries))).toEqual(entries);
    for (const path of ["..", "a/../b", "/a", "a/", "a\\b", ".", "a\0b"]) {
      expect(() => decodeManifest(encodeManifest([{ path, size: 3, digest: HASH }]))).toThrow(PeerMisbehaved);
    }
    expect(() => decodeManifest(encodeManifest([...entries, ...entries]))).toThrow(PeerMisbehaved);
    expect(() => decodeManifest(encodeManifest([]))).toThrow(PeerMisbehaved);
    expect(() => decodeManifest(utf8("{}"))).toThrow(PeerMisbehaved);
  });

  test("a manifest has bounds", () => {
    const many = Array.from({ length: LIMITS.FILES_MAX }, (_, at) => ({ path: `${at}${"n".repeat(250)}`, size: 1, digest: HASH }));
    expect(() => encodeManifest(many)).toThrow(RangeError);
  });

  test("a size class holds the file and its manifest", async () => {
    const words = { name: "a", folder: false, files: 1, manifest: 0, digest: HASH, key: HASH };
    const classes = await Promise.all([0, 1, 2, 3, 1024, 1025, 2 ** 36 - 1].map((size) => fileCommitted({ ...words, size })));
    expect(classes.map((each) => each.size_class)).toEqual([0, 0, 1, 2, 10, 11, 36]);
  });
});

describe("sending", () => {
  test("goes as far as the window, and on from there", () => {
    const sending = new Sending(250);
    expect(sending.next(100)).toBeNull();
    sending.begin({ offset: 0, window: 150 });
    expect([sending.next(100), sending.next(100), sending.next(100)]).toEqual([{ offset: 0, length: 100 }, { offset: 100, length: 50 }, null]);
    sending.acknowledged({ offset: 100, window: 150 });
    expect([sending.next(1000), sending.next(1000)]).toEqual([{ offset: 150, length: 100 }, null]);
    expect(sending.sent).toBe(250);
  });

  test("begins anew where the receiver is", () => {
    const sending = new Sending(250);
    sending.begin({ offset: 0, window: 250 });
    sending.next(200);
    sending.begin({ offset: 50, window: 10 });
    expect(sending.next(100)).toEqual({ offset: 50, length: 10 });
  });

  test("a receiver that has more than was sent is not believed", () => {
    const sending = new Sending(250);
    expect(() => sending.begin({ offset: 251, window: 1 })).toThrow(PeerMisbehaved);
    sending.begin({ offset: 0, window: 10 });
    expect(() => sending.acknowledged({ offset: 1, window: 1 })).toThrow(PeerMisbehaved);
  });

  test("the rate is measured, and tells how long the rest takes", () => {
    const rate = new Rate(0);
    expect(rate.left(100)).toBeNull();
    rate.came(1000, 0.1);
    expect(rate.perSecond).toBe(0);
    rate.came(1000, 1);
    expect([rate.perSecond, rate.left(2000)]).toEqual([1000, 2]);
    rate.came(1000, 2);
    expect(rate.perSecond).toBe(700);
  });
});

describe("the queue", () => {
  test("a file is hashed, asked for, moved and done, one at a time", () => {
    const { queue: files, id } = queue();
    const second = files.add("b.txt", false, 10, 0);
    expect(files.next).toBeUndefined();
    files.hashed(id);
    files.hashed(second);
    expect(files.next?.id).toBe(id);
    files.asked(id, 7);
    expect(files.next).toBeUndefined();
    expect(files.granted(7, null, 0)?.id).toBe(id);
    files.progress(id, 50, 1);
    expect(files.items[0]).toMatchObject({ stage: "moving", done: 50, rate: 50, left: 1 });
    files.over(7, null);
    expect(files.items[0]).toMatchObject({ stage: "done", done: 100 });
    expect(files.next?.id).toBe(second);
    files.clear();
    expect(files.items.map((each) => each.id)).toEqual([second]);
  });

  test("what is refused, stopped or late stays so", () => {
    const { queue: files, id } = queue();
    files.hashed(id);
    files.asked(id, 7);
    files.refused(7, Answer.REFUSE, Reason.REFUSED_BY_PERSON);
    expect(files.items[0]).toMatchObject({ stage: "refused", reason: Reason.REFUSED_BY_PERSON });
    files.over(7, null);
    files.stop(id, Reason.DISK_FULL);
    files.progress(id, 5, 9);
    expect(files.items[0]).toMatchObject({ stage: "refused", done: 0 });
    expect(files.granted(8, null, 0)).toBeUndefined();
    files.refused(8, Answer.REFUSE, null);
    files.over(8, null);
    files.progress(99, 1, 1);
  });

  test("a file that stops says why, and the end of a visit stops all", () => {
    const { queue: files, id } = queue();
    files.hashed(id);
    files.asked(id, 7);
    files.granted(7, null, 0);
    files.over(7, Reason.DISK_FULL);
    files.add("c", false, 1, 0);
    files.end();
    expect(files.items.map((each) => each.reason)).toEqual([Reason.DISK_FULL, Reason.SESSION_OVER]);
    expect(files.items.every(isOver)).toBe(true);
  });
});

describe("seals", () => {
  test("a bulk lane goes on over another socket with what was on its way lost", async () => {
    const { sealer, opener, open } = await bulk();
    await open(await sealer.seal(utf8("arrived"), 0));
    await sealer.seal(utf8("lost"), 0);
    await sealer.renew(0);
    await sealer.renew(0);
    opener.renewed();
    expect(await open(await sealer.seal(utf8("again"), 0))).toEqual(utf8("again"));
    expect(await open(await sealer.seal(utf8("on"), 0))).toEqual(utf8("on"));
  });

  test("without another socket no epoch is passed over, and none beyond the bound", async () => {
    const { sealer, open } = await bulk();
    await sealer.renew(0);
    await sealer.renew(0);
    await expect(open(await sealer.seal(utf8("x"), 0))).rejects.toThrow(PeerMisbehaved);
    const far = await bulk();
    for (let at = 0; at <= LIMITS.CARRIERS_MAX; at += 1) await far.sealer.renew(0);
    far.opener.renewed();
    await expect(far.open(await far.sealer.seal(utf8("x"), 0))).rejects.toThrow(PeerMisbehaved);
  });
});
