"""Python's cyclic garbage is collected on the thread of the windows, and on no other, while windows are shown.

Python collects on whichever thread happens to allocate. A window that was put away is garbage made of cycles, and a
window that is destroyed by the thread that captures or the one that reads the socket takes the whole desk with it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

COLLECT_MS = 500


def collect_what_is_due() -> None:
    """What Python would have done by itself: the generations that are over their thresholds, youngest first."""
    for generation, threshold in enumerate(gc.get_threshold()):
        if threshold and gc.get_count()[generation] > threshold:
            gc.collect(generation)


@contextmanager
def collected_here() -> Iterator[None]:
    """Inside the block only this thread's event loop collects. Use it on the thread of the windows."""
    timer = QTimer(interval=COLLECT_MS)
    timer.timeout.connect(collect_what_is_due)
    gc.disable()
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.collect()  # nothing of a window may be left to other threads
        gc.enable()
