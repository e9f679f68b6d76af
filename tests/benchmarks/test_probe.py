"""The stop-watch in the page, without a page: it reads pictures that the workload draws, and tells what they say."""

import json
import subprocess

from PIL import Image

from benchmarks.probe import PROBE, digest, middle
from benchmarks.scene import CELL, CHART, PALE, STRIP_IN_CHART, STRIPS_IN_WINDOW, Scene, strip
from benchmarks.timing import BITS
from runtime.setup.node import find

SCENE = Scene(1920, 1080)
PAGE = """
const [plan, strips, pictures] = JSON.parse(require("fs").readFileSync(0));
let shown = pictures[0];
const pixel = (x, y) => {
  const found = shown.find(([left, top, width, height]) => x >= left && x < left + width && y >= top && y < top + height);
  if (!found) return [0, 0, 0];
  const [left, top, width, , data] = found;
  return data.slice(3 * ((y - top) * width + x - left)).slice(0, 3);
};
const row = (x, y, width) => Array.from({ length: width }, (_, dx) => [...pixel(x + dx, y), 255]).flat();
const pen = { getImageData: (x, y, width) => ({ data: row(x, y, width) }) };
const canvas = { width: 1920, isConnected: true, getContext: () => pen };
let next = null;
globalThis.window = globalThis;
globalThis.document = { querySelectorAll: () => [canvas] };
globalThis.addEventListener = () => {};
globalThis.requestAnimationFrame = (call) => { next = call; };
(PROBE)(plan);
window.__seen.strips = strips;
for (const picture of pictures) { shown = picture; next(); }
console.log(JSON.stringify(window.__seen));
"""


def patch(picture: Image.Image, x: int, y: int) -> list[object]:
    return [x, y, picture.width, picture.height, list(picture.convert("RGB").tobytes())]


def marks() -> list[list[object]]:
    return [patch(Image.new("RGB", (24, 24), colour), x, y) for x, y, colour in SCENE.marks]


def looked(strips: object, pictures: list[list[list[object]]]) -> dict[str, object]:
    plan = {"canvas": "canvas", "pads": {"blink": [60, 720]}, "marks": SCENE.marks, "cell": CELL, "bits": BITS}
    command = [str(find().folder / "node"), "-e", PAGE.replace("PROBE", PROBE)]
    said = subprocess.run(command, input=json.dumps([plan, strips, pictures]), capture_output=True, text=True, check=True)
    seen: dict[str, object] = json.loads(said.stdout)
    return seen


def numbers(seen: dict[str, object]) -> list[object]:
    readings = seen["readings"]
    assert isinstance(readings, list)
    return [said for said, _ in readings]


def test_rows_of_a_table_are_read_and_told_once_each() -> None:
    places = SCENE.row_strips
    pictures = [[patch(strip(step + row), *at) for row, at in places.items()] for step in (0, 7, 7, 4095)]
    seen = looked({"fixed": list(places.values()), "moving": [], "places": []}, pictures)
    ahead = list(places)
    assert numbers(seen) == [[(step + row) % 4096 for row in ahead] for step in (0, 7, 4095)]
    assert seen["full"] is None


def test_the_dragged_window_is_read_where_its_step_puts_it() -> None:
    chart = CHART[0] + STRIP_IN_CHART[0], CHART[1] + STRIP_IN_CHART[1]
    pictures = []
    for step in (5, 300):
        x, y = SCENE.window_at(step)
        window = [patch(strip(step), x + dx, y + dy) for dx, dy in STRIPS_IN_WINDOW]
        pictures.append([patch(strip(step), *chart), *window])
    pictures.append([*pictures[0][1:], pictures[1][0]])  # the chart is there, the window still where it was
    seen = looked({"fixed": [chart], "moving": list(STRIPS_IN_WINDOW), "places": SCENE.drag_plan}, pictures)
    assert numbers(seen)[:2] == [[5, 5, 5], [300, 300, 300]]
    assert numbers(seen)[2] != [300, 300, 300]


def test_a_picture_is_full_when_all_marks_are_there_and_a_square_that_flips_is_told() -> None:
    white, black = (patch(Image.new("RGB", (40, 40), colour), 40, 700) for colour in ("white", "black"))
    seen = looked(None, [[*marks()[:4], black], [*marks(), black], [*marks(), white]])
    assert seen["full"] is not None
    flips = seen["flips"]
    assert isinstance(flips, list)
    assert [(name, lit) for name, lit, _ in flips] == [("blink", True)]
    assert seen["frames"] == 3


def test_a_fingerprint_is_of_the_pixels_as_a_canvas_holds_them() -> None:
    picture = Image.new("RGB", (2, 1), PALE)
    assert digest(picture) == digest(picture.convert("RGBA"))
    assert digest(picture) != digest(Image.new("RGB", (2, 1), (0, 0, 0)))
    assert middle((10, 20, 40, 40)) == (30, 40)
