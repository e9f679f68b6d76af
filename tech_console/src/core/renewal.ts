// New keys after a line was cut, the console's side (wire/sealed/renewal.py has the order and the construction): both ends prove that
// they still hold the visit's secret, and each adds a fresh share. One object is one try.

import { SessionRole, type Message } from "../wire.gen";
import { hmac, multiply, transcriptOf, x25519Scalar, type Channel } from "./agreement";
import { concat, equal, owned, PeerMisbehaved, u32, utf8, type Bytes } from "./bytes";
import { hkdf, type SessionSecret } from "./keys";
import { canonicalBytes } from "./schema";

/** What an agreement leaves: the root of all keys, and the words that both ends signed. */
export interface Ground {
  readonly secret: SessionSecret;
  readonly transcript: Bytes;
}

const BASE = Uint8Array.of(9, ...new Uint8Array(31));
const NO_SALT = new Uint8Array(0);

/** The console's side of one try. */
export class ConsoleRenewal {
  readonly answer: Message<"renewal_share">;
  private readonly renewed: Ground;

  private constructor(answer: Message<"renewal_share">, renewed: Ground) {
    this.answer = answer;
    this.renewed = renewed;
  }

  /** Answer the host's opening with 32 bytes of nonce and 32 of scalar, both fresh. Throws PeerMisbehaved for a low-order share. */
  static async begin(
    sessionId: string,
    channel: Channel,
    before: Ground,
    opened: Message<"renewal_open">,
    [nonce, entropy]: readonly [Bytes, Bytes],
  ): Promise<ConsoleRenewal> {
    const scalar = await x25519Scalar(entropy);
    const share = await multiply(scalar, BASE);
    const point = await multiply(scalar, owned(opened.share));
    if (share === null || point === null) throw new PeerMisbehaved("a share of low order");
    const said = [u32(opened.number), opened.host_nonce, nonce, opened.share, share];
    const pieces = [utf8(sessionId), canonicalBytes({ ...channel }), before.transcript, ...said];
    const transcript = await transcriptOf("chaperone renewal transcript\0", pieces);
    const resumption = await hkdf(before.secret.bytes, NO_SALT, utf8("chaperone resumption v1"));
    const bytes = await hkdf(concat(resumption, point), transcript, utf8("chaperone renewal v1"));
    const renewed = { secret: { bytes }, transcript };
    const tag = await tagOf(renewed, SessionRole.TECHNICIAN);
    return new ConsoleRenewal({ type: "renewal_share", number: opened.number, console_nonce: nonce, share, tag }, renewed);
  }

  /** What was agreed. Throws PeerMisbehaved for another try's tag or a wrong one. */
  async confirm(said: Message<"renewal_tag">): Promise<Ground> {
    const right = equal(said.tag, await tagOf(this.renewed, SessionRole.HOST));
    if (!right || said.number !== this.answer.number) throw new PeerMisbehaved("a wrong tag of renewal");
    return this.renewed;
  }
}

async function tagOf(renewed: Ground, role: SessionRole): Promise<Bytes> {
  const key = await hkdf(renewed.secret.bytes, NO_SALT, utf8(`chaperone renewal tag\0${role}`));
  return hmac("SHA-256", key, renewed.transcript);
}
