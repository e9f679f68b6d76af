// What the two ends of a direct channel say of themselves, each under its own long-term key (docs/protocol.md, section 9), and the little
// of SDP that a browser wants: a fixed text with checked fields in it. Nothing of SDP travels.

import { Label, LIMITS, type DirectCandidate, type DirectDescription, type Statement } from "../wire.gen";
import { equal, fromHex, hex, PeerMisbehaved, type Bytes } from "./bytes";
import type { LedgerParties } from "./ledger";
import { ed25519, open, sign } from "./statements";

/** What a browser says of its own end. */
export interface OwnEnd {
  readonly fingerprint: Bytes;
  readonly ufrag: string;
  readonly pwd: string;
}

/** Whom a browser found at the other end. */
export interface Found {
  /** SHA-256 of its certificate. */
  readonly fingerprint: Bytes;
  readonly address: string;
  readonly port: number;
}

/** More than the longest record: neither browser nor host ever cuts one in pieces. */
const MESSAGE_MAX = 262_144;
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PWD = /^[A-Za-z0-9+/]{22,256}$/;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6 = /^[0-9a-f:]+$/i;
/** No address of a host on a network: this machine, a link, everybody, nobody, or one address in the clothes of another. */
const NO_HOST = [/^0\./, /^127\./, /^169\.254\./, /^(?:22[4-9]|2[345]\d)\./, /^::/, /^fe[89a-f]/, /^ff/];

/** An address in its one spelling; null for anything else than one that a host can have on a network. */
export function addressOf(text: string): string | null {
  const spelt = IPV4.test(text) ? text : spelling6(text);
  return spelt === null || NO_HOST.some((each) => each.test(spelt)) ? null : spelt;
}

function spelling6(text: string): string | null {
  const address = `http://[${text}]/`;
  if (!IPV6.test(text) || !URL.canParse(address)) return null;
  return new URL(address).hostname.slice(1, -1);
}

/** Read the host's offer. Throws PeerMisbehaved for one that it did not sign, for another visit, or that no honest host makes. */
export async function readOffer(statement: Statement, parties: LedgerParties): Promise<DirectDescription> {
  const offer = await open(statement, Label.DIRECT_HOST, ed25519(parties.hostKey), "DirectDescription");
  if (offer?.session_id !== parties.sessionId) throw new PeerMisbehaved("a channel that this host did not offer for this visit");
  const sound = UFRAG.test(offer.ufrag) && PWD.test(offer.pwd) && offer.candidates.length > 0;
  if (!sound || offer.candidates.some((each) => addressOf(each.address) === null)) throw new PeerMisbehaved("a channel that cannot be");
  return offer;
}

/** Our own end, signed by this device. A console has no address to offer. */
export function answer(parties: LedgerParties, attempt: number, own: OwnEnd): Promise<Statement> {
  const { sessionId, deviceKey } = parties;
  return sign(deviceKey, Label.DIRECT_TECHNICIAN, "DirectDescription", { session_id: sessionId, attempt, ...own, candidates: [], only: false });
}

/** Is it the end that was offered? */
export function isAsOffered(offer: DirectDescription, found: Found): boolean {
  const address = addressOf(found.address);
  const there = (each: DirectCandidate) => address !== null && addressOf(each.address) === address && each.port === found.port;
  return equal(offer.fingerprint, found.fingerprint) && offer.candidates.some(there);
}

/** The host's end as a browser takes it. Every field of it was checked by `readOffer`. */
export function sdpOf(offer: DirectDescription): string {
  const fingerprint = hex(offer.fingerprint).toUpperCase().match(/../g)?.join(":");
  const lines = [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=mid:0",
    `a=ice-ufrag:${offer.ufrag}`,
    `a=ice-pwd:${offer.pwd}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    "a=setup:actpass",
    `a=sctp-port:${LIMITS.DIRECT_PORT}`,
    `a=max-message-size:${MESSAGE_MAX}`,
    ...offer.candidates.map((each, index) => `a=candidate:${index + 1} 1 udp ${each.priority} ${addressOf(each.address)} ${each.port} typ host`),
    "a=end-of-candidates",
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}

/** What this browser's own SDP says of our end; null when it is none that we know. */
export function ownEnd(sdp: string): OwnEnd | null {
  const ufrag = /^a=ice-ufrag:(\S+)\r?$/m.exec(sdp)?.[1] ?? "";
  const pwd = /^a=ice-pwd:(\S+)\r?$/m.exec(sdp)?.[1] ?? "";
  const digits = /^a=fingerprint:sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\r?$/im.exec(sdp)?.[1];
  if (digits === undefined || !UFRAG.test(ufrag) || !PWD.test(pwd)) return null;
  return { fingerprint: fromHex(digits.replaceAll(":", "")), ufrag, pwd };
}
