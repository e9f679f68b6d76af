"""Single values: what is read, and what is refused and why."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from policy import scalars
from policy.language import Weekday
from policy.scalars import FaultKind, Form, NotSo
from policy.shape import Edge, Hours, Number, Text

FIRST, LAST = Edge(last=False), Edge(last=True)


def fault(read: Callable[..., object], *arguments: object) -> tuple[FaultKind, str, str]:
    with pytest.raises(NotSo) as caught:
        read(*arguments)
    return caught.value.kind, caught.value.found, caught.value.wanted


def test_a_text_is_printable_without_blanks_at_its_ends_and_within_its_length() -> None:
    assert scalars.text(Text(4, 2), "Élan") == "Élan"
    assert fault(scalars.text, Text(), 3) == (FaultKind.WRONG_TYPE, "3", Form.TEXT)
    assert fault(scalars.text, Text(4, 2), "abcde") == (FaultKind.OUT_OF_BOUNDS, "5", "2-4")
    assert fault(scalars.text, Text(4, 2), "a")[0] is FaultKind.OUT_OF_BOUNDS
    for unseen in ("a\nb", "a\u202eb", "a\x1b[2J", " a", "a\u200b"):
        assert fault(scalars.text, Text(), unseen)[0] is FaultKind.NOT_PLAIN


def test_what_is_shown_of_a_document_cannot_move_a_cursor_and_is_short() -> None:
    assert scalars.shown("a\x1b[2J") == "a\N{REPLACEMENT CHARACTER}[2J"
    assert scalars.shown("x" * 60) == "x" * 60
    assert scalars.shown("x" * 61) == "x" * 59 + "…"


def test_a_number_is_whole_and_within_its_bounds() -> None:
    assert scalars.number(Number(1, 5), 5) == 5
    assert fault(scalars.number, Number(1, 5), 6) == (FaultKind.OUT_OF_BOUNDS, "6", "1-5")
    assert fault(scalars.number, Number(1, 5), 0)[0] is FaultKind.OUT_OF_BOUNDS
    for other in (True, 1.0, "1"):
        assert fault(scalars.number, Number(1, 5), other)[0] is FaultKind.WRONG_TYPE


def test_a_choice_is_one_of_the_list() -> None:
    assert scalars.choice(Weekday, "monday") is Weekday.MONDAY
    kind, found, wanted = fault(scalars.choice, Weekday, "Monday")
    assert (kind, found) == (FaultKind.NOT_IN_LIST, "Monday")
    assert wanted.startswith("monday, tuesday")
    assert fault(scalars.choice, Weekday, 1)[0] is FaultKind.WRONG_TYPE


def test_a_range_of_addresses_is_written_in_the_one_way_and_open_to_a_direct_path() -> None:
    assert str(scalars.address_range("10.0.0.0/8")) == "10.0.0.0/8"
    assert fault(scalars.address_range, 8)[0] is FaultKind.WRONG_TYPE
    assert fault(scalars.address_range, "10.0.0.1/8") == (FaultKind.NOT_A_RANGE, "10.0.0.1/8", "")
    assert fault(scalars.address_range, "127.0.0.0/8") == (FaultKind.RANGE_CLOSED, "127.0.0.0/8", "")


def test_a_zone_is_one_that_is_known() -> None:
    assert scalars.zone_name(ZoneInfo, "Europe/Paris") == "Europe/Paris"
    for name in ("Europe/Pariss", "Europe", "", "../passwd", "/etc/passwd"):
        assert fault(scalars.zone_name, ZoneInfo, name) == (FaultKind.ZONE_UNKNOWN, name, "")
    assert fault(scalars.zone_name, ZoneInfo, 1)[0] is FaultKind.WRONG_TYPE


def test_a_folder_in_the_place_of_a_zone_is_no_zone() -> None:
    def folder(_name: str) -> ZoneInfo:
        raise IsADirectoryError

    assert fault(scalars.zone_name, folder, "Europe")[0] is FaultKind.ZONE_UNKNOWN


def test_hours_are_part_of_one_day() -> None:
    assert scalars.hours("08:00-18:30") == Hours(480, 1110)
    assert scalars.hours("00:00-24:00") == Hours(0, 1440)
    for other in ("8:00-18:00", "08:00 - 18:00", "08:60-18:00", "24:00-24:00", "08:00-24:01", "08:00", "٠٨:00-18:00"):
        assert fault(scalars.hours, other) == (FaultKind.NOT_HOURS, other, "")
    for backwards in ("18:00-08:00", "08:00-08:00"):
        assert fault(scalars.hours, backwards) == (FaultKind.HOURS_BACKWARDS, backwards, "")
    assert fault(scalars.hours, 8)[0] is FaultKind.WRONG_TYPE


def test_the_last_day_counts_with_all_of_it_and_a_minute_is_itself() -> None:
    day, minute = date(2026, 12, 24), datetime(2026, 12, 24, 12, 30)  # noqa: DTZ001 - by the wall
    assert scalars.edge(FIRST, day).isoformat() == "2026-12-24T00:00:00"
    assert scalars.edge(LAST, day).isoformat() == "2026-12-25T00:00:00"
    assert scalars.edge(LAST, date(9998, 12, 31)).isoformat() == "9999-01-01T00:00:00"
    assert scalars.edge(FIRST, minute) == scalars.edge(LAST, minute) == minute


def test_a_moment_is_a_whole_minute_of_the_wall_clock() -> None:
    for other in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 1), datetime(2026, 1, 1, 0, 0, 0, 1)):  # noqa: DTZ001 - by the wall
        assert fault(scalars.edge, FIRST, other) == (FaultKind.NOT_A_MINUTE, other.isoformat(), "")
    for strange in (date(1969, 12, 31), date(9999, 1, 1)):
        assert fault(scalars.edge, LAST, strange) == (FaultKind.OUT_OF_BOUNDS, strange.isoformat(), "1970-9998")
    for no_date in ("2026-01-01", time(8), 2026):
        assert fault(scalars.edge, FIRST, no_date)[0] is FaultKind.WRONG_TYPE


def test_what_is_no_toml_says_so_in_the_words_of_its_reader() -> None:
    assert scalars.toml("a = 1") == {"a": 1}
    kind, found, _ = fault(scalars.toml, "a = ")
    assert kind is FaultKind.NOT_TOML
    assert "Invalid value" in found
    assert fault(scalars.toml, f"a = {'[' * 5000}") == (FaultKind.NOT_TOML, "nested too deeply", "")
