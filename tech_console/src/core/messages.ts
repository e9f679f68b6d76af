// The messages of one visit: the chat once there are seals for it, and what the page shows of it. What one message is, in chat.ts.

import type { Reason } from "../wire.gen";
import { PeerMisbehaved, type Bytes } from "./bytes";
import { Chat, NO_CHAT } from "./chat";
import type { Content } from "./content";
import type { RecordHeader } from "./frames";
import type { Lanes } from "./rights";
import type { Standing } from "./standing";
import type { Moment, VisitCommand } from "./visit_terms";

/** What the two people of one visit write to each other. */
export class Messages {
  private readonly standing: Standing;
  private chat: Chat | null = null;

  constructor(standing: Standing) {
    this.standing = standing;
  }

  /** There are seals. Those of a later agreement are taken with `renew`, once both ends are proven anew. */
  async begin(lanes: Lanes, run: number): Promise<void> {
    this.chat ??= await Chat.begin(lanes, run);
  }

  async renew(lanes: Lanes, run: number): Promise<void> {
    await this.chat?.renew(lanes, run);
  }

  /** The host, or the broker, says whether the two may write to each other: null, or why not. */
  stands(reason: Reason | null): VisitCommand[] {
    this.chat?.stands(reason);
    return this.show();
  }

  /** The technician wrote something. It goes where content goes. */
  async written(text: string, now: Moment, way: Pick<Content, "waits" | "goes">): Promise<VisitCommand[]> {
    const body = (await this.chat?.say(text, now.run, way.waits)) ?? null;
    return [...this.show(), ...(body === null ? [] : await way.goes(body, now))];
  }

  /** The person at the host did; `directly`, over the channel. Throws PeerMisbehaved. */
  async heard(header: RecordHeader, sealed: Bytes, now: Moment, directly: boolean): Promise<VisitCommand[]> {
    if (this.chat === null) throw new PeerMisbehaved("a message before the seals");
    await this.chat.heard(header, sealed, now.run, directly);
    return this.show();
  }

  /** The line is cut. */
  rest(): void {
    this.chat?.rest();
  }

  /** The visit is over: nothing of it is kept. */
  forget(): void {
    this.chat = null;
    this.show();
  }

  private show(): VisitCommand[] {
    return this.standing.show({ chat: this.chat?.view ?? NO_CHAT });
  }
}
