// What this browser remembers, in IndexedDB: the device's key (whose private half no script can read), the newest
// signed documents, where the broker's log stood, and the language. Nothing here is a secret that could be copied;
// localStorage is never used.

import { get, set, update } from "idb-keyval";

import type { ExportForm, LogDoubted } from "../wire.gen";
import type { Bytes } from "../core/bytes";
import type { Files } from "../core/documents/client";
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

/** The files of verified documents, and how far they are: the version of their root, then of their timestamp. */
export interface KeptFiles {
  readonly root: number;
  readonly timestamp: number;
  readonly files: Files;
}

/** What was kept under this pinned root, from any page of this browser. It proves nothing before it is verified again. */
export async function keptDocuments(pinned: string): Promise<KeptFiles | null> {
  return (await get<KeptFiles>(`documents ${pinned}`)) ?? null;
}

/** Keep all files in one step, unless another page has kept newer ones since. */
export async function keepDocuments(pinned: string, news: KeptFiles): Promise<void> {
  await update<KeptFiles>(`documents ${pinned}`, (held) => (held !== undefined && isNewer(held, news) ? held : news));
}

function isNewer(one: KeptFiles, other: KeptFiles): boolean {
  return one.root === other.root ? one.timestamp > other.timestamp : one.root > other.root;
}

/** The newest verified note of a broker's log, empty for none, and what was found wrong with the log since. */
export interface LogMemory {
  readonly note: string;
  readonly doubted: LogDoubted | null;
}

/** Change what is kept of one log, in one step that no other page can come between. What is kept from then on. */
export async function changeLog(name: string, change: (kept: LogMemory | undefined) => LogMemory): Promise<LogMemory> {
  const kept = { now: change(undefined) };
  await update<LogMemory>(`log ${name}`, (before) => {
    kept.now = change(before);
    return kept.now;
  });
  return kept.now;
}

/** A copy of the log that this person proposed here, until it was fetched. */
export interface Copy {
  readonly id: string;
  readonly form: ExportForm;
  /** Seconds since 1970. */
  readonly made: number;
}

/** Those of one account, oldest first. */
export async function copiesOf(technicianId: string): Promise<readonly Copy[]> {
  return (await get<readonly Copy[]>(`copies ${technicianId}`)) ?? [];
}

/** Change which there are, in one step. What there is from then on. */
export async function changeCopies(technicianId: string, change: (kept: readonly Copy[]) => readonly Copy[]): Promise<readonly Copy[]> {
  await update<readonly Copy[]>(`copies ${technicianId}`, (kept) => change(kept ?? []));
  return copiesOf(technicianId);
}

/** The language chosen here, if one was. */
export async function chosenLanguage(): Promise<Language | null> {
  return (await get<Language>("language")) ?? null;
}

/** Remember a choice. */
export async function keepLanguage(language: Language): Promise<void> {
  await set("language", language);
}
