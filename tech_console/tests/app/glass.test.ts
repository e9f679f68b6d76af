// The page's canvas: whose frames it draws, when, and what it leaves behind.

import { expect, test } from "vitest";

import { Glass, type Drawable } from "../../src/app/glass";

/** A canvas that keeps a list of what was done to it. */
function pretended(): { canvas: HTMLCanvasElement; done: string[] } {
  const done: string[] = [];
  const canvas = { width: 300, height: 150 };
  const context = {
    canvas,
    drawImage: (bitmap: { name: string }, x: number, y: number) => done.push(`${bitmap.name} at ${x},${y}`),
    fillRect: (...area: number[]) => done.push(`black ${area.join(",")}`),
  };
  return { canvas: Object.assign(canvas, { getContext: () => context }) as unknown as HTMLCanvasElement, done };
}

function frameOf(grant: number, frame: number, closed: string[] = []): Drawable {
  const name = `g${grant}f${frame}`;
  const bitmap = { name, close: () => closed.push(name) } as unknown as ImageBitmap;
  return { grant, frame, boot: 1, width: 640, height: 480, tiles: [{ x: 7, y: 8, bitmap }] };
}

test("a frame that is here before the canvas is drawn, and told of, when the canvas comes", () => {
  const told: number[] = [];
  const glass = new Glass(({ frame }) => told.push(frame));
  const { canvas, done } = pretended();
  glass.open(1);
  glass.take(frameOf(1, 1));
  expect(told).toEqual([]);
  glass.on(canvas);
  glass.take(frameOf(1, 2));
  expect(done).toEqual(["g1f1 at 7,8", "g1f2 at 7,8"]);
  expect(told).toEqual([1, 2]);
  expect([canvas.width, canvas.height]).toEqual([640, 480]);
});

test("closing blackens the picture, and what comes late of a grant that is over is not drawn", () => {
  const told: number[] = [];
  const closed: string[] = [];
  const glass = new Glass(({ frame }) => told.push(frame));
  const { canvas, done } = pretended();
  glass.on(canvas);
  glass.open(1);
  glass.take(frameOf(1, 1, closed));
  glass.close();
  glass.take(frameOf(1, 2, closed));
  glass.open(3);
  glass.take(frameOf(1, 3, closed));
  glass.take(frameOf(3, 1, closed));
  expect(done).toEqual(["g1f1 at 7,8", "black 0,0,640,480", "g3f1 at 7,8"]);
  expect(told).toEqual([1, 1]);
  expect(closed).toEqual(["g1f1", "g1f2", "g1f3", "g3f1"]);
});

test("closing before there was a canvas forgets what waited for it", () => {
  const closed: string[] = [];
  const glass = new Glass(() => undefined);
  const { canvas, done } = pretended();
  glass.open(1);
  glass.take(frameOf(1, 1, closed));
  glass.close();
  glass.on(canvas);
  expect(done).toEqual([]);
  expect(closed).toEqual(["g1f1"]);
});
