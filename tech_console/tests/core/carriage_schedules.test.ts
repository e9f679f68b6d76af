// The carriage of content under any order of events: what is sent, what arrives on either carrier, channels that come, fail, stall and
// close at any moment, lines that are cut, and a site that changes its mind. Drawn anew from the same seeds each time.

import { expect, test } from "vitest";

import type { Bytes } from "../../src/core/bytes";
import { Carriage, type Step } from "../../src/core/carriage";
import { DirectCause, FrameKind, Lane } from "../../src/wire.gen";

function record(lane: Lane, number: number, size: number): Bytes {
  const made = new Uint8Array(size);
  made.set([FrameKind.SEALED, lane, number >> 8, number & 0xff]);
  return made;
}

const numberOf = (frame: Uint8Array) => (frame[2] ?? 0) * 256 + (frame[3] ?? 0);

/** Numbers that look drawn, the same for the same seed. */
function drawn(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Said =
  | { readonly frame: Bytes }
  | { readonly only: boolean }
  | { readonly offer: number }
  | { readonly turn: number }
  | { readonly over: number; readonly received: number };

/** One end: what it gave to the relay's socket, what is on its way from it, and what it took. */
class End {
  readonly carriage = new Carriage();
  readonly draw: (below: number) => number;
  hand: Bytes[] = [];
  outbox: Said[] = [];
  relay: Said[] = [];
  channel: Bytes[] = [];
  draining = false;
  /** The try that it takes part in, and whether that is over at this end. */
  attempt = 0;
  closed = true;
  free = true;
  sent: [number[], number[]] = [[], []];
  taken: [number[], number[]] = [[], []];

  constructor(draw: (below: number) => number) {
    this.draw = draw;
  }

  do(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === "relay") this.give(step.frame);
      else if (step.kind === "take") this.take(step.frame);
      else if (step.kind === "drain") this.draining = true;
      else if (step.kind === "turn") this.outbox.push({ turn: step.attempt });
      else if (step.kind === "over") this.outbox.push({ over: step.attempt, received: step.received });
      else if (step.kind === "close") this.close();
      else if (this.closed) throw new Error("something put on a closed channel");
      else this.channel.push(step.data);
    }
  }

  begin(attempt: number): void {
    Object.assign(this, { attempt, closed: false, free: false });
    this.carriage.begin(attempt);
  }

  say(lane: 0 | 1): void {
    const number = this.sent[lane].push(this.sent[lane].length) - 1;
    const size = lane === 0 ? 60 : ([40, 3000, 30_000][this.draw(3)] ?? 40);
    this.do(this.carriage.content(record(lane === 0 ? Lane.INPUT : Lane.CLIPBOARD_TO_HOST, number, size)));
  }

  take(frame: Bytes): void {
    this.taken[frame[1] === Lane.INPUT ? 0 : 1].push(numberOf(frame));
  }

  /** The socket takes the hand first, then the rest in its order. */
  flush(): void {
    this.relay.push(...this.hand.splice(0).map((frame) => ({ frame })), ...this.outbox.splice(0));
    if (!this.draining) return;
    this.draining = false;
    this.do(this.carriage.drained());
  }

  /** What is on its way when a channel closes arrives, or some of it, or nothing. */
  private close(): void {
    this.closed = true;
    this.channel.splice(this.draw(this.channel.length + 1));
  }

  private give(frame: Bytes): void {
    if (this.carriage.only) throw new Error("content on the relay where none may be");
    if (frame[1] === Lane.INPUT) this.hand.push(frame);
    else this.outbox.push({ frame });
  }
}

class World {
  readonly host: End;
  readonly console: End;
  readonly draw: (below: number) => number;
  only: boolean;
  /** Until now each end took what came first of what the other had sent. */
  whole = true;
  private attempt = 0;

  constructor(seed: number) {
    this.draw = drawn(seed);
    this.only = this.draw(4) === 0;
    this.host = new End(this.draw);
    this.console = new End(this.draw);
    for (const end of [this.host, this.console]) end.carriage.restrict(this.only); // both know the site's word before anything else
  }

