"""The table of goals, row by row, from the figures of one run: `motion` writes it beside them. Pure.

A ratio is ours by the peer's that the goal names; where the peer was not measured the row says so, and is not called met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

OURS, TIGER, X11VNC, MESH = "Chaperone", "X0tigervnc + noVNC", "x11vnc + noVNC", "MeshCentral"
EVERYBODY = (OURS, TIGER, X11VNC, MESH)
Value = float | None


def at(figures: object, *path: str) -> Value:
    """A number in nested figures, None where there is none."""
    for name in path:
        if not isinstance(figures, Mapping) or name not in figures:
            return None
        figures = figures[name]
    return float(figures) if isinstance(figures, int | float) else None


def _path(*path: str) -> Callable[[object], Value]:
    return lambda figures: at(figures, *path)


def _host_cpu(phase: str) -> Callable[[object], Value]:
    """Of the host and of its X server: who asks X more makes X work more."""

    def read(figures: object) -> Value:
        host, server = at(figures, phase, "cpu_percent", "host"), at(figures, phase, "cpu_percent", "X server")
        return None if host is None or server is None else round(host + server, 1)

    return read


def _share(phase: str) -> Callable[[object], Value]:
    """Complete frames of the source's."""

    def read(figures: object) -> Value:
        complete, source = at(figures, phase, "complete_frames_per_second"), at(figures, phase, "source_frames_per_second")
        return None if complete is None or not source else round(complete / source, 3)

    return read


def _connect(figures: object) -> Value:
    taken = figures.get("connect_ms") if isinstance(figures, Mapping) else None
    return float(median(taken)) if taken else None


def _exact(figures: object) -> Value:
    """The part of the phases after which the picture at rest was the screen's."""
    if not isinstance(figures, Mapping):
        return None
    ends = [each["identical"] for each in figures.values() if isinstance(each, Mapping) and "identical" in each]
    return round(sum(ends) / len(ends), 2) if ends else None


def _rest(figures: object) -> Value:
    """The longest time from the last change to the exact picture, of the phases in which something changed."""
    if not isinstance(figures, Mapping):
        return None
    times = [value for each in figures.values() if (value := at(each, "identical_after_ms")) is not None]
    return max(times, default=None)


@dataclass(frozen=True, slots=True)
class Target:
    """One row."""

    what: str
    read: Callable[[object], Value]
    most: float
    """The bound, of the ratio where there are rivals, else of our own figure."""
    rivals: tuple[str, ...] = ()
    """Of several the best counts."""
    at_least: bool = False

    def row(self, figures: Mapping[str, object]) -> "Row":
        """What this run says of it."""
        values = {name: self.read(figures.get(name)) for name in EVERYBODY}
        own = values[OURS]
        measured = [value for name in self.rivals if (value := values[name]) is not None]
        if own is None or (self.rivals and not measured):
            return Row(self, values, None, met=None)
        judged = own
        if measured:
            best = min(measured)
            judged = own / best if best else (0.0 if own == 0 else float("inf"))
        return Row(self, values, round(judged, 3) if measured else None, met=judged >= self.most if self.at_least else judged <= self.most)

    @property
    def goal(self) -> str:
        """In words."""
        sign = ">=" if self.at_least else "<="
        return f"{sign} {self.most:g}" + (f" x {' or '.join(self.rivals)}" if self.rivals else "")


@dataclass(frozen=True, slots=True)
class Row:
    """A target, everybody's figures, and what came of it; None where that cannot be said."""

    target: Target
    values: Mapping[str, Value]
    ratio: Value
    met: bool | None

    def markdown(self) -> str:
        """As a line of a table."""
        figures = ["-" if (value := self.values[name]) is None else f"{value:g}" for name in EVERYBODY]
        ratio = "-" if self.ratio is None else f"{self.ratio:g}"
        return f"| {' | '.join((self.target.what, self.target.goal, *figures, ratio, {True: 'yes', False: 'no', None: '-'}[self.met]))} |"


def _late(phase: str) -> tuple[Target, ...]:
    return tuple(
        Target(f"{phase}: screen to glass, {half}, ms", _path(phase, "to_glass", f"{half}_ms"), most, (rival,))
        for half in ("p50", "p95")
        for rival, most in ((TIGER, 1.0), (MESH, 0.5))
    )


TARGETS: tuple[Target, ...] = (
    *_late("blink"),
    *_late("typing"),
    Target("click to glass, p50, ms", _path("click", "to_glass", "p50_ms"), 1.0, (TIGER,)),
    Target("key to glass, p50, ms", _path("key", "to_glass", "p50_ms"), 1.0, (TIGER,)),
    Target("click to the host's program, p50, ms", _path("click", "to_host", "p50_ms"), 5.0),
    Target("scroll: complete frames of the source's", _share("scroll"), 0.95, at_least=True),
    Target("drag: complete frames of the source's", _share("drag"), 0.95, at_least=True),
    Target("kB for a complete scrolled frame", _path("scroll", "kB_per_complete_frame"), 0.05, (TIGER,)),
    Target("the same against the best that loses something", _path("scroll", "kB_per_complete_frame"), 0.2, (X11VNC, MESH)),
    Target("picture at rest is the screen's, part of the phases", _exact, 1.0, at_least=True),
    Target("exact after the last change, longest, ms", _rest, 300.0),
    *(
        Target(f"{phase}: CPU of host and X server, % of a core", _host_cpu(phase), 1.0, (X11VNC,))
        for phase in ("idle", "typing", "scroll")
    ),
    Target("connect or Allow to a full picture, median, ms", _connect, 0.5, (MESH,)),
)


def table(figures: Mapping[str, object]) -> list[str]:
    """All rows in Markdown."""
    head = ("what", "goal", *EVERYBODY, "ratio", "met")
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(target.row(figures).markdown() for target in TARGETS)]
