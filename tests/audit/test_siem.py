"""Messages for a SIEM: RFC 5424 and CEF, each one line of ASCII whatever stands in the entry, read back by the rules of either."""

import re

import pytest

from audit.entry import At, Entry
from audit.events import broker, evidence
from audit.events.shape import Event
from audit.log import Side
from audit.siem import VALUE_MAX, SiemFormat, ascii_line, message
from policy.decision import Reason
from wire.messages.evidence import Doubt

NOON = At(1_777_896_000_123, 5, clock_suspect=False)
SIGNED_IN = broker.SignedIn(technician_id="t-ana", address="::1")


def sent(event: Event, fields: dict[str, object], sentence: str = "Said.", form: SiemFormat = SiemFormat.RFC5424, at: At = NOON) -> str:
    return message(form, Side.BROKER, "l-1", "lab pc", 7, Entry(at, event), fields, sentence).decode("ascii")


def test_a_message_of_rfc_5424() -> None:
    assert sent(SIGNED_IN, {"technician_id": "t-ana"}, "t-ana signed in.") == (
        "<110>1 2026-05-04T12:00:00.123Z labpc chaperone-broker - signed_in "
        '[chaperone@32473 log="l-1" entry="7" outcome="done" technician_id="t-ana"] t-ana signed in.'
    )


def test_a_message_of_cef() -> None:
    refused = broker.SignInRefused(name_given="eve", address="::1", reason=Reason.SIGN_IN_FAILED)
    assert sent(refused, {"name_given": "a=b|c\\d"}, "Somebody | was \\ refused.", SiemFormat.CEF) == (
        "<108>1 2026-05-04T12:00:00.123Z labpc chaperone-broker - sign_in_refused - "
        "CEF:0|Chaperone|broker|1|sign_in_refused|Somebody \\| was \\\\ refused.|6|"
        "rt=1777896000123 log=l-1 entry=7 outcome=refused name_given=a\\=b|c\\\\d"
    )


def test_an_alarm_is_one() -> None:
    doubted = evidence.LogDoubted(subject="h", doubt=Doubt.FORKED, held_size=1, held_root=bytes(32), given_size=2, given_root=bytes(32))
    assert sent(doubted, {}).startswith("<105>1 ")
    assert "|10|rt=" in sent(doubted, {}, form=SiemFormat.CEF)


def test_a_clock_that_was_suspect_is_said_and_a_time_beyond_the_calendar_is_left_out() -> None:
    odd = sent(SIGNED_IN, {}, at=At(2**53 - 1, 1, clock_suspect=True))
    assert odd.startswith("<110>1 - labpc")
    assert 'clockSuspect="true"' in odd


@pytest.mark.parametrize("form", SiemFormat)
@pytest.mark.parametrize(
    "attack",
    ["a\r\nb", "\x1b[2J", "a\0b", "a\u2028b", "\u202egnp", '"] [x@1 a="', "|a=b c=d\\", "\U0001f600", "x" * 1_000_000, "[" * 9, "\x7f"],
)
def test_whatever_stands_in_an_entry_the_message_is_one_line_and_reads_back(form: SiemFormat, attack: str) -> None:
    line = sent(SIGNED_IN, {"technician_id": attack, "list": (attack, attack)}, f"Said {attack}", form)
    assert all(" " <= each <= "~" for each in line)
    assert len(line) < 20 * VALUE_MAX
    value = ascii_line(attack if len(attack) <= VALUE_MAX else attack[: VALUE_MAX - 3] + "...")
    if form is SiemFormat.RFC5424:
        found = re.search(r'^<\d+>1 (?:\S+ ){4}signed_in (\[chaperone@32473(?: [^= \]"]+="(?:\\["\\\]]|[^"\\\]])*")+\]) ', line)
        assert found is not None
        params = dict(re.findall(r'([^= \]"]+)="((?:\\["\\\]]|[^"\\\]])*)"', found[1]))
        assert re.sub(r"\\(.)", r"\1", params["technician_id"]) == value
        return
    fields = re.split(r"(?<!\\)(?:\\\\)*\|", line.split("CEF:0|", 1)[1])
    assert fields[:4] == ["Chaperone", "broker", "1", "signed_in"]
    found_value = re.search(r"(?:^| )technician_id=(.*?) list=", line)
    assert found_value is not None
    assert re.sub(r"\\(.)", r"\1", found_value[1]) == value
    assert not re.search(r"(?<!\\)(?:\\\\)*=", found_value[1])


def test_names_that_could_not_be_names_are_cut_down() -> None:
    assert ' odd="1"' in sent(SIGNED_IN, {'o d="]d': 1})
    assert ' field="1"' in sent(SIGNED_IN, {" ": 1})
    assert " odd=1 field=2" in sent(SIGNED_IN, {"o d=|d": 1, "=": 2}, form=SiemFormat.CEF)
    assert message(SiemFormat.CEF, Side.HOST, "l", "", 1, Entry(NOON, SIGNED_IN), {}, "").startswith(b"<110>1 2026-05-04T12:00:00.123Z - ")


@pytest.mark.parametrize("form", SiemFormat)
def test_a_field_of_the_event_does_not_stand_in_for_the_number_of_its_entry(form: SiemFormat) -> None:
    closed = evidence.VisitClosed(session_id="s-1", subject="h-1", entry=12)
    line = sent(closed, {"session_id": "s-1", "entry": 12, "outcome": "x"}, form=form).replace('"', "")
    assert "log=l-1 entry=7 outcome=done session_id=s-1 its_entry=12 its_outcome=x" in line
