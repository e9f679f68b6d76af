// The stop-watch in the page, the same for every console: looks at a few pixels of the canvas in each animation frame and notes
// what changed and when. `plan` is in pixels of the screen: {canvas, pads: {name: [x, y]}, marks: [[x, y, [r, g, b]]], cell, bits}.
(plan) => {
  const ENOUGH = 28;
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const seen = (window.__seen = { flips: [], readings: [], presses: [], full: null, frames: 0, strips: null });
  const last = {};
  const mine = (window.__probe = (window.__probe ?? 0) + 1); // whoever begins anew ends the one before
  const press = (kind) => () => mine === window.__probe && seen.presses.push([kind, now()]);
  let canvas = null;
  let pen = null;
  addEventListener("pointerdown", press("click"), true);
  addEventListener("keydown", press("key"), true);

  const find = () => {
    if (canvas !== null && canvas.isConnected) return;
    // A canvas that its page has not yet drawn on is left alone: whoever asks first for its pen decides what kind it is.
    canvas = [...document.querySelectorAll(plan.canvas)].find((each) => each.width > 640) ?? null;
    pen = canvas?.getContext("2d") ?? null;
  };
  const pixels = (x, y, width) => pen.getImageData(x, y, width, 1).data;
  const full = () => plan.marks.every(([x, y, colour]) => colour.every((part, at) => Math.abs(pixels(x + 8, y + 8, 1)[at] - part) < ENOUGH));
  const number = ([x, y]) => {
    const row = pixels(x, y + plan.cell / 2, plan.bits * plan.cell);
    let value = 0;
    for (let bit = 0; bit < plan.bits; bit += 1) value = value * 2 + (row[4 * (bit * plan.cell + plan.cell / 2) + 1] > 127 ? 1 : 0);
    return value;
  };
  // strips: {fixed: [[x, y]], moving: [[dx, dy]], places: [[x, y]]}. The first fixed strip tells where the moving ones are.
  const read = ({ fixed, moving, places }) => {
    const numbers = fixed.map(number);
    if (moving.length === 0) return numbers;
    const [x, y] = places[numbers[0] % places.length];
    return [...numbers, ...moving.map(([dx, dy]) => number([x + dx, y + dy]))];
  };
  const look = () => {
    if (mine !== window.__probe) return;
    seen.frames += 1;
    find();
    if (pen !== null) note(now());
    requestAnimationFrame(look);
  };
  const note = (at) => {
    if (seen.full === null && full()) seen.full = at;
    for (const [name, [x, y]] of Object.entries(plan.pads)) {
      const lit = pixels(x, y, 1)[1] > 127;
      if (last[name] !== lit && name in last) seen.flips.push([name, lit, at]);
      last[name] = lit;
    }
    if (seen.strips === null) return;
    const numbers = read(seen.strips);
    const same = numbers.join();
    if (last.numbers !== same) seen.readings.push([numbers, at]);
    last.numbers = same;
  };
  requestAnimationFrame(look);
}
