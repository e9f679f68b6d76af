"""The desktop portal as a client of it: what is asked for, what a person can answer, and that nobody waits for ever."""

import os
import threading
from collections.abc import Iterator

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.io.blocking import open_dbus_connection

from host_client.ports import ScreenLost
from host_client.screen import portal as portal_module
from host_client.screen.portal import REQUEST, Cast, Offer, Portal, Stream
from policy.decision import Reason
from tests.helpers.scripted_portal import DEADLINE, NODE, ScriptedPortal, scripted_portal, session_bus, shared

Desktop = tuple[ScriptedPortal, Portal]


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with scripted_portal() as (scripted, address):
        portal = Portal(address)
        yield scripted, portal
        portal.close()


class Opening(threading.Thread):
    """Opens a cast beside the test, as the capture does."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(daemon=True)
        self.cast = Cast(portal)
        self.lost: ScreenLost | None = None
        self.start()

    def run(self) -> None:
        try:
            self.cast.open()
        except ScreenLost as lost:
            self.lost = lost

    def reason(self) -> Reason:
        self.join(DEADLINE)
        assert self.lost is not None
        return self.lost.reason


def test_one_monitor_is_asked_for_with_the_pointer_in_it_and_a_yes_that_lives_as_long_as_we_do(desktop: Desktop) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = shared(at=(1920, 0))
    cast = Cast(portal)
    assert cast.open() == Stream(NODE, (1920, 0))
    _, options = scripted.await_call("ScreenCast.SelectSources")
    del options["handle_token"]
    assert options == {"types": ("u", 1), "multiple": ("b", False), "cursor_mode": ("u", 2), "persist_mode": ("u", 1)}
    os.close(cast.remote())
    assert not cast.over
    cast.close()
    assert scripted.await_call("Session.Close")[0] == scripted.session


def test_an_old_portal_is_asked_for_nothing_that_it_does_not_know() -> None:
    with scripted_portal(version=3, cursors=1) as (scripted, address):
        portal = Portal(address)
        assert portal.offer() == Offer(3, 1, 1)
        Cast(portal).open()
        _, options = scripted.await_call("ScreenCast.SelectSources")
        assert set(options) == {"handle_token", "types", "multiple"}
        portal.close()


def test_the_second_picture_brings_the_token_of_the_first_and_each_token_is_used_once(desktop: Desktop) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = shared(token="first")
    Cast(portal).open()
    assert "restore_token" not in scripted.await_call("ScreenCast.SelectSources")[1]
    scripted.answers["Start"] = shared()
    Cast(portal).open()
    assert scripted.await_call("ScreenCast.SelectSources")[1]["restore_token"] == ("s", "first")
    Cast(portal).open()
    assert "restore_token" not in scripted.await_call("ScreenCast.SelectSources")[1]


def test_a_yes_that_cannot_be_had_again_is_asked_for_once_more(desktop: Desktop) -> None:
    scripted, portal = desktop
    portal.offer()
    portal.keep_token("stale")
    scripted.answers["Start"] = None
    opening = Opening(portal)
    assert scripted.await_call("ScreenCast.SelectSources")[1]["restore_token"] == ("s", "stale")
    scripted.await_call("ScreenCast.Start")
    before = scripted.session
    scripted.answer(2, {})
    assert scripted.await_call("Session.Close")[0] == before
    assert "restore_token" not in scripted.await_call("ScreenCast.SelectSources")[1]
    scripted.await_call("ScreenCast.Start")
    scripted.answer(2, {})
    assert opening.reason() is Reason.NO_SCREEN, "and that is the end"


@pytest.mark.parametrize(("code", "reason"), [(1, Reason.REFUSED_BY_PERSON), (2, Reason.NO_SCREEN)], ids=["refused", "ended"])
def test_a_no_in_the_desktops_own_question_is_one(desktop: Desktop, code: int, reason: Reason) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = (code, {})
    with pytest.raises(ScreenLost) as lost:
        Cast(portal).open()
    assert lost.value.reason is reason


def test_a_yes_to_nothing_shares_nothing(desktop: Desktop) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = (0, {"streams": ("a(ua{sv})", [])})
    with pytest.raises(ScreenLost, match="no monitor"):
        Cast(portal).open()


@pytest.mark.parametrize(
    "said",
    [{"streams": ("s", "all of them")}, {"streams": ("a(s)", [("first",)])}, {"streams": ("a(ss)", [("first", "second")])}, {}],
    ids=["words", "short", "no number", "nothing"],
)
def test_an_answer_that_cannot_be_read_ends_it_with_a_word(desktop: Desktop, said: dict[str, tuple[str, object]]) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = (0, said)
    with pytest.raises(ScreenLost):
        Cast(portal).open()


def test_nobody_s_answer_is_a_no_and_the_question_goes_away(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal_module, "PERSON_SECONDS", 0.05)
    scripted, portal = desktop
    scripted.answers["Start"] = None
    assert Opening(portal).reason() is Reason.NO_ANSWER
    assert scripted.await_call("Request.Close")[0] == scripted.request


def test_a_question_that_stands_is_taken_back_at_once(desktop: Desktop) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = None
    opening = Opening(portal)
    scripted.await_call("ScreenCast.Start")
    opening.cast.close()
    opening.join(DEADLINE)
    assert opening.lost is not None
    closed = {scripted.await_call("Session.Close")[0], scripted.await_call("Request.Close")[0]}
    assert closed == {scripted.session, scripted.request}


def test_a_cast_that_was_closed_before_it_began_asks_nobody(desktop: Desktop) -> None:
    scripted, portal = desktop
    cast = Cast(portal)
    cast.close()
    with pytest.raises(ScreenLost):
        cast.open()
    scripted.await_call("ScreenCast.CreateSession")
    assert "Start" not in {name.partition(".")[2] for name, _, _ in scripted.heard.queue}


def test_another_program_of_the_login_cannot_answer_for_the_person(desktop: Desktop) -> None:
    scripted, portal = desktop
    scripted.answers["Start"] = None
    opening = Opening(portal)
    scripted.await_call("ScreenCast.Start")
    forged = new_signal(DBusAddress(scripted.request, interface=REQUEST), "Response", "ua{sv}", shared())
    forged.header.fields[HeaderFields.destination] = scripted.asker
    with open_dbus_connection(portal._address) as other:
        other.send(forged)
        other.bus_proxy.GetId()  # whatever was sent before has been handed on
    scripted.answer(1, {})
    assert opening.reason() is Reason.REFUSED_BY_PERSON


def test_the_desktops_own_stop_ends_it(desktop: Desktop) -> None:
    scripted, portal = desktop
    cast = Cast(portal)
    cast.open()
    assert not cast.over
    scripted.end_session()
    portal.offer()  # what was said before this answer has been heard
    assert cast.over


def test_a_portal_that_goes_ends_what_waits_and_another_is_found_later(desktop: Desktop) -> None:
    scripted, portal = desktop
    cast = Cast(portal)
    cast.open()
    scripted.answers["Start"] = None
    opening = Opening(portal)
    scripted.await_call("ScreenCast.Start")
    scripted.await_call("ScreenCast.Start")
    scripted.close()
    assert opening.reason() is Reason.NO_SCREEN
    assert cast.over
    with pytest.raises(ScreenLost, match="StartServiceByName"):
        portal.offer()
    after = ScriptedPortal(portal._address)
    assert portal.offer().version == 4
    after.close()


@pytest.mark.parametrize("offers", [{"sources": 2}, {"version": 0}], ids=["windows alone", "no version"])
def test_a_portal_that_shares_no_monitor_is_none(offers: dict[str, int]) -> None:
    with scripted_portal(**offers) as (_, address):
        portal = Portal(address)
        with pytest.raises(ScreenLost, match="no monitor"):
            portal.offer()
        portal.close()


def test_a_bus_without_a_portal_and_no_bus_at_all_are_told() -> None:
    with session_bus() as address, pytest.raises(ScreenLost, match="StartServiceByName"):
        Portal(address).offer()
    for nowhere in (address, "unix:path=/nowhere/bus", "tcp:host=localhost", ""):
        with pytest.raises(ScreenLost, match="no session bus"):
            Portal(nowhere).offer()
