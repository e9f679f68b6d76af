// Where the picture stands: parts, scales, and the way back from a place on the page to a pixel.

import { expect, test } from "vitest";

import { nextMonitor, partOf, pixelAt, placed } from "../../src/core/placing";

const PICTURE = { width: 2304, height: 800 };
const LEFT = { x: 0, y: 0, width: 1280, height: 800 };
const RIGHT = { x: 1280, y: 0, width: 1024, height: 768 };

test.each([1, 1.25, 1.5, 2, 3])("pixel for pixel each pixel is one of the screen's, at %d of them in a CSS pixel", (dpr) => {
  const there = placed(PICTURE, LEFT, { width: 100, height: 100 }, dpr, false);
  expect(there.pictureWidth * dpr).toBeCloseTo(2304);
  expect(there.crisp).toBe(true);
});

test("what fits grows to its own size and no further", () => {
  const there = placed(PICTURE, RIGHT, { width: 5000, height: 5000 }, 2, true);
  expect([there.width, there.height, there.left, there.top, there.scale, there.crisp]).toEqual([1024, 768, -1280, -0, 1, true]);
});

test("what is larger than the room is made smaller by its tighter side", () => {
  const there = placed(PICTURE, RIGHT, { width: 512, height: 1000 }, 1, true);
  expect([there.width, there.height, there.pictureWidth, there.crisp]).toEqual([512, 384, 1152, false]);
});

test("a fit that is nearly whole is made whole", () => {
  expect(placed(PICTURE, LEFT, { width: 652, height: 900 }, 2, true).scale).toBe(0.5);
  expect(placed(PICTURE, LEFT, { width: 700, height: 900 }, 2, true).scale).toBeCloseTo(700 / 1280);
  expect(placed(PICTURE, LEFT, { width: 635, height: 900 }, 1, true).crisp).toBe(false);
});

test("a place on the page is the pixel that is seen there, and outside of the part the nearest that is", () => {
  const box = { x: 10 - 640, y: 20, width: 1152, height: 400 };
  expect(pixelAt({ x: 10, y: 20 }, box, PICTURE, RIGHT)).toEqual({ x: 1280, y: 0 });
  expect(pixelAt({ x: 11, y: 21.4 }, box, PICTURE, RIGHT)).toEqual({ x: 1282, y: 2 });
  expect(pixelAt({ x: -500, y: -5 }, box, PICTURE, RIGHT)).toEqual({ x: 1280, y: 0 });
  expect(pixelAt({ x: 9000, y: 9000 }, box, PICTURE, RIGHT)).toEqual({ x: 2303, y: 767 });
  expect(pixelAt({ x: 0, y: 0 }, box, PICTURE, { x: 4, y: 5, width: 0, height: 0 })).toEqual({ x: 4, y: 5 });
});

test("monitors follow each other in a round, and one that is gone is the whole picture", () => {
  expect([-1, 0, 1].map((chosen) => nextMonitor(chosen, 2, 1))).toEqual([0, 1, -1]);
  expect([-1, 0, 1].map((chosen) => nextMonitor(chosen, 2, -1))).toEqual([1, -1, 0]);
  expect(partOf(PICTURE, [LEFT, RIGHT], 1)).toBe(RIGHT);
  expect(partOf(PICTURE, [LEFT], 1)).toEqual({ x: 0, y: 0, ...PICTURE });
  expect(partOf(PICTURE, [LEFT], -1)).toEqual({ x: 0, y: 0, ...PICTURE });
});
