// What this browser holds of one broker's log, and a doubt about it that stands until a person has acted on it: both outlast the
// page. Whether a head fits is core/heads.ts; all pages of this browser share what is kept here.

import type { LogDoubted } from "../wire.gen";
import { heldBefore, type Held } from "../core/heads";
import { changeLog, type LogMemory } from "./memory";

const NOTHING: LogMemory = { note: "", doubted: null };

/** One broker's log, as this browser remembers it. */
export class KeptLog {
  private readonly name: string;
  private memory: LogMemory;

  private constructor(name: string, memory: LogMemory) {
    this.name = name;
    this.memory = memory;
  }

  /** `pinned` names the root of the documents that name this broker. Throws NoteInvalid where something else was kept. */
  static async open(pinned: string, brokerId: string): Promise<KeptLog> {
    const name = `${pinned} ${brokerId}`;
    return new KeptLog(name, await changeLog(name, (kept) => kept ?? NOTHING));
  }

  get held(): Held | null {
    return this.memory.note === "" ? null : heldBefore(this.memory.note);
  }

  get doubted(): LogDoubted | null {
    return this.memory.doubted;
  }

  /** Hold a newer head. False if another page has changed what is held since: this one was not compared with that. */
  async hold({ note }: Held): Promise<boolean> {
    const before = this.memory.note;
    this.memory = await changeLog(this.name, (kept = NOTHING) => (kept.note === before && kept.doubted === null ? { note, doubted: null } : kept));
    return this.memory.note === note;
  }

  /** Nothing is believed any more until `believeAnew`. The first doubt stands, whatever comes after it. */
  async doubt(doubted: LogDoubted): Promise<void> {
    this.memory = await changeLog(this.name, (kept = NOTHING) => ({ ...kept, doubted: kept.doubted ?? doubted }));
  }

  /** A person says so: what was held is forgotten, and the next head is believed as the first one was. */
  async believeAnew(): Promise<void> {
    this.memory = await changeLog(this.name, () => NOTHING);
  }
}
