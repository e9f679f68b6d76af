"""What a run says of the goals."""

import pytest

from benchmarks.targets import EVERYBODY, MESH, OURS, TARGETS, TIGER, X11VNC, Target, at, table


def of(name: str) -> Target:
    return next(target for target in TARGETS if target.what == name)


def figures(ours: object, tiger: object = None, x11vnc: object = None, mesh: object = None) -> dict[str, object]:
    return dict(zip((OURS, TIGER, X11VNC, MESH), (ours, tiger, x11vnc, mesh), strict=True))


def glass(value: float) -> dict[str, object]:
    return {"blink": {"to_glass": {"p50_ms": value}}}


@pytest.mark.parametrize(("ours", "ratio", "met"), [(20.0, 1.0, True), (21.0, 1.05, False), (10.0, 0.5, True)])
def test_a_ratio_is_to_the_peer_that_the_goal_names(ours: float, ratio: float, *, met: bool) -> None:
    row = of("blink: screen to glass, p50, ms").row(figures(glass(ours), glass(20.0), mesh=glass(1.0)))
    assert (row.ratio, row.met) == (ratio, met)


def test_of_several_peers_the_best_counts() -> None:
    def scrolled(value: float) -> dict[str, object]:
        return {"scroll": {"kB_per_complete_frame": value}}

    row = of("the same against the best that loses something").row(figures(scrolled(10.0), scrolled(1.0), scrolled(100.0), scrolled(40.0)))
    assert (row.ratio, row.met) == (0.25, False)


def test_without_the_peer_nothing_is_called_met() -> None:
    row = of("blink: screen to glass, p50, ms").row(figures(glass(20.0), "not installed: ..."))
    assert row.met is None
    assert row.markdown().endswith("| 20 | - | - | - | - | - |")


def test_without_our_own_figure_nothing_is_called_met() -> None:
    assert of("click to the host's program, p50, ms").row(figures({})).met is None


def test_frames_are_counted_against_the_source() -> None:
    row = of("scroll: complete frames of the source's").row(
        figures({"scroll": {"complete_frames_per_second": 28.8, "source_frames_per_second": 30.0}})
    )
    assert (row.values[OURS], row.met) == (0.96, True)


def test_one_phase_that_did_not_end_exact_misses_the_goal() -> None:
    ends = {
        "idle": {"identical": True},
        "blink": {"identical": True, "identical_after_ms": 40},
        "drag": {"identical": False},
        "connect_ms": [3],
    }
    assert of("picture at rest is the screen's, part of the phases").row(figures(ends)).met is False
    assert of("exact after the last change, longest, ms").row(figures(ends)).values[OURS] == 40


def test_what_asks_the_x_server_more_pays_for_its_work_too() -> None:
    def used(host: float, server: float) -> dict[str, object]:
        return {"scroll": {"cpu_percent": {"host": host, "X server": server}}}

    row = of("scroll: CPU of host and X server, % of a core").row(figures(used(10.0, 5.0), x11vnc=used(10.0, 20.0)))
    assert (row.values[OURS], row.values[X11VNC], row.met) == (15.0, 30.0, True)
    assert of("scroll: CPU of host and X server, % of a core").row(figures(used(0.0, 0.0), x11vnc=used(0.0, 0.0))).met is True
    assert of("scroll: CPU of host and X server, % of a core").row(figures(used(1.0, 0.0), x11vnc=used(0.0, 0.0))).met is False


def test_a_connection_is_as_fast_as_its_median() -> None:
    row = of("connect or Allow to a full picture, median, ms").row(figures({"connect_ms": [100, 900, 200]}, mesh={"connect_ms": [500]}))
    assert (row.values[OURS], row.ratio, row.met) == (200.0, 0.4, True)


def test_a_number_that_is_not_there_is_none() -> None:
    assert at({"scroll": {"kB": 3}}, "scroll", "kB") == 3.0
    assert at({"scroll": {"kB": 3}}, "drag", "kB") is None
    assert at("not installed", "scroll") is None
    assert at({"scroll": "?"}, "scroll") is None


def test_the_table_has_a_line_for_every_goal() -> None:
    lines = table(figures("-", None, None, None))
    assert len(lines) == 2 + len(TARGETS)
    assert all(line.count("|") == len(EVERYBODY) + 5 for line in lines)
