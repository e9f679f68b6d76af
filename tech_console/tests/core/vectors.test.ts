// The vectors that both languages must meet (wire/vectors), run against the console's code.

import { describe, expect, test } from "vitest";

import agreement from "../../../wire/vectors/agreement.json";
import codes from "../../../wire/vectors/codes.json";
import commitments from "../../../wire/vectors/commitments.json";
import frames from "../../../wire/vectors/frames.json";
import input from "../../../wire/vectors/input.json";
import messages from "../../../wire/vectors/messages.json";
import records from "../../../wire/vectors/records.json";
import screen from "../../../wire/vectors/screen.json";
import statements from "../../../wire/vectors/statements.json";
import { ConsoleRun, generator } from "../../src/core/agreement";
import { equal, fromUtf8, PeerMisbehaved, utf8, type Bytes } from "../../src/core/bytes";
import { grouped, splitCode } from "../../src/core/code";
import { splitFrame, splitRecord } from "../../src/core/frames";
import { batches, type Deed } from "../../src/core/input";
import { epochKey, laneSecret, nextSecret, sessionSecret } from "../../src/core/keys";
import { commitment, matches } from "../../src/core/ledger";
import { Opener, Sealer } from "../../src/core/records";
import { ConsoleRenewal } from "../../src/core/renewal";
import { decode, encode, encodePart, isMessageName, MalformedMessage, readPart } from "../../src/core/schema";
import { decodePicture, encodeAck, messagesOf, Reassembly } from "../../src/core/screen";
import { signedBytes, verifyBytes } from "../../src/core/statements";
import { LIMITS, type Algorithm, type Direction, type KeyName, type Label, type Lane, type ShapeName } from "../../src/wire.gen";

function unhex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What came of it, or null where it was refused; any other fault stays one. */
function orNull<T>(run: () => T): T | null {
  try {
    return run();
  } catch (fault) {
    if (fault instanceof PeerMisbehaved) return null;
    throw fault;
  }
}

async function orNullLater<T>(run: Promise<T>): Promise<T | null> {
  try {
    return await run;
  } catch (fault) {
    if (fault instanceof PeerMisbehaved) return null;
    throw fault;
  }
}

function rewritten(name: string, data: Bytes, message: boolean): string {
  if (message && isMessageName(name)) return fromUtf8(encode(decode(data, name)));
  const shape = name as ShapeName;
  return fromUtf8(encodePart(shape, readPart(shape, data)));
}

describe("messages", () => {
  test.each(messages.good)("$name: $text is read, and written the same", ({ name, text, message }) => {
    expect(rewritten(name, utf8(text), message)).toBe(text);
  });

  test.each(messages.bad)("$name: $why is refused", ({ name, text, hex: raw, message }) => {
    const data = raw === undefined ? utf8(text ?? "") : unhex(raw);
    expect(() => rewritten(name, data, message)).toThrow(MalformedMessage);
  });
});

describe("frames", () => {
  test.each(frames.frames)("frame $hex", ({ hex: data, kind, body }) => {
    const split = orNull(() => splitFrame(unhex(data)));
    expect(split).toEqual(kind === null ? null : { kind, body: unhex(body ?? "") });
  });

  test.each(frames.longest)("a frame of kind $kind may have $bytes bytes and not one more", ({ kind, bytes }) => {
    const data = new Uint8Array(bytes + 1);
    data[0] = kind;
    expect(() => splitFrame(data)).toThrow(MalformedMessage);
    expect(splitFrame(data.subarray(0, bytes)).body).toHaveLength(bytes - 1);
  });

  test.each(frames.records)("record $hex", ({ hex: data, header, sealed }) => {
    const split = orNull(() => splitRecord(unhex(data)));
    const wanted = header === null ? null : { ...header, sequence: Number(header?.sequence) };
    expect(split === null ? null : split.header).toEqual(wanted);
    expect(split === null ? undefined : hex(split.sealed)).toBe(sealed);
  });
});

describe("statements", () => {
  test.each(statements.cases)("$name", async ({ statement, label, key, alg, payload }) => {
    const said = decode(utf8(statement), "statement");
    const by = { alg: alg as Algorithm, key: unhex(key) };
    const meant = said.label === label && said.alg === alg;
    const right = meant && (await verifyBytes(by, said.sig, signedBytes(label as Label, said.payload)));
    expect(right ? fromUtf8(said.payload) : null).toBe(payload);
  });
});

describe("codes", () => {
  test.each(codes.read)("$typed is read", ({ typed, ticket, first, second, shown }) => {
    expect(splitCode(typed)).toEqual({ ticket, firstHalf: first, secondHalf: second });
    expect(grouped(typed)).toBe(shown);
  });

  test.each(codes.refused)("%j is no code", (typed) => {
    expect(splitCode(typed)).toBeNull();
  });
});

