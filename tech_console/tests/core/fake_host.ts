// The other end of a visit for tests: a host with its own keys that says the right things, or wrong ones when told to.

import { generator, hmac, lengthValue, multiply, x25519Scalar } from "../../src/core/agreement";
import { base64url, concat, equal, sha256, u32, utf8, type Bytes } from "../../src/core/bytes";
import { encodeFrame, splitFrame, splitRecord } from "../../src/core/frames";
import { hkdf, laneSecret, sessionSecret, type SessionSecret } from "../../src/core/keys";
import { commitment } from "../../src/core/ledger";
import { Opener, Sealer } from "../../src/core/records";
import { BULK } from "../../src/core/rights";
import { canonicalBytes, decode, encode, encodePart, readPart } from "../../src/core/schema";
import { signedBytes } from "../../src/core/statements";
import {
  Algorithm,
  Answer,
  Direction,
  FileScope,
  FrameKind,
  Label,
  Lane,
  SUITE_V1,
  type EndCause,
  type FileWords,
  type Message,
  type MessageName,
  type Permission,
  type Reason,
  type ShapeName,
  type Statement,
  type Values,
} from "../../src/wire.gen";

export const SESSION = "s-1";
export const HOST = "h-1";
export const TECHNICIAN = "t-1";
export const BROKER = "b-1";
export const TICKET = "482913";
const PROMPT = "May Ada see this screen?";

/** An Ed25519 key of a host or a broker. */
export class TestSigner {
  readonly publicKey: Bytes;
  private readonly key: CryptoKey;

  private constructor(key: CryptoKey, publicKey: Bytes) {
    this.key = key;
    this.publicKey = publicKey;
  }

  static async make(): Promise<TestSigner> {
    const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
    return new TestSigner(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  }

  async sign<N extends ShapeName>(label: Label, name: N, value: Values[N]): Promise<Statement> {
    return this.signBytes(label, encodePart(name, value));
  }

  async signBytes(label: Label, payload: Bytes): Promise<Statement> {
    const sig = await crypto.subtle.sign({ name: "Ed25519" }, this.key, signedBytes(label, payload));
    return { label, alg: Algorithm.ED25519, payload, sig: new Uint8Array(sig) };
  }

  /** The note of a checkpoint: this log, so long, with this root. */
  async note(origin: string, size: number, root: Bytes): Promise<string> {
    const text = `${origin}\n${size}\n${btoa(String.fromCodePoint(...root))}\n`;
    const hint = await sha256(concat(utf8(`${origin}\n`), Uint8Array.of(1), this.publicKey));
    const sig = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, this.key, utf8(text)));
    return `${text}\n— ${origin} ${btoa(String.fromCodePoint(...hint.subarray(0, 4), ...sig))}\n`;
  }
}

export function frame(kind: FrameKind, message: Message): Bytes {
  return encodeFrame(kind, encode(message));
}

