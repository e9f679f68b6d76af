// What the person at the host has granted in this visit, and the seals of each grant: one sealer towards the host, one opener from
// it. A right that is gone takes its seals along, so nothing more can be said or heard under it (docs/protocol.md, section 4).

import { Direction, Permission, TERMS, type Lane } from "../wire.gen";
import { PeerMisbehaved, type Bytes } from "./bytes";
import type { RecordHeader } from "./frames";
import { Opener, Sealer, type LaneStart } from "./records";

/** Gives the start of a lane's keys; only a visit with seals can. */
export type Lanes = (lane: Lane, grant: number, direction: Direction) => Promise<LaneStart>;

interface Right {
  readonly grant: number;
  /** None while the line is cut, and none where a worker seals: what is sealed in two places would use a nonce twice. */
  readonly towards: Sealer | null;
  /** None where nothing is heard here; what comes on the screen's lane is opened by its worker. */
  readonly from: Opener | null;
}

/** The rights under which the host says something to this page. What comes under any other is no accident. */
const HEARD: ReadonlySet<Permission> = new Set([Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST]);

/** The rights whose records travel on the bulk socket, sealed and opened by its worker. */
export const BULK: ReadonlySet<Permission> = new Set([Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST]);

const PERMISSIONS: ReadonlyMap<Lane, Permission> = new Map(Object.values(Permission).map((each) => [TERMS[each].lane, each]));

/** The right that a lane needs; undefined for those of the visit itself. */
export function permissionOf(lane: Lane): Permission | undefined {
  return PERMISSIONS.get(lane);
}

/** The live grants. Numbers of grants that are over are remembered: their records may still be on the way. */
export class Rights {
  private readonly lanes: Lanes;
  private readonly held = new Map<Permission, Right>();
  private readonly past = new Set<number>();
  /** What was asked for when the line was cut. Its answer may be lost, and is none of ours any more. */
  private readonly unanswered = new Set<number>();

  constructor(lanes: Lanes) {
    this.lanes = lanes;
  }

  has(permission: Permission): boolean {
    return this.held.has(permission);
  }

  /** What is granted now. */
  get granted(): readonly Permission[] {
    return [...this.held.keys()];
  }

  /** The number of a live grant. */
  grantOf(permission: Permission): number | undefined {
    return this.held.get(permission)?.grant;
  }

  /** The host allowed it. */
  async give(permission: Permission, grant: number, run: number): Promise<void> {
    const { lane } = TERMS[permission];
    const towards = BULK.has(permission) ? null : await Sealer.begin(await this.lanes(lane, grant, Direction.TO_HOST), run);
    const from = HEARD.has(permission) ? await Opener.begin(await this.lanes(lane, grant, Direction.TO_TECHNICIAN)) : null;
    this.held.set(permission, { grant, towards, from });
  }

  /** The line is cut: what was granted still is, and nothing can be said or heard under it. `asked`: what had no answer yet. */
  rest(asked: number | null): void {
    if (asked !== null) {
      this.unanswered.add(asked);
      this.past.add(asked);
    }
    for (const [permission, { grant }] of this.held) this.held.set(permission, { grant, towards: null, from: null });
  }

  /** Had this request no answer when the line was cut? */
  wasLost(ask: number): boolean {
    return this.unanswered.has(ask);
  }

  /** Both ends are back under new keys, and these grants still stand; which rights went meanwhile. */
  async renew(grants: readonly number[], run: number): Promise<readonly Permission[]> {
    const ours = new Map([...this.held].map(([permission, { grant }]) => [grant, permission]));
    if (grants.some((grant) => !ours.has(grant) && !this.wasLost(grant))) throw new PeerMisbehaved("a grant that was never given");
    const gone = this.granted.filter((permission) => !grants.includes(this.grantOf(permission) ?? 0) && this.dropOne(permission));
    for (const [permission, { grant }] of this.held) await this.give(permission, grant, run);
    return gone;
  }

  /** Let go of a right, and of all that rest on it; which ones went. */
  drop(permission: Permission): readonly Permission[] {
    const resting = this.granted.filter((each) => TERMS[each].requires.includes(permission));
    return [...resting, permission].filter((each) => this.dropOne(each));
  }

  /** The visit is over. */
  clear(): void {
    for (const permission of this.granted) this.dropOne(permission);
  }

  /** Seal something under a right; null when there is no such right any more. */
  async seal(permission: Permission, plain: Bytes, run: number): Promise<Bytes | null> {
    const right = this.held.get(permission);
    return right?.towards?.seal(plain, run) ?? null;
  }

  /** The right that a record came under; null when its grant is over, and nobody is to blame. */
  under(header: RecordHeader): Permission | null {
    const permission = permissionOf(header.lane);
    if (permission !== undefined && BULK.has(permission)) throw new PeerMisbehaved("a file on the wrong socket");
    if (permission !== undefined && this.held.get(permission)?.grant === header.grant) return permission;
    if (this.past.has(header.grant)) return null;
    throw new PeerMisbehaved("a record without a grant");
  }

  /** Open what came under a live right. */
  async open(permission: Permission, header: RecordHeader, sealed: Bytes): Promise<Bytes> {
    const from = this.held.get(permission)?.from;
    if (from === null || from === undefined) throw new PeerMisbehaved("a record on a lane that nothing comes on");
    return from.open(header, sealed);
  }

  private dropOne(permission: Permission): boolean {
    const right = this.held.get(permission);
    if (right === undefined) return false;
    this.held.delete(permission);
    this.past.add(right.grant);
    return true;
  }
}
