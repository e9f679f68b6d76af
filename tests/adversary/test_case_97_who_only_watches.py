"""Case 97: a second person who only watches does nothing else, sees nothing without a code, keys and a consent of his own, and nothing
after anybody said stop: at the host, at the broker, on every lane and socket, whatever he or the broker sends.

Left to `tests/journeys/test_second_person.py`: two real consoles. To `tests/host_client/desk/test_stage.py` and `test_desk_server.py`: that
a slow one slows nobody.
"""

from collections.abc import Callable

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Command, Inject, OpenBulk, SendBulk, SendSession, Tell
from host_client.core.events import Fired, SessionReceived, Timer
from host_client.link import (
    SECOND,
    EndPressed,
    PausePressed,
    ShowPrompt,
    StartCapture,
    StartClipboard,
    StartInput,
    StopCapture,
    TakeBackPressed,
    WatchStopped,
    WatchWanted,
)
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.adversary.test_case_34_every_subset_of_rights import PLAIN
from tests.helpers.broker_core import control, framed, messages, noted, refused
from tests.helpers.broker_second import BOB, bob_in, claim_as_bob, code_of, met, open_watch
from tests.helpers.broker_second import seen as seen_by_broker
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_second import (
    WATCH,
    WATCHER,
    Watcher,
    admitted_second,
    code_for_second,
    offer_second,
    sealed_second,
    watched_stage,
    watching,
)
from tests.helpers.parcels import parcel
from wire.errors import PeerMisbehaved
from wire.frames import Frame, FrameKind
from wire.limits import INPUT_PLAIN
from wire.messages import ledger
from wire.messages.session import BulkOffered, BulkWanted, SessionOver
from wire.messages.ticket import SessionOffered
from wire.sealed.screen import FrameEnd
from wire.statements import Label

pytestmark = pytest.mark.adversary
END = parcel(FrameEnd(1, 5))
OTHERS = [each for each in Permission if each is not Permission.VIEW]
WIDENING = (StartInput, StartClipboard, ShowPrompt, StartCapture)
NUMBERS = (1, 2, 3, 99)


def helped() -> tuple[Stage, Far]:
    """Ann sees and controls."""
    stage = watched_stage()
    return stage, stage.controlling()


def seen() -> tuple[Stage, Far, Watcher]:
    """Bob watches her."""
    stage, far = helped()
    return stage, far, watching(stage)


def effects(did: list[Command]) -> list[object]:
    """Whatever widens anything, or reaches the desk's hands, clipboard or files."""
    widened: list[object] = [each for each in did if isinstance(each, Tell) and isinstance(each.said, WIDENING)]
    return widened + [each for each in did if isinstance(each, Inject | OpenBulk | SendBulk)]


def ended(stage: Stage) -> list[tuple[str, EndCause]]:
    """Which visits ended, and why."""
    return [(each.session_id, each.cause) for each in stage.logged(both.SessionEnded)]


def shown(stage: Stage) -> tuple[bytes, ...]:
    """What of his picture would leave now."""
    return stage.core.second.picture(1 + SECOND, END, stage.now)


# ---- at the host


def test_every_other_right_is_refused_one_after_another_and_the_person_is_never_asked() -> None:
    stage, _, watcher = seen()
    for permission in OTHERS:
        did = watcher.ask(permission)
        assert [(each.answer, each.reason) for each in watcher.answers()] == [(ledger.Answer.POLICY, Reason.VIEW_ONLY)], permission
        assert effects(did) == [], permission
    assert shown(stage)


@pytest.mark.parametrize("lane", [each for each in Lane if each is not Lane.CONTROL])
def test_no_record_of_any_lane_under_any_number_has_an_effect(lane: Lane) -> None:
    for number in (0,) if lane is Lane.CHAT else NUMBERS:
        if (lane, number) == (Lane.SCREEN, 1):
            continue  # his own acknowledgement
        stage, _, watcher = seen()
        plain = bytes(INPUT_PLAIN) if lane is Lane.INPUT else PLAIN.get(lane, b"x" * 40)
        assert effects(watcher.record(lane, number, plain)) == []
        assert {each for each, _ in ended(stage)} <= {WATCH}
        assert stage.core.visit is not None


def test_the_seals_of_the_technician_are_worth_nothing_on_his_line_and_his_nothing_on_hers() -> None:
    stage, far, _ = seen()
    replayed = far.seal(Lane.INPUT, 2, bytes(INPUT_PLAIN))
    did = stage.give(SessionReceived(WATCH, Frame(FrameKind.SEALED, replayed).encode()))
    assert effects(did) == []
    assert ended(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]
    stage, far, watcher = seen()
    his = watcher.seal(Lane.CONTROL, 0, b"{}")
    did = stage.give(SessionReceived(SESSION, Frame(FrameKind.SEALED, his).encode()))
    assert effects(did) == []
    assert (SESSION, EndCause.PEER_MISBEHAVED) in ended(stage)


def test_a_request_in_the_name_of_the_other_is_none() -> None:
    stage, _, watcher = seen()
    assert effects(watcher.state_asked(2, Permission.CONTROL, "please", stage.device, technician_id="t-ann", session_id=SESSION)) == []
    assert ended(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]