describe("commitments", () => {
  test.each(commitments.cases)("$words", async ({ words, commitment: committed }) => {
    const key = unhex(commitments.key);
    expect(hex(await commitment(key, words))).toBe(committed);
    expect(await matches(unhex(committed), key, words)).toBe(true);
    expect(await matches(unhex(committed), key, `${words}.`)).toBe(false);
    expect(await matches(unhex(committed), key.subarray(1), words)).toBe(false);
  });
});

const DEEDS: Readonly<Record<string, (event: Record<string, never>) => Deed>> = {
  Move: ({ x, y }) => ({ kind: "move", x: Number(x), y: Number(y) }),
  Button: ({ number, down }) => ({ kind: "button", number: Number(number), down: Boolean(down) }),
  Wheel: ({ dx, dy }) => ({ kind: "wheel", dx: Number(dx), dy: Number(dy) }),
  Character: (event) => ({ kind: "character", codePoint: Number(event["code_point"]) }),
  Key: ({ name, down }) => ({ kind: "key", name: String(name) as KeyName, down: Boolean(down) }),
};

describe("input", () => {
  test.each(input.good)("batch $hex", ({ picture, milliseconds, events, hex: packed }) => {
    const deeds = events.flatMap((event) => DEEDS[event.type]?.(event as unknown as Record<string, never>) ?? []);
    const nothing = events.length === 0;
    expect(batches(picture, milliseconds, deeds).map(hex)).toEqual(nothing ? [] : [packed]);
  });
});

const written = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

describe("screen", () => {
  test.each(screen.good)("$type $hex", ({ type, fields, hex: packed }) => {
    const read = Object.entries(decodePicture(unhex(packed)));
    const plain = read.map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : written(value)]);
    const kinds: Readonly<Record<string, string>> = { FrameEnd: "frame_end" };
    const wanted = Object.entries(fields).map(([name, value]) => [name, written(value)]);
    const all = Object.fromEntries([...wanted, ["kind", kinds[type] ?? type.toLowerCase()]]) as object;
    expect(Object.fromEntries(plain)).toEqual(all);
  });

  test.each(screen.bad)("$why", ({ hex: packed }) => {
    expect(() => decodePicture(unhex(packed))).toThrow(PeerMisbehaved);
  });

  test("acknowledgements are written as they are read over there", () => {
    const good = screen.acks.filter((ack) => ack.frame !== null);
    expect(good.map(({ frame, worked }) => hex(encodeAck(frame ?? -1, worked ?? -1)))).toEqual(good.map((ack) => ack.hex));
    expect(good.length).toBeGreaterThan(0);
  });

  test.each(screen.parcels)("a parcel holds messages: $hex", ({ hex: packed, messages: wanted }) => {
    expect(orNull(() => messagesOf(unhex(packed)).map(hex))).toEqual(wanted);
  });

  test.each(screen.joined)("records make parcels: $records", ({ records: parts, messages: wanted }) => {
    const reassembly = new Reassembly();
    const join = (part: string) => reassembly.add(unhex(part));
    expect(orNull(() => parts.map(join).map((whole) => whole && hex(whole)))).toEqual(wanted);
  });
});

describe("renewal", () => {
  const { renewal, visit } = agreement;
  const channel = { broker: visit.broker_id, host: visit.host_id, technician: visit.technician_id, ticket: visit.ticket };
  const before = { secret: { bytes: unhex(renewal.before.secret) }, transcript: unhex(renewal.before.transcript) };
  const entropy = [unhex(renewal.console_nonce), unhex(renewal.console_scalar)] as const;

  function begun(share: string): Promise<ConsoleRenewal> {
    const opened = { type: "renewal_open", number: renewal.number, host_nonce: unhex(renewal.host_nonce), share: unhex(share) } as const;
    return ConsoleRenewal.begin(visit.session_id, channel, before, opened, entropy);
  }

  test("gives this share and tag, and arrives at the host's secret", async () => {
    const ours = await begun(renewal.host_share);
    expect(ours.answer.number).toBe(renewal.number);
    expect([hex(ours.answer.share), hex(ours.answer.tag)]).toEqual([renewal.console_share, renewal.console_tag]);
    const renewed = await ours.confirm({ type: "renewal_tag", number: renewal.number, tag: unhex(renewal.host_tag) });
    expect([hex(renewed.secret.bytes), hex(renewed.transcript)]).toEqual([renewal.secret, renewal.transcript]);
  });

  test("takes no other tag and no share of low order", async () => {
    const ours = await begun(renewal.host_share);
    await expect(ours.confirm({ type: "renewal_tag", number: renewal.number, tag: ours.answer.tag })).rejects.toThrow(PeerMisbehaved);
    await expect(ours.confirm({ type: "renewal_tag", number: 4, tag: unhex(renewal.host_tag) })).rejects.toThrow(PeerMisbehaved);
    await expect(begun("00".repeat(32))).rejects.toThrow(PeerMisbehaved);
  });
});

