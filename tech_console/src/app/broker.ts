// The broker as this page knows it: one POST per request, and refusals as values. Secrets stand in bodies, never in an
// address; the cookie is the browser's and no script ever sees it.

import { Reason, type Message, type MessageName } from "../wire.gen";
import { fromBase64url, type Bytes } from "../core/bytes";
import { decode, encode, MalformedMessage } from "../core/schema";

/** What the console's own origin says at start. */
export interface Config {
  readonly brokerOrigin: string;
  /** The root file of the vendor's documents, as published: all that this page believes by itself. */
  readonly vendorRoot: Bytes;
}

/** The broker did not answer, or not like a broker. */
export class BrokerUnreachable extends Error {
  override name = "BrokerUnreachable";
}

/** Read the settings that this origin was started with. Throws BrokerUnreachable. */
export async function readConfig(): Promise<Config> {
  const settings = (await (await fetch("/config.json", { cache: "no-store" })).json()) as Record<string, unknown>;
  const vendorRoot = fromBase64url(String(settings["vendor_root"]));
  if (vendorRoot === null) throw new BrokerUnreachable("no root of the vendor's documents");
  return { brokerOrigin: String(settings["broker_origin"]), vendorRoot };
}

/** Send one message; its answer, or the Reason it was refused for. Throws BrokerUnreachable. */
export async function post<N extends MessageName>(
  config: Config,
  path: string,
  message: Message,
  ...answers: readonly N[]
): Promise<Message<N> | Reason> {
  return ask(config, path, { method: "POST", body: encode(message), headers: { "content-type": "application/json" } }, answers);
}

/** Ask for one message. Throws BrokerUnreachable. */
export async function get<N extends MessageName>(config: Config, path: string, ...answers: readonly N[]): Promise<Message<N> | Reason> {
  return ask(config, path, { method: "GET" }, answers);
}

async function ask<N extends MessageName>(
  config: Config,
  path: string,
  how: RequestInit,
  answers: readonly N[],
): Promise<Message<N> | Reason> {
  try {
    const answer = await fetch(config.brokerOrigin + path, { ...how, credentials: "include", cache: "no-store", redirect: "error" });
    const body = new Uint8Array(await answer.arrayBuffer());
    if (!answer.ok) return decode(body, "refused").reason;
    return decode(body, ...answers);
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof MalformedMessage) throw new BrokerUnreachable(path);
    throw fault;
  }
}

/** Send one message; the bytes that are handed out for it, or the Reason it was refused for. Throws BrokerUnreachable. */
export async function take(config: Config, path: string, message: Message): Promise<Blob | Reason> {
  const how = { method: "POST", body: encode(message), headers: { "content-type": "application/json" } };
  try {
    const answer = await fetch(config.brokerOrigin + path, { ...how, credentials: "include", cache: "no-store", redirect: "error" });
    if (answer.ok) return await answer.blob();
    return decode(new Uint8Array(await answer.arrayBuffer()), "refused").reason;
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof MalformedMessage) throw new BrokerUnreachable(path);
    throw fault;
  }
}

/** Was it refused? */
export function isReason(answer: Message | Reason): answer is Reason {
  return typeof answer === "string";
}
