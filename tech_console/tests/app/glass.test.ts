// The page's canvas: whose frames it draws, when, and what it leaves behind.

import { expect, test } from "vitest";

import { Glass, type Drawable } from "../../src/app/glass";

/** A canvas that keeps a list of what was done to it. */
function pretended(): { canvas: HTMLCanvasElement; done: string[] } {
  const done: string[] = [];
  const canvas = { width: 300, height: 150 };
  const context = {
    canvas,
    fillStyle: "",
    drawImage: (drawn: { name?: string }, ...where: number[]) => done.push(`${drawn.name ?? "itself"} at ${where.join()}`),
    putImageData: (pixels: { name: string }, x: number, y: number) => done.push(`${pixels.name} at ${x},${y}`),
    fillRect: (...area: number[]) => done.push(`${context.fillStyle} ${area.join()}`),
  };
  return { canvas: Object.assign(canvas, { getContext: () => context }) as unknown as HTMLCanvasElement, done };
}

function frameOf(grant: number, frame: number, closed: string[] = []): Drawable {
  const name = `g${grant}f${frame}`;
  const bitmap = { name, close: () => closed.push(name) } as unknown as ImageBitmap;
  return { grant, frame, boot: 1, came: 0, width: 640, height: 480, monitors: [], begins: false, copies: [], tiles: [{ x: 7, y: 8, bitmap }] };
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

test("what is copied is copied before anything new covers it, in the order told", () => {
  const glass = new Glass(() => undefined);
  const { canvas, done } = pretended();
  glass.on(canvas);
  glass.open(1);
  glass.take(frameOf(1, 1));
  const copy = { kind: "copy", frame: 2, from_x: 0, from_y: 16, x: 1, y: 2, width: 30, height: 40 } as const;
  const pixels = { name: "raw" } as unknown as ImageData;
  const fill = { x: 3, y: 4, width: 5, height: 6, fill: "rgb(1,2,3)" };
  glass.take({ ...frameOf(1, 2), copies: [copy, { ...copy, from_y: 0 }], tiles: [fill, { x: 9, y: 8, pixels }] });
  expect(done.slice(1)).toEqual(["itself at 0,16,30,40,1,2,30,40", "itself at 0,0,30,40,1,2,30,40", "rgb(1,2,3) 3,4,5,6", "raw at 9,8"]);
});

test("the first frame of a layout begins on a black canvas, also when its size is the same", () => {
  const glass = new Glass(() => undefined);
  const { canvas, done } = pretended();
  let width = canvas.width;
  const clear = (value: number) => {
    width = value;
    done.push(`cleared to ${value}`);
  };
  Object.defineProperty(canvas, "width", { get: () => width, set: clear });
  glass.on(canvas);
  glass.open(1);
  for (const begins of [true, false, true]) glass.take({ ...frameOf(1, 1), begins });
  expect(done).toEqual(["cleared to 640", "g1f1 at 7,8", "g1f1 at 7,8", "cleared to 640", "g1f1 at 7,8"]);
});