  step(): void {
    const end = this.draw(2) === 0 ? this.host : this.console;
    const what = this.draw(200);
    if (what < 60) end.say(this.draw(2) === 0 ? 0 : 1);
    else if (what < 90) end.flush();
    else if (what < 125) this.relays(end);
    else if (what < 170) this.carries(end, 1 + this.draw(4));
    else if (what < 180) this.offer();
    else if (what < 192) this.open(end);
    else if (what < 195) end.do(end.carriage.failed(end.attempt, DirectCause.FAILED));
    else if (what < 199) end.do(end.carriage.tick(this.draw(2)));
    else this.seldom(this.draw(4));
  }

  private seldom(what: number): void {
    if (what === 0) this.cut();
    else if (what === 1) this.rule(!this.only);
  }

  /** One thing of the relay arrives. */
  relays(from: End): void {
    const at = this.peer(from);
    const said = from.relay.shift();
    if (said === undefined) return;
    if ("frame" in said) at.take(said.frame);
    else if ("offer" in said) at.begin(said.offer);
    else if ("only" in said) at.do(at.carriage.restrict(said.only));
    else if ("turn" in said) at.do(at.carriage.peerTurns(said.turn));
    else {
      at.do(at.carriage.peerOver(said.over, said.received, DirectCause.FAILED));
      at.free = true;
    }
  }

  /** Some of the channel arrives, unless the end that it goes to has closed it. */
  carries(from: End, count: number): void {
    const at = this.peer(from);
    const messages = from.channel.splice(0, count);
    if (!at.closed) at.do(at.carriage.messages(at.attempt, messages));
  }

  /** The site says something else. */
  rule(only: boolean): void {
    this.only = only;
    this.host.do(this.host.carriage.restrict(only));
    this.host.outbox.push({ only });
  }

  offer(): void {
    if (!this.host.free) return;
    this.attempt += 1;
    this.host.channel = [];
    this.console.channel = [];
    this.host.begin(this.attempt);
    this.host.outbox.push({ offer: this.attempt });
  }

  open(end: End): void {
    if (!end.closed && this.peer(end).attempt === end.attempt) end.do(end.carriage.opened(end.attempt));
  }

  /** What was sent before a cut is lost with its seals; what is sent after it begins anew. */
  cut(): void {
    for (const { sent, taken } of this.streams) this.whole &&= String(sent.slice(0, taken.length)) === String(taken);
    for (const end of [this.host, this.console]) {
      end.do(end.carriage.reset());
      const nothing = { outbox: [], hand: [], relay: [], channel: [], draining: false, closed: true, free: true };
      Object.assign(end, nothing, { sent: [[], []], taken: [[], []] });
    }
    this.rule(this.only); // is said anew
  }

  /** Everything that can still arrive does; where only a channel carries, there is one in the end. */
  settle(): void {
    for (let round = 0; round < 60; round += 1) {
      if (this.only) this.offer();
      for (const end of [this.host, this.console]) {
        end.flush();
        while (end.relay.length > 0) this.relays(end);
        if (this.only) this.open(end);
        while (end.channel.length > 0) this.carries(end, 3);
        if (!this.only || round < 4) end.do(end.carriage.tick(1));
      }
    }
  }

  /** Of each end and lane, what was sent and what the other end took of it. */
  get streams(): { readonly sent: readonly number[]; readonly taken: readonly number[] }[] {
    return [this.host, this.console].flatMap((from) => from.sent.map((sent, lane) => ({ sent, taken: this.peer(from).taken[lane] ?? [] })));
  }

  private peer(end: End): End {
    return end === this.host ? this.console : this.host;
  }
}

const SEEDS = 60;

test("under any order of events each end takes what the other sent, in order, nothing twice and nothing lost", () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = new World(seed);
    for (let step = 0; step < 400; step += 1) world.step();
    world.settle();
    expect(world.whole).toBe(true);
    for (const { sent, taken } of world.streams) expect(taken).toEqual(sent);
  }
});
