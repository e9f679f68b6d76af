"""Whether the screen may be seen: several sources, the strictest counts; and the real ones of X and of logind."""

import queue
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from Xlib import X

from host_client.screen.session_state import SessionSource, SessionWatch, SourceGone
from host_client.screen.session_state_logind import LogindSession
from host_client.screen.session_state_x11 import XScreenSaver
from host_client.screen.x_display import open_display
from policy.decision import Reason
from tests.helpers.x_server import xvfb

DEADLINE = 10.0


class Played:
    """A source that says what the test says."""

    def __init__(self) -> None:
        self.says: Reason | None = None
        self.gone = False
        self._news = threading.Event()

    def tell(self, reason: Reason | None) -> None:
        self.says = reason
        self._news.set()

    def away(self) -> Reason | None:
        if self.gone:
            raise SourceGone("as the test wants it")
        return self.says

    def wait(self, seconds: float) -> None:
        self._news.wait(seconds)
        self._news.clear()

    def close(self) -> None:
        self.gone = True


@contextmanager
def watching(*sources: SessionSource) -> Iterator["queue.Queue[Reason | None]"]:
    told: queue.Queue[Reason | None] = queue.Queue()

    def opener(source: SessionSource) -> SessionSource:
        return source

    def absent() -> SessionSource:
        raise SourceGone("there is none here")

    openers = [absent, *((lambda each=each: opener(each)) for each in sources)]
    watch = SessionWatch(openers, told.put)
    watch.start()
    yield told
    watch.close()


def test_what_says_locked_counts_however_many_say_otherwise() -> None:
    one, two = Played(), Played()
    with watching(one, two) as told:
        two.tell(Reason.SCREEN_LOCKED)
        assert told.get(timeout=DEADLINE) is Reason.SCREEN_LOCKED
        one.tell(Reason.SESSION_AWAY)
        assert told.get(timeout=DEADLINE) is Reason.SESSION_AWAY
        one.tell(None)
        assert told.get(timeout=DEADLINE) is Reason.SCREEN_LOCKED
        two.tell(None)
        assert told.get(timeout=DEADLINE) is None


def test_a_source_that_goes_while_it_said_no_has_said_its_last_word() -> None:
    one, two = Played(), Played()
    with watching(one, two) as told:
        one.tell(Reason.SCREEN_LOCKED)
        assert told.get(timeout=DEADLINE) is Reason.SCREEN_LOCKED
        one.gone = True
        one.tell(None)
        two.tell(Reason.SESSION_AWAY)
        two.tell(None)
        with pytest.raises(queue.Empty):
            told.get(timeout=1)


def test_the_screen_saver_of_x_is_heard_both_ways() -> None:
    with xvfb(320, 200) as screen, closing(open_display(screen.display)) as other:
        with watching(XScreenSaver(screen.display)) as told:
            other.force_screen_saver(X.ScreenSaverActive)
            other.sync()
            assert told.get(timeout=DEADLINE) is Reason.SCREEN_LOCKED
            other.force_screen_saver(X.ScreenSaverReset)
            other.sync()
            assert told.get(timeout=DEADLINE) is None
        saver = XScreenSaver(screen.display)
    with pytest.raises(SourceGone):
        saver.away()
    with pytest.raises(SourceGone):
        XScreenSaver(":64999")


def session(seat: object, **said: object) -> LogindSession:
    def ask(path: str, names: tuple[str, ...]) -> tuple[object, ...]:
        assert path == "/org/freedesktop/login1/session/_32"
        return tuple(seat if name == "Seat" else said[name] for name in names)

    return LogindSession("2", ask)


@pytest.mark.parametrize(
    ("seat", "locked", "active", "reason"),
    [
        (["seat0", "/x"], False, True, None),
        (["seat0", "/x"], True, True, Reason.SCREEN_LOCKED),
        (["seat0", "/x"], False, False, Reason.SESSION_AWAY),
        (["", "/"], False, False, None),
        (["", "/"], True, False, Reason.SCREEN_LOCKED),
    ],
)
def test_logind_says_locked_or_that_another_login_has_the_seat(seat: object, locked: bool, active: bool, reason: Reason | None) -> None:
    assert session(seat, LockedHint=locked, Active=active).away() is reason


@pytest.mark.parametrize("name", ["", "../1", "1 2"])
def test_a_login_without_a_session_is_no_source(name: str) -> None:
    with pytest.raises(SourceGone):
        LogindSession(name)


def test_a_session_that_logind_does_not_know_is_no_source() -> None:
    with pytest.raises(SourceGone):
        LogindSession("c999999")
