"""Monitors as RandR 1.5 lets any program make them: parts of one screen that count as monitors (RRSetMonitor)."""

from Xlib.display import Display
from Xlib.ext import randr
from Xlib.protocol import rq


class _SetMonitor(rq.Request):  # type: ignore[misc]  # python-xlib has no types
    """python-xlib's own packs its nested part wrongly."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card32("name"),
        rq.Card8("primary"),
        rq.Card8("automatic"),
        rq.LengthOf("outputs", 2),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("width_mm"),
        rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )


def make_monitor(display: Display, name: str, area: tuple[int, int, int, int], *, primary: bool = False, output: bool = False) -> None:
    """A monitor there. With `output` it takes the screen's only output over, whose own monitor is one no more."""
    root = display.screen().root
    outputs = [int(each) for each in root.xrandr_get_screen_resources().outputs][:1] if output else []
    x, y, width, height = area
    _SetMonitor(
        display=display.display,
        opcode=display.display.get_extension_major(randr.extname),
        window=root,
        name=display.intern_atom(name),
        primary=primary,
        automatic=False,
        outputs=outputs,
        x=x,
        y=y,
        width=width,
        height=height,
        width_mm=100,
        height_mm=100,
    )
    display.sync()


def forget_monitor(display: Display, name: str) -> None:
    """No monitor of this name any more."""
    display.screen().root.xrandr_delete_monitor(display.intern_atom(name))
    display.sync()