STOPS: dict[str, Callable[[Stage], list[Command]]] = {
    "the person stops him": lambda stage: stage.says(WatchStopped()),
    "the person ends the visit": lambda stage: stage.says(EndPressed()),
    "the view is taken back": lambda stage: stage.says(TakeBackPressed(Permission.VIEW)),
    "the broker ends the visit": lambda stage: stage.hears(SessionOver(SESSION, EndCause.POLICY)),
    "the broker ends him": lambda stage: stage.hears(SessionOver(WATCH, EndCause.POLICY)),
    "the visit's time is up": lambda stage: stage.give(Fired(Timer.HARD_LIMIT)),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS.keys())
def test_after_any_stop_nothing_more_is_seen_or_asked(stop: Callable[[Stage], list[Command]]) -> None:
    stage, _, watcher = seen()
    assert Tell(StopCapture(1 + SECOND)) in stop(stage)
    assert shown(stage) == ()
    assert effects(watcher.ask(Permission.VIEW)) == []
    assert offer_second(stage, "s-again") == [] or stage.logged(log.Refusal)[-1].session_id == "s-again"
    assert shown(stage) == ()


def test_while_the_person_pauses_he_sees_nothing_either() -> None:
    stage, _, _ = seen()
    assert {StopCapture(1), StopCapture(1 + SECOND)} <= {each.said for each in stage.says(PausePressed()) if isinstance(each, Tell)}
    assert shown(stage) == ()


def test_there_is_no_third_and_nobody_watches_himself() -> None:
    stage, _, _ = seen()
    assert stage.says(WatchWanted()) == []
    offer_second(stage, "s-3", "t-carl")
    assert stage.logged(log.Refusal)[-1].session_id == "s-3"
    stage, _ = helped()
    code_for_second(stage)
    offer_second(stage, "s-3", "t-ann")
    assert stage.logged(log.Refusal)[-1].reason is Reason.SAME_PERSON


def test_without_his_own_keys_code_and_yes_there_is_no_picture() -> None:
    stage, far = helped()
    stranger = admitted_second(stage)
    stranger.agree()
    assert effects(stranger.identify(stage.device)) == [], "the technician's device does not stand for his"
    assert (WATCH, EndCause.IDENTITY_NOT_PROVEN) in ended(stage)
    stage, far = helped()
    guessing = admitted_second(stage)
    assert guessing.agree(far.second) is not None, "nor does the technician's code"
    stage, _ = helped()
    sealed_second(stage)
    assert shown(stage) == (), "nobody was asked yet"


def test_in_both_visits_it_is_written_who_watched_and_until_when() -> None:
    stage, _, _ = seen()
    stage.says(WatchStopped())
    ids = {"session_id": SESSION, "watcher_session": WATCH, "watcher_id": WATCHER}
    kept = [each for each in stage.log if isinstance(each, log.WatchBegun | log.WatchOver)]
    assert kept == [log.WatchBegun(**ids, name="Bob", company="Acme"), log.WatchOver(**ids)]


# ---- at the broker


def test_the_broker_lets_none_of_it_through_either() -> None:
    for permission in OTHERS:
        _, meeting, watch = seen_by_broker()
        done = watch.by_console(Label.ASKED, watch.asked(2, permission))
        assert refused(done) == [Reason.VIEW_ONLY], permission
        assert not meeting.visit.over


@pytest.mark.parametrize("lane", [each for each in Lane if each not in {Lane.SCREEN, Lane.CONTROL}])
def test_the_broker_carries_no_lane_of_his_but_the_picture(lane: Lane) -> None:
    table, meeting, watch = seen_by_broker()
    record = bytes((lane,)) + (0 if lane is Lane.CHAT else 1).to_bytes(4, "big") + bytes(60)
    table.run(watch.console_end, framed(FrameKind.SEALED, record))
    assert watch.visit.over
    assert not meeting.visit.over


def test_no_bulk_socket_is_offered_to_him() -> None:
    table, _, watch = seen_by_broker()
    assert messages(table.run(watch.console_end, control(BulkWanted(watch.visit.session_id))), BulkOffered) == []


def test_the_broker_has_one_place_and_not_for_the_technician() -> None:
    table, meeting, _ = seen_by_broker()
    assert refused(open_watch(meeting)) == [Reason.HOST_BUSY]
    table, meeting = met()
    number = code_of(meeting)
    again = type(meeting.visit.sign_in)(b"another page of anna")
    assert refused(table.claim(table.console_in(again), number)) == [Reason.SAME_PERSON]


def test_a_code_that_was_shown_for_him_opens_nothing_once_the_visit_is_over() -> None:
    table, meeting = met()
    number = code_of(meeting)
    said = ledger.Ended(meeting.visit.session_id, meeting.visit.technician_id, EndCause.TECHNICIAN_ENDED, 1)
    meeting.by_console(Label.ENDED, said)
    done = claim_as_bob(table, bob_in(table), number)
    assert messages(done, SessionOffered) == []
    assert not any(isinstance(each, both.SessionEnded) and each.by == BOB for each in noted(done))


def test_a_broker_that_gives_him_the_technicians_visit_gives_him_bytes_that_he_cannot_open() -> None:
    """A broker that relays her frames to him: her keys are of her own agreement, which needed the code that was read to her."""
    stage, _, watcher = seen()
    visit = stage.core.visit
    assert visit is not None
    (frame,) = visit.picture(1, END, stage.now)
    stage.did = [SendSession(frame, second=True)]
    with pytest.raises(PeerMisbehaved):
        watcher.open(watcher.frames())