function fresh(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

const BASE = Uint8Array.of(9, ...new Uint8Array(31));

export class FakeHost {
  readonly signer: TestSigner;
  readonly nonce = fresh();
  run = 0;
  secret: SessionSecret | null = null;
  transcript: Bytes = new Uint8Array(32);
  private sealer: Sealer | null = null;
  private opener: Opener | null = null;
  private screen: Sealer | null = null;
  private renewal: { number: number; scalar: CryptoKey; share: Bytes } | null = null;
  private pending: { isk: Bytes; sid: Bytes; share: Bytes; console: Message<"console_share">; ours: Bytes; theirs: Bytes } | null = null;

  constructor(signer: TestSigner) {
    this.signer = signer;
  }

  open(offered: readonly string[] = [SUITE_V1]): Bytes {
    this.run += 1;
    return frame(FrameKind.HANDSHAKE, { type: "agreement_open", run: this.run, host_nonce: this.nonce, offered });
  }

  /** Take the console's share, with the half that was drawn here, and answer with ours. */
  async share(sent: Bytes, half: string): Promise<Bytes> {
    const said = decode(splitFrame(sent).body, "console_share");
    const ci = canonicalBytes({ broker: BROKER, host: HOST, technician: TECHNICIAN, ticket: TICKET });
    const nul = Uint8Array.of(0);
    const named = concat(utf8("chaperone sid"), nul, utf8(SESSION), nul, this.nonce, nul, said.console_nonce);
    const sid = new Uint8Array(await crypto.subtle.digest("SHA-512", named));
    const scalar = await x25519Scalar(fresh());
    const share = await multiply(scalar, await generator(utf8(half), ci, sid));
    const shared = await multiply(scalar, new Uint8Array(said.share));
    if (share === null || shared === null) throw new Error("a low-order point in a test");
    const ours = canonicalBytes({ nonce: base64url(this.nonce), offered: [SUITE_V1], role: "host", run: this.run, subject: HOST });
    const theirs = canonicalBytes({ chosen: SUITE_V1, nonce: base64url(said.console_nonce), role: "technician", subject: TECHNICIAN });
    const hashed = lengthValue(utf8("CPace255_ISK"), sid, shared, said.share, theirs, share, ours);
    const isk = new Uint8Array(await crypto.subtle.digest("SHA-512", hashed));
    this.pending = { isk, sid, share, console: said, ours, theirs };
    const parts = [sid, ci, said.share, share, theirs, ours];
    const framed = concat(utf8("chaperone transcript\0"), ...parts.flatMap((part) => [u32(part.length), part]));
    this.transcript = new Uint8Array(await crypto.subtle.digest("SHA-256", framed));
    return frame(FrameKind.HANDSHAKE, { type: "host_share", run: this.run, share });
  }

  /** Check the console's tag; our own, or the failure of the run. */
  async tag(sent: Bytes, runsLeft: number): Promise<Bytes> {
    const said = decode(splitFrame(sent).body, "console_tag");
    if (this.pending === null) throw new Error("no run is open");
    const { isk, sid, share, console, ours, theirs } = this.pending;
    const mac = new Uint8Array(await crypto.subtle.digest("SHA-512", concat(utf8("CPaceMac"), sid, isk)));
    const right = equal(said.tag, await hmac("SHA-512", mac, lengthValue(console.share, theirs)));
    if (!right) return this.failed(runsLeft);
    this.secret = await sessionSecret({ isk, transcript: this.transcript });
    this.sealer = await Sealer.begin(await this.lane(Lane.CONTROL, 0, Direction.TO_TECHNICIAN), 0);
    this.opener = await Opener.begin(await this.lane(Lane.CONTROL, 0, Direction.TO_HOST));
    const tag = await hmac("SHA-512", mac, lengthValue(share, ours));
    return frame(FrameKind.HANDSHAKE, { type: "host_tag", run: this.run, tag });
  }

  failed(runsLeft: number): Bytes {
    return frame(FrameKind.HANDSHAKE, { type: "agreement_failed", run: this.run, runs_left: runsLeft });
  }

  /** Begin to renew the keys after a line was cut. */
  async renewalOpen(number: number): Promise<Bytes> {
    const scalar = await x25519Scalar(fresh());
    const share = await multiply(scalar, BASE);
    if (share === null) throw new Error("a low-order point in a test");
    this.renewal = { number, scalar, share };
    return frame(FrameKind.HANDSHAKE, { type: "renewal_open", number, host_nonce: this.nonce, share });
  }

  /** Check the console's share and tag; our own. From here on everything is under the new keys. */
  async renewalTag(sent: Bytes, tagged = true): Promise<Bytes> {
    const said = decode(splitFrame(sent).body, "renewal_share");
    if (this.renewal === null || this.secret === null) throw new Error("no renewal is open");
    const { number, scalar, share } = this.renewal;
    const point = await multiply(scalar, new Uint8Array(said.share));
    if (point === null) throw new Error("a low-order point in a test");
    const ci = canonicalBytes({ broker: BROKER, host: HOST, technician: TECHNICIAN, ticket: TICKET });
    const pieces = [utf8(SESSION), ci, this.transcript, u32(number), this.nonce, said.console_nonce, share, said.share];
    const framed = concat(utf8("chaperone renewal transcript\0"), ...pieces.flatMap((piece) => [u32(piece.length), piece]));
    const none = new Uint8Array(0);
    const resumption = await hkdf(this.secret.bytes, none, utf8("chaperone resumption v1"));
    this.transcript = new Uint8Array(await crypto.subtle.digest("SHA-256", framed));
    this.secret = { bytes: await hkdf(concat(resumption, point), this.transcript, utf8("chaperone renewal v1")) };
    const tag = async (role: string) => hmac("SHA-256", await hkdf(this.secret?.bytes ?? none, none, utf8(`chaperone renewal tag\0${role}`)), this.transcript);
    if (!equal(said.tag, await tag("technician"))) throw new Error("a wrong tag of the console");
    this.sealer = await Sealer.begin(await this.lane(Lane.CONTROL, 0, Direction.TO_TECHNICIAN), 0);
    this.opener = await Opener.begin(await this.lane(Lane.CONTROL, 0, Direction.TO_HOST));
    this.screen = null;
    return frame(FrameKind.HANDSHAKE, { type: "renewal_tag", number, tag: tagged ? await tag("host") : new Uint8Array(32) });
  }

  async identity(change: Partial<Values["SessionIdentityPayload"]> = {}): Promise<Bytes> {
    const statement = await this.signer.sign(Label.SESSION_HOST, "SessionIdentityPayload", {
      session_id: SESSION,
      role: "host",
      subject: HOST,
      transcript: this.transcript,
      ...change,
    });
    return this.inner({ type: "session_identity", statement });
  }

  async inner<N extends MessageName>(message: Message<N>): Promise<Bytes> {
    if (this.sealer === null) throw new Error("not sealed yet");
    return encodeFrame(FrameKind.SEALED, await this.sealer.seal(encode(message), 0));
  }

  /** What the console sealed on the control lane. */
  async opened<N extends MessageName>(sent: Bytes, name: N): Promise<Message<N>> {
    if (this.opener === null) throw new Error("not sealed yet");
    const { header, sealed } = splitRecord(splitFrame(sent).body);
    return decode(await this.opener.open(header, sealed), name);
  }

  /** What the console signed. */
  said<N extends ShapeName>(sent: Bytes, name: N): Values[N] {
    return readPart(name, decode(splitFrame(sent).body, "statement").payload);
  }

  async answer(
    ask: number,
    permission: Permission,
    answer: Answer,
    reason: Reason | null = null,
    change: Partial<Values["Answered"]> = {},
    file: FileWords | null = null,
  ): Promise<{ answered: Bytes; words: Bytes }> {
    const key = fresh();
    const statement = await this.signer.sign(Label.ANSWERED, "Answered", {
      session_id: SESSION,
      ask,
      technician_id: TECHNICIAN,
      host_id: HOST,
      permission,
      answer,
      reason,
      prompt_commitment: await commitment(key, PROMPT),
      language: "en",
      answered_by: { account: "lab", login_session: "c1", stated_name: "" },
      seconds: 3600,
      at: 1000,
      scope: answer === Answer.ALLOW && BULK.has(permission) ? FileScope.THIS : null,
      under: 0,
      file: null,
      ...change,
    });
    return { answered: this.ledger(statement), words: await this.inner({ type: "answer_words", ask, key, prompt: PROMPT, file }) };
  }

  async withdrawn(ask: number, permission: Permission): Promise<Bytes> {
    const payload = { session_id: SESSION, ask, host_id: HOST, permission, at: 1000, done: false };
    return this.ledger(await this.signer.sign(Label.WITHDRAWN, "Withdrawn", payload));
  }

  async ended(cause: EndCause): Promise<Bytes> {
    return this.ledger(await this.signer.sign(Label.ENDED, "Ended", { session_id: SESSION, by: HOST, cause, at: 1000 }));
  }

  ledger(statement: Statement): Bytes {
    return frame(FrameKind.LEDGER, { type: "statement", ...statement });
  }

  /** One record of the picture under a grant. */
  async picture(grant: number, plain: Bytes): Promise<Bytes> {
    this.screen ??= await Sealer.begin(await this.lane(Lane.SCREEN, grant, Direction.TO_TECHNICIAN), 0);
    return encodeFrame(FrameKind.SEALED, await this.screen.seal(plain, 0));
  }

  /** One record of another lane, the way that `plain` goes to the console. */
  async under(lane: Lane, grant: number, plain: Bytes): Promise<Bytes> {
    const sealer = await Sealer.begin(await this.lane(lane, grant, Direction.TO_TECHNICIAN), 0);
    return encodeFrame(FrameKind.SEALED, await sealer.seal(plain, 0));
  }

  /** What the console sealed on another lane. */
  async openedOn(sent: readonly Bytes[], lane: Lane, grant: number): Promise<Bytes[]> {
    const opener = await Opener.begin(await this.lane(lane, grant, Direction.TO_HOST));
    const plain: Bytes[] = [];
    for (const each of sent) {
      const { header, sealed } = splitRecord(splitFrame(each).body);
      plain.push(await opener.open(header, sealed));
    }
    return plain;
  }

  private async lane(lane: Lane, grant: number, direction: Direction) {
    if (this.secret === null) throw new Error("not sealed yet");
    return { sessionId: SESSION, lane, grant, direction, secret: await laneSecret(this.secret, { lane, grant, direction }) };
  }
}
