"""The screen encoder by itself: comparison, encoding, bytes; `python -m benchmarks screen`. Contents of tests/helpers/screens.py.

Milliseconds are the thread's own CPU time, so that a shared machine disturbs less. *First* is a whole picture, *motion* the
same content moved on by one step (three lines of a table, one of a terminal, a drag, a frame of video, a letter).
"""

import time
from itertools import pairwise
from statistics import median

from benchmarks.results import keep
from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.change import Pixels, changed
from host_client.screen.pipeline import Pipeline
from tests.helpers.screen_visit import shot_of
from tests.helpers.screens import SCREENS
from tests.helpers.x_server import xvfb

STEPS = 12
LINES = {"fast": 50_000_000.0, "2 Mbit/s": 250_000.0}
GRABS = 30


def encoded(pipeline: Pipeline, pixels: Pixels, now: float, rate: float) -> tuple[float, int]:
    """One picture through the pipeline until nothing of it is owed: milliseconds and bytes."""
    shot, begun, size = shot_of(pixels), time.thread_time(), 0
    list(pipeline.take(shot))
    while True:
        sent = sum(map(len, pipeline.messages(now, 1)))
        size += sent
        pipeline.sent(now)
        now += sent / rate + 0.002
        pipeline.shown(2**32 - 1, now)
        if not pipeline.owes:
            return (time.thread_time() - begun) * 1000, size


def content(name: str, rate: float) -> dict[str, float]:
    """First picture and motion of one content, over a line of this rate."""
    pictures = [SCREENS[name](step) for step in range(STEPS)]
    megapixels = pictures[0].size / 1e6
    compare = []
    for before, after in pairwise(pictures):
        begun = time.thread_time()
        changed(before, after)
        compare.append((time.thread_time() - begun) * 1000)
    pipeline, now = Pipeline(), 10.0
    first = encoded(pipeline, pictures[0], now, rate)
    motion = [encoded(pipeline, pixels, now + place / 10, rate) for place, pixels in enumerate(pictures[1:], start=1)]
    return {
        "compare_ms_per_megapixel": round(median(compare) / megapixels, 2),
        "first_ms_per_megapixel": round(first[0] / megapixels, 1),
        "first_kb_per_megapixel": round(first[1] / 1000 / megapixels, 1),
        "motion_ms_per_frame": round(median(each[0] for each in motion), 1),
        "motion_kb_per_frame": round(median(each[1] for each in motion) / 1000, 2),
    }


def captured() -> float:
    """Milliseconds of wall time to copy a megapixel of an X screen through shared memory."""
    with xvfb(1280, 800) as screen:
        capture = XScreenCapture(screen.display)
        took = []
        for _ in range(GRABS):
            begun = time.perf_counter()
            capture.grab()
            took.append((time.perf_counter() - begun) * 1000)
        capture.close()
    return round(median(took) / 1.024, 2)


def run() -> None:
    """Capture, compare and encode every content, on a fast line and on a slow one."""
    figures: dict[str, object] = {"capture_ms_per_megapixel": captured()}
    for line, rate in LINES.items():
        for name in SCREENS:
            figures[f"{name}, {line}"] = content(name, rate)
    keep("screen", figures)
