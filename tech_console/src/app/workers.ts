// The page's own workers. The policy lets a page name no other script address than theirs, built together with the page.

import filesAddress from "./files.worker?worker&url";
import screenAddress from "./screen.worker?worker&url";

const ADDRESSES = { screen: screenAddress, files: filesAddress } as const;

const policy = window.trustedTypes?.createPolicy("chaperone-worker", { createScriptURL: onlyOurs });

/** Start one of them. */
export function startWorker(name: keyof typeof ADDRESSES): Worker {
  const address = ADDRESSES[name];
  return new Worker(policy?.createScriptURL(address) ?? address, { type: "module", name });
}

function onlyOurs(address: string): string {
  if (!(Object.values(ADDRESSES) as string[]).includes(address)) throw new TypeError("not a script of ours");
  return address;
}