describe("agreement", () => {
  for (const [name, run] of Object.entries({ right: agreement.right, wrong: agreement.wrong })) {
    const { visit } = agreement;
    const channel = { broker: visit.broker_id, host: visit.host_id, technician: visit.technician_id, ticket: visit.ticket };
    const opening = {
      sessionId: visit.session_id,
      run: run.run,
      hostNonce: unhex(run.host_nonce),
      consoleNonce: unhex(run.console_nonce),
      offered: run.offered,
    };

    test(`the ${name} half gives this generator, share and tag`, async () => {
      const made = await generator(utf8(run.console_half), utf8(run.ci), unhex(run.sid));
      expect(hex(made)).toBe(run.console_generator);
      const ours = await ConsoleRun.begin(run.console_half, channel, opening, unhex(run.console_scalar));
      expect(hex(ours.share)).toBe(run.console_share);
      expect(hex(await ours.confirm(unhex(run.host_share)))).toBe(run.console_tag);
    });
  }

  test("the right half ends in this secret and these keys, and a flipped tag in nothing", async () => {
    const { visit, right } = agreement;
    const channel = { broker: visit.broker_id, host: visit.host_id, technician: visit.technician_id, ticket: visit.ticket };
    const [hostNonce, consoleNonce] = [unhex(right.host_nonce), unhex(right.console_nonce)];
    const opening = { sessionId: visit.session_id, run: right.run, hostNonce, consoleNonce, offered: right.offered };
    const ours = await ConsoleRun.begin(right.console_half, channel, opening, unhex(right.console_scalar));
    expect(await ours.agreed(unhex(right.host_tag))).toBeNull(); // out of turn
    await ours.confirm(unhex(right.host_share));
    const flipped = unhex(right.host_tag);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(await ours.agreed(flipped)).toBeNull();
    const agreed = await ours.agreed(unhex(right.host_tag));
    if (agreed === null) throw new Error("the host's right tag was refused");
    expect(hex(agreed.transcript)).toBe(right.transcript);
    const secret = await sessionSecret(agreed);
    expect(hex(secret.bytes)).toBe(right.session_secret);
    for (const lane of right.lanes) {
      const name = { lane: lane.lane as Lane, grant: lane.grant, direction: lane.direction as Direction };
      const first = await laneSecret(secret, name);
      expect(await seals(await epochKey(first, "encrypt"))).toEqual(await seals(await rawKey(lane.key_0)));
      expect(await seals(await epochKey(await nextSecret(first), "encrypt"))).toEqual(await seals(await rawKey(lane.key_1)));
    }
  });
});

function rawKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", unhex(text), "AES-GCM", false, ["encrypt"]);
}

/** Keys cannot be read back, so two are compared by what they do. */
async function seals(key: CryptoKey): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, utf8("same"))));
}

describe("records", () => {
  test.each(records.streams)("$name", async (stream) => {
    const name = { lane: stream.lane as Lane, grant: stream.grant, direction: stream.direction as Direction };
    const secret = await laneSecret({ bytes: unhex(records.session_secret) }, name);
    const opener = await Opener.begin({ sessionId: records.session_id, ...name, secret });
    for (const { body, plain } of stream.records) {
      const { header, sealed } = splitRecord(unhex(body));
      const opened = await orNullLater(opener.open(header, sealed));
      expect(opened && hex(opened)).toBe(plain);
    }
  });

  test("a sealer writes what the other language wrote", async () => {
    const stream = records.streams.find((each) => each.name === "three in order");
    if (stream === undefined) throw new Error("the vectors lack a plain stream");
    const name = { lane: stream.lane as Lane, grant: stream.grant, direction: stream.direction as Direction };
    const secret = await laneSecret({ bytes: unhex(records.session_secret) }, name);
    const sealer = await Sealer.begin({ sessionId: records.session_id, ...name, secret }, 0);
    for (const { body, plain } of stream.records) expect(hex(await sealer.seal(unhex(plain ?? ""), 1))).toBe(body);
    const moved = splitRecord(await sealer.seal(utf8("later"), LIMITS.EPOCH_SECONDS));
    expect(moved.header).toMatchObject({ epoch: 1, sequence: 0 });
  });

  test("bytes compare by content and length", () => {
    expect(equal(utf8("same"), utf8("same"))).toBe(true);
    expect(equal(utf8("same"), utf8("sane"))).toBe(false);
    expect(equal(utf8("same"), utf8("sam"))).toBe(false);
  });
});
