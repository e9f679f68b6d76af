// What this browser remembers, in IndexedDB: the device's key (whose private half no script can read), the newest
// directory ever seen, and the language. Nothing here is a secret that could be copied; localStorage is never used.

import { get, set } from "idb-keyval";

import type { Bytes } from "../core/bytes";
import type { Language } from "./texts";

/** This browser's own key for one technician. */
export interface Device {
  readonly privateKey: CryptoKey;
  readonly publicKey: Bytes;
}

/** The key that this browser made for a technician, if it did. */
export async function deviceOf(technicianId: string): Promise<Device | null> {
  return (await get<Device>(`device ${technicianId}`)) ?? null;
}

/** Keep a new key. */
export async function keepDevice(technicianId: string, device: Device): Promise<void> {
  await set(`device ${technicianId}`, device);
}

/** Whose name this is, where somebody signed in with it here before. A name and an id are no secrets. */
export async function technicianOf(signInName: string): Promise<string | null> {
  return (await get<string>(`technician ${signInName}`)) ?? null;
}

/** Remember whose name it is. */
export async function keepTechnician(signInName: string, technicianId: string): Promise<void> {
  await set(`technician ${signInName}`, technicianId);
}

/** The highest version of the directory under this key that was ever believed here. */
export async function highestDirectory(pinned: string): Promise<number> {
  return (await get<number>(`directory ${pinned}`)) ?? 0;
}

/** Never go back behind this version. */
export async function keepDirectory(pinned: string, version: number): Promise<void> {
  await set(`directory ${pinned}`, Math.max(version, await highestDirectory(pinned)));
}

/** The language chosen here, if one was. */
export async function chosenLanguage(): Promise<Language | null> {
  return (await get<Language>("language")) ?? null;
}

/** Remember a choice. */
export async function keepLanguage(language: Language): Promise<void> {
  await set("language", language);
}
