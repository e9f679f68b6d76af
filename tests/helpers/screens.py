"""Screens that look like a laboratory PC's, drawn by code: the same pixels on every machine, and nobody's picture.

Each function gives BGRX pixels (height x width). `step` moves the content: rows scrolled, a window dragged, a video played.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint32]
WIDTH, HEIGHT = 1280, 800
ROW: Final = 22
_SAMPLES: Final = ("Blank", "Calibration 1", "Calibration 2", "Serum 0417", "Serum 0418", "Control low", "Control high", "Rinse")
_COLUMNS: Final = (12, 90, 250, 360, 470, 590, 720, 860, 1010, 1150)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def pixels_of_image(image: Image.Image) -> Pixels:
    """A picture as the capture gives it."""
    red, green, blue = (np.asarray(image.convert("RGB"))[:, :, channel].astype(np.uint32) for channel in range(3))
    return ((red << 16) | (green << 8) | blue).astype(np.uint32)


@lru_cache(maxsize=1)
def _long_table() -> Pixels:
    """A table of 200 rows, anti-aliased text on pale stripes."""
    rows = 200
    image = Image.new("RGB", (WIDTH, rows * ROW), "#ffffff")
    pen, font = ImageDraw.Draw(image), _font(13)
    dice = np.random.default_rng(5)
    for row in range(rows):
        top = row * ROW
        if row % 2:
            pen.rectangle((0, top, WIDTH, top + ROW - 1), fill="#f3f6fa")
        values = (f"{row + 1:04d}", _SAMPLES[row % len(_SAMPLES)], *(f"{value:.3f}" for value in dice.gamma(2, 40, 8)))
        for x, value in zip(_COLUMNS, values, strict=True):
            pen.text((x, top + 3), value, fill="#a02020" if value.startswith("0.") else "#1c2430", font=font)
        pen.line((0, top + ROW - 1, WIDTH, top + ROW - 1), fill="#e1e6ec")
    return pixels_of_image(image)


@lru_cache(maxsize=1)
def _furniture() -> Pixels:
    """Title bar, tool bar and status line of the program in which everything else is shown."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#eceff3")
    pen = ImageDraw.Draw(image)
    for x in range(WIDTH):
        pen.line((x, 0, x, 30), fill=(30 + x // 40, 70 + x // 24, 110 + x // 16))
    pen.text((12, 6), "Chromatography workstation - run 2026-11-21 A", fill="white", font=_font(15))
    for place, name in enumerate(("Start", "Stop", "Method", "Sequence", "Report")):
        pen.rounded_rectangle((10 + place * 110, 38, 110 + place * 110, 62), 5, fill="#fbfcfd", outline="#b8c0ca")
        pen.text((26 + place * 110, 42), name, fill="#1c2430", font=_font(13))
    pen.text((12, HEIGHT - 22), "Pump 0.400 ml/min   Oven 40.0 C   Pressure 312 bar", fill="#404850", font=_font(12))
    return pixels_of_image(image)


def _framed(content: Pixels) -> Pixels:
    whole = _furniture().copy()
    whole[70 : HEIGHT - 30] = content[: HEIGHT - 100]
    return whole


def table(step: int = 0) -> Pixels:
    """A results table, scrolled by three lines of text a step."""
    top = step * 3 * ROW % (200 * ROW - HEIGHT)
    return _framed(_long_table()[top : top + HEIGHT - 100])


@lru_cache(maxsize=1)
def _long_log() -> Pixels:
    image = Image.new("1", (WIDTH, 300 * 13), 0)
    pen, dice = ImageDraw.Draw(image), np.random.default_rng(6)
    for row in range(300):
        words = " ".join(str(dice.choice(("pump", "valve 3", "OK", "lamp", hex(int(dice.integers(65536))), "ready"))) for _ in range(18))
        pen.text((4, row * 13), f"12:{row // 60:02d}:{row % 60:02d} {words}", fill=1, font=ImageFont.load_default_imagefont())
    return np.where(np.asarray(image), np.uint32(0xC8E6C9), np.uint32(0x101418)).astype(np.uint32)


def terminal(step: int = 0) -> Pixels:
    """A terminal, without anti-aliasing, scrolled by one line a step."""
    top = step * 13 % (300 * 13 - HEIGHT)
    return _long_log()[top : top + HEIGHT].copy()


def chart(step: int = 0) -> Pixels:
    """A chromatogram being drawn, anti-aliased, with a grid."""
    big = Image.new("RGB", (WIDTH * 2, (HEIGHT - 100) * 2), "white")
    pen = ImageDraw.Draw(big)
    for x in range(80, WIDTH * 2, 160):
        pen.line((x, 0, x, big.height), fill="#e6e6e6", width=2)
    for y in range(40, big.height, 120):
        pen.line((0, y, big.width, y), fill="#e6e6e6", width=2)
    along = np.arange(0, min(WIDTH * 2, 600 + step * 24))
    for hue, shift in (("#1f5fa8", 0), ("#c0392b", 120), ("#2e8b57", 260)):
        curve = big.height - 150 - 12 * np.sin(along / 170)
        for place in range(1, 8):
            curve -= 420 / place * np.exp(-(((along - 300 * place - shift) / 34) ** 2))
        pen.line(np.stack((along, curve.astype(np.int64)), axis=1).ravel().tolist(), fill=hue, width=4, joint="curve")
    return _framed(pixels_of_image(big.resize((WIDTH, HEIGHT - 100), Image.Resampling.LANCZOS)))


@lru_cache(maxsize=2)
def _photograph(seed: int) -> NDArray[np.float64]:
    """Cells under a microscope: smooth stains, grain on top."""
    dice = np.random.default_rng(seed)
    shade = np.full((HEIGHT, WIDTH, 3), (232.0, 214.0, 226.0))
    for _ in range(120):
        x, y, size = int(dice.integers(0, WIDTH)), int(dice.integers(0, HEIGHT)), float(dice.uniform(14, 60))
        left, top = max(0, x - 120), max(0, y - 120)
        here = shade[top : y + 120, left : x + 120]
        rows, columns = np.ogrid[top : top + here.shape[0], left : left + here.shape[1]]
        distance = np.hypot(columns - x, (rows - y) * dice.uniform(0.7, 1.4)) / size
        here -= np.exp(-(distance**4))[:, :, None] * dice.uniform((30, 60, 20), (120, 150, 70))
    return shade + dice.normal(0, 3.0, (HEIGHT, WIDTH, 1)) + dice.normal(0, 1.0, (HEIGHT, WIDTH, 3))


def photograph(step: int = 0) -> Pixels:
    """A micrograph beside the program's furniture, moved under the lens."""
    shade = np.roll(_photograph(8), (step * 5, step * 9), (0, 1))
    return _framed(pixels_of_image(Image.fromarray(np.clip(shade, 0, 255).astype(np.uint8)[: HEIGHT - 100])))


def video(step: int = 0) -> Pixels:
    """A camera's picture of 640 x 480 in the program: moved, and with fresh noise in every frame."""
    dice = np.random.default_rng(step)
    shade = np.roll(_photograph(9)[:480, :640], step * 4, 1) + dice.normal(0, 4, (480, 640, 1))
    whole = table()
    whole[120:600, 300:940] = pixels_of_image(Image.fromarray(np.clip(shade, 0, 255).astype(np.uint8)))
    return whole


def dialog(step: int = 0) -> Pixels:
    """A window dragged across the table."""
    whole = table()
    window = Image.new("RGB", (420, 260), "#f7f7f9")
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, 419, 28), fill="#2f5d8c")
    pen.text((10, 6), "Method parameters", fill="white", font=_font(14))
    for row in range(9):
        pen.text(
            (16, 40 + row * 22), f"Gradient step {row + 1}: {row * 12.5:.1f} % B at {row * 1.75:.2f} min", fill="#20242a", font=_font(13)
        )
    pen.rectangle((0, 0, 419, 259), outline="#7a8694")
    x, y = 60 + step * 17 % 760, 100 + step * 11 % 400
    whole[y : y + 260, x : x + 420] = pixels_of_image(window)
    return whole


def typing(step: int = 0) -> Pixels:
    """One more letter in a field."""
    whole = table()
    image = Image.new("RGB", (600, 30), "white")
    ImageDraw.Draw(image).text((6, 5), "baseline drift after lamp change, checked again"[: step % 47 + 1], fill="#101010", font=_font(15))
    whole[300:330, 200:800] = pixels_of_image(image)
    return whole


SCREENS: Final[Mapping[str, Callable[[int], Pixels]]] = {
    "table": table,
    "terminal": terminal,
    "chart": chart,
    "photograph": photograph,
    "video": video,
    "dialog": dialog,
    "typing": typing,
}
