// The ways to sign in, and the word of this device beside them: a key the signed documents list signs the broker's nonce, so that strangers
// who use up an account's tries do not shut out the technician who sits here.

import { AuthenticatorType, Label, type Message, type Reason, type Statement } from "../wire.gen";
import { sign } from "../core/statements";
import { isReason, post, type Config } from "./broker";
import { deviceOf, technicianOf } from "./memory";

/** The second factor that somebody gives, and a new password where the old one is due. */
export type Factor =
  | { readonly kind: "totp"; readonly totp: string; readonly newPassword: string | null }
  | { readonly kind: "recovery"; readonly code: string };

/** Sign in; who it is, or why not. Throws BrokerUnreachable. */
export async function signIn(config: Config, name: string, password: string, factor: Factor): Promise<Message<"signed_in"> | Reason> {
  const device = await deviceWord(config, name);
  const who = { sign_in_name: name, password, device };
  if (factor.kind === "recovery") {
    const said = { type: "sign_in_recovering", ...who, recovery_code: factor.code } as const;
    return post(config, "/api/sign-in/recovery", said, "signed_in");
  }
  if (factor.newPassword !== null) {
    const said = { type: "sign_in_renewing", ...who, totp: factor.totp, new_password: factor.newPassword } as const;
    return post(config, "/api/sign-in/new-password", said, "signed_in");
  }
  return post(config, "/api/sign-in", { type: "sign_in", ...who, totp: factor.totp }, "signed_in");
}

/** The signed nonce, or null where this browser has no key for that name. */
async function deviceWord(config: Config, name: string): Promise<Statement | null> {
  const technician = await technicianOf(name);
  const device = technician === null ? null : await deviceOf(technician);
  if (device === null) return null;
  const issued = await post(config, "/api/sign-in/nonce", { type: "done" }, "sign_in_nonce");
  if (isReason(issued)) return null;
  const said = { nonce: issued.nonce, type: AuthenticatorType.P256, key: device.publicKey };
  return sign(device.privateKey, Label.DEVICE_SIGN_IN, "DeviceSignInPayload", said);
}
