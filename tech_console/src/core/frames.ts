// The outer frame and the clear header of a sealed record (wire/frames.py has the layout). Splitting, not interpreting.

import { FRAME_MAX, FrameKind, Lane, LIMITS } from "../wire.gen";
import { concat, owned, readU64, u8, view, type Bytes } from "./bytes";
import { MalformedMessage } from "./json";

/** Clear header of a sealed record: authenticated but not hidden. */
export interface RecordHeader {
  readonly lane: Lane;
  readonly grant: number;
  readonly epoch: number;
  readonly sequence: number;
}

/** One frame, split but not interpreted. */
export interface Frame {
  readonly kind: FrameKind;
  readonly body: Bytes;
}

/** The bytes of one WebSocket message. */
export function encodeFrame(kind: FrameKind, body: Uint8Array): Bytes {
  return concat(u8(kind), body);
}

/** Split off the kind byte and hold the body to its limit. Throws MalformedMessage. */
export function splitFrame(data: Uint8Array): Frame {
  const kind = data[0];
  if (kind === undefined) throw new MalformedMessage("frame", "is empty");
  if (!isOneOf(FrameKind, kind)) throw new MalformedMessage("frame.kind", "is unknown");
  if (data.length > FRAME_MAX[kind]) throw new MalformedMessage("frame", `is longer than ${FRAME_MAX[kind]} bytes`);
  return { kind, body: owned(data.subarray(1)) };
}

/** The 15 bytes that open a record and stand in its associated data. */
export function encodeHeader(header: RecordHeader): Bytes {
  const data = new Uint8Array(LIMITS.RECORD_HEADER);
  const out = view(data);
  out.setUint8(0, header.lane);
  out.setUint32(1, header.grant);
  out.setUint16(5, header.epoch);
  out.setBigUint64(7, BigInt(header.sequence));
  return data;
}

/** Read the clear header of a sealed record. Throws MalformedMessage for an unknown lane or a short body. */
export function splitRecord(body: Uint8Array): { header: RecordHeader; sealed: Bytes } {
  if (body.length < LIMITS.RECORD_HEADER + LIMITS.RECORD_TAG) throw new MalformedMessage("record", "is too short");
  const data = view(body);
  const lane = data.getUint8(0);
  if (!isOneOf(Lane, lane)) throw new MalformedMessage("record.lane", "is unknown");
  const header = { lane, grant: data.getUint32(1), epoch: data.getUint16(5), sequence: readU64(data, 7) };
  return { header, sealed: owned(body.subarray(LIMITS.RECORD_HEADER)) };
}

function isOneOf<V extends number>(list: Readonly<Record<string, V>>, value: number): value is V {
  return (Object.values(list) as number[]).includes(value);
}
