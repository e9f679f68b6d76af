"""The parts of the workload that move, drawn with the requests that programs use: a scrolled table copies itself up and draws
its new row, a window is moved by the server, a chart copies itself to the left and draws what is new.
"""

from collections.abc import Callable

from PIL import Image
from Xlib import X
from Xlib.xobject.drawable import Drawable, Window
from Xlib.xobject.fontable import GC

from benchmarks.scene import CHART, CHART_STEP, MARK, ROW, STRIP_IN_CHART, STRIPS_IN_WINDOW, WINDOW, Scene, curves, strip, window

COLOURS = (0xC0392B, 0x2471A3, 0x1E8449)
WHITE = 0xFFFFFF
REQUEST_BYTES = 200_000


class Moving:
    """Table, chart and window on the workload's own window."""

    def __init__(self, on: Window, pen: GC, scene: Scene) -> None:
        self._on, self._pen, self._scene = on, pen, scene
        depth = on.get_geometry().depth
        self._beneath = on.create_pixmap(scene.width, scene.height, depth)
        picture = on.create_pixmap(*WINDOW, depth)
        put(picture, pen, window(), (0, 0))
        self._dragged = on.create_window(0, 0, *WINDOW, 0, depth, background_pixmap=picture, override_redirect=1)

    def rest(self) -> None:
        """Everything at step 0. What is drawn now shows again wherever the window was."""
        self._dragged.unmap()
        x, y, _, _ = self._scene.table
        for row in range(self._scene.rows):
            put(self._on, self._pen, self._scene.row(row), (x, y + row * ROW))
        for left, top, colour in self._scene.marks:
            put(self._on, self._pen, Image.new("RGB", (MARK, MARK), colour), (left, top))
        put(self._on, self._pen, Image.new("RGB", CHART[2:], (255, 255, 255)), CHART[:2])
        self._number_chart(0)
        self._beneath.copy_area(self._pen, self._on, 0, 0, self._scene.width, self._scene.height, 0, 0)
        self._on.change_attributes(background_pixmap=self._beneath)

    def phase(self, name: str) -> Callable[[int], None]:
        """What one step of this phase draws."""
        if name == "drag":
            self._dragged.configure(**self._place(0))
            self._dragged.map()
        return {"scroll": self._scroll, "drag": self._drag}[name]

    def _scroll(self, step: int) -> None:
        x, y, width, height = self._scene.table
        self._on.copy_area(self._pen, self._on, x, y + ROW, width, height - ROW, x, y)
        put(self._on, self._pen, self._scene.row(step + self._scene.rows - 1), (x, y + height - ROW))

    def _drag(self, step: int) -> None:
        self._dragged.configure(**self._place(step))
        for place in STRIPS_IN_WINDOW:
            put(self._dragged, self._pen, strip(step), place)
        x, y, width, height = CHART
        self._on.copy_area(self._pen, self._on, x + CHART_STEP, y, width - CHART_STEP, height, x, y)
        self._pen.change(foreground=WHITE)
        self._on.fill_rectangle(self._pen, x + width - CHART_STEP, y, CHART_STEP, height)
        for colour, ((from_x, from_y), (to_x, to_y)) in zip(COLOURS, curves(step), strict=True):
            self._pen.change(foreground=colour)
            self._on.line(self._pen, x + from_x, y + from_y, x + to_x - 1, y + to_y)
        self._number_chart(step)

    def _place(self, step: int) -> dict[str, int]:
        x, y = self._scene.window_at(step)
        return {"x": x, "y": y, "stack_mode": X.Above}

    def _number_chart(self, step: int) -> None:
        put(self._on, self._pen, strip(step), (CHART[0] + STRIP_IN_CHART[0], CHART[1] + STRIP_IN_CHART[1]))


def put(on: Drawable, pen: GC, picture: Image.Image, at: tuple[int, int]) -> None:
    """Pixels into a window, in requests that every server takes."""
    width, height = picture.size
    rows = REQUEST_BYTES // (4 * width)
    data = picture.tobytes("raw", "BGRX")
    for top in range(0, height, rows):
        count = min(rows, height - top)
        part = data[top * width * 4 : (top + count) * width * 4]
        on.put_image(pen, at[0], at[1] + top, width, count, X.ZPixmap, 24, 0, part)
