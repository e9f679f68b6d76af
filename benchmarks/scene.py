"""The moving parts of the workload's picture: a results table, a chart, a window that is dragged. Pictures and places. Pure.

Text is anti-aliased, as on an instrument's own screen: a picture of few colours would flatter every encoder.
"""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageFont

from benchmarks.timing import BITS, NUMBERS, cells

CELL = 8
STRIP = (BITS * CELL, CELL)
ROW = 20
STRIP_IN_ROW = (4, 6)
WINDOW = (420, 260)
STRIPS_IN_WINDOW = ((8, 8), (WINDOW[0] - STRIP[0] - 8, WINDOW[1] - CELL - 8))
CHART = (40, 820, 600, 220)
STRIP_IN_CHART = (8, 8)
CHART_STEP = 4
MARK = 24
MARKS = ((220, 30, 30), (30, 160, 30), (30, 30, 220), (200, 30, 200), (230, 160, 20))
PALE = (0xD9, 0xDD, 0xE2)
WORDS = ("sample", "blank", "standard", "dilution", "peak", "area", "baseline", "drift", "lamp", "pump", "column", "oven")
MONOSPACED = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where everything is on a screen of this size."""

    width: int
    height: int

    @property
    def rows(self) -> int:
        """How many rows of the table are seen."""
        return (self.height - 160) // ROW

    @property
    def table(self) -> Box:
        """x, y, width, height of the table."""
        return 680, 100, self.width - 720, self.rows * ROW

    @property
    def marks(self) -> list[tuple[int, int, tuple[int, int, int]]]:
        """Squares of one colour in the corners and the middle: the picture is there when all of them are."""
        right, bottom = self.width - MARK, self.height - MARK
        places = ((0, 0), (right, 0), (0, bottom), (right, bottom), (self.width // 3, self.height // 2))
        return [(x, y, colour) for (x, y), colour in zip(places, MARKS, strict=True)]

    @property
    def row_strips(self) -> dict[int, tuple[int, int]]:
        """Strips of the first, the middle and the last row: how far ahead each is, and where."""
        x, y, _, _ = self.table
        return {row: (x + STRIP_IN_ROW[0], y + row * ROW + STRIP_IN_ROW[1]) for row in (0, self.rows // 2, self.rows - 1)}

    def window_at(self, step: int) -> tuple[int, int]:
        """Where the dragged window is: a long way through the table, never twice the same way."""
        x, y, width, height = self.table
        across, down = (1 + math.sin(step / 23)) / 2, (1 + math.sin(step / 17)) / 2
        return x + int(across * (width - WINDOW[0])), y + int(down * (height - WINDOW[1]))

    @property
    def drag_plan(self) -> list[tuple[int, int]]:
        """The window's place at every step that a strip can name."""
        return [self.window_at(step) for step in range(NUMBERS)]

    def row(self, number: int) -> Image.Image:
        """One row of the table, the same in every run."""
        width = self.table[2]
        picture = Image.new("RGB", (width, ROW), (0xEE, 0xF3, 0xF8) if number & 1 else (255, 255, 255))
        random = Random(number)  # noqa: S311 - the same table in every run
        flag = random.random() < 0.06
        values = "  ".join(f"{random.uniform(0, 9999):9.3f}" for _ in range(10))
        text = f"{number:06d}  {random.choice(WORDS):<9}{random.randint(1, 96):>4}  {values}  {'FLAG' if flag else 'ok':>5}"
        pen = ImageDraw.Draw(picture)
        pen.text((116, 2), text, fill=(0xB0, 0, 0x20) if flag else (0x20, 0x20, 0x20), font=_font(13))
        picture.paste(strip(number), STRIP_IN_ROW)
        return picture


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(MONOSPACED, size)


def strip(number: int) -> Image.Image:
    """A number as cells."""
    picture = Image.new("RGB", STRIP)
    pen = ImageDraw.Draw(picture)
    for place, white in enumerate(cells(number % NUMBERS)):
        if white:
            pen.rectangle((place * CELL, 0, place * CELL + CELL - 1, CELL - 1), fill=(255, 255, 255))
    return picture


def window() -> Image.Image:
    """The window that is dragged, without its strips."""
    picture = Image.new("RGB", WINDOW, (0xFD, 0xFD, 0xF5))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WINDOW[0], 26), fill=(0x34, 0x49, 0x5E))
    pen.text((130, 4), "Peak integration", fill=(255, 255, 255), font=_font(15))
    points = [(x, 220 - 150 * math.exp(-(((x - 180) / 40) ** 2)) - 60 * math.exp(-(((x - 320) / 15) ** 2))) for x in range(0, WINDOW[0], 3)]
    pen.line(points, fill=(0x7D, 0x3C, 0x98), width=2)
    return picture


def curves(step: int) -> list[list[tuple[int, int]]]:
    """The piece by which each of the chart's three curves grows in this step, from the right edge of the chart."""
    width, height = CHART[2], CHART[3]
    found = []
    for which in range(3):
        values = [height / 2 - 70 * math.sin((step + back) / 15 * (0.7 + 0.3 * which)) - 12 * which for back in (0, 1)]
        found.append([(width - CHART_STEP, int(values[0])), (width, int(values[1]))])
    return found
