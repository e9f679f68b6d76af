"""The direct path at the host's core: where the site says so, recorded before it carries anything, and given up without loss.

Seen to fail: without the check of the device's signature, of the session, of the attempt, of either address; with the channel
turned before it is recorded; with a second turn taken; with a channel tried again that was not as agreed; without its end
recorded when the visit ends, and when its line is cut.

Of `direct_only`, seen to fail: not said at the begin, not said again after a cut, not said when the rules
change, said after the end of the channel, said where nothing changed, said of a site that never said `only`, its opposite said.
"""

from contextlib import suppress
from dataclasses import replace

import pytest

from audit.events import visit as log
from host_client.core.commands import (
    Carried,
    CloseDirect,
    HoldContent,
    JoinDirect,
    Note,
    OpenDirect,
    Record,
    RelayContent,
    SendSession,
    StartTimer,
    StopTimer,
    TakeDirect,
    TurnDirect,
)
from host_client.core.direct import DirectPath
from host_client.core.events import DirectEmptied, DirectEnd, DirectLost, DirectOpened, DirectWaits, Fired, SessionClosed, Timer
from host_client.link import ChatLine, ChatNotSent, ChatSaid, EndPressed, ShowBanner
from policy.carrier import Carrier, DirectCause
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_returning import present, renew_keys, returned
from tests.helpers.host_visit import cause
from tests.helpers.site_rules import ALL
from tests.helpers.views import rules
from trust.signatures import Ed25519Signer
from wire.frames import FrameKind
from wire.limits import DIRECT_PAUSE_MAX, DIRECT_TRY_SECONDS
from wire.messages.session import CarrierReport
from wire.schema import decode, name_of, read_part
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.direct import DirectAnswer, DirectCandidate, DirectDescription, DirectOffer, DirectOnly, DirectOver, DirectTurn, moves
from wire.statements import Label

HERE = DirectEnd(b"f" * 32, "here", "p" * 22, (DirectCandidate("10.0.0.7", 4000, 7),))
THERE = DirectDescription(SESSION, 1, b"t" * 32, "there", "q" * 22, (), False)
ALLOWED, ONLY, NEVER = (f'direct = "{word}"\ndirect_ranges = ["10.0.0.0/8"]\n' for word in ("allow", "only", "never"))


_TOLD = (DirectOnly, DirectOffer, DirectTurn, DirectOver)


def proven(words: str = ALLOWED) -> tuple[Stage, Far]:
    """A visit whose both ends are proven, at a site that says this."""
    stage = Stage()
    stage.online(stage.papers(site_policy=rules("site", words + ALL)))
    return stage, stage.sealed()


def said(far: Far) -> list[object]:
    """What the technician's end was told of the channel by the last event."""
    told = [plain for _, plain in far.opened()]
    names = {f'"type":"{name_of(each)}"'.encode() for each in _TOLD}
    return [decode(each, *_TOLD) for each in told if any(name in each for name in names)]


def answer(
    stage: Stage, described: DirectDescription = THERE, signer: Ed25519Signer | None = None, label: Label = Label.DIRECT_TECHNICIAN
) -> DirectAnswer:
    return DirectAnswer((signer or stage.device).sign(label, described))


def joining(words: str = ALLOWED) -> tuple[Stage, Far]:
    stage, far = proven(words)
    stage.give(DirectWaits(SESSION, 1, HERE))
    far.whisper(answer(stage))
    return stage, far


def turned(words: str = ALLOWED) -> tuple[Stage, Far]:
    """Content goes directly, both ways."""
    stage, far = joining(words)
    stage.give(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"))
    stage.give(DirectEmptied(SESSION, 1))
    far.whisper(DirectTurn(1))
    return stage, far


def reports(stage: Stage) -> list[CarrierReport]:
    """What the broker was told by the last event."""
    frames = [each.frame for each in stage.did if isinstance(each, SendSession) and each.frame[0] == FrameKind.CONTROL]
    return [decode(frame[1:], CarrierReport) for frame in frames]


def pauses(stage: Stage) -> list[float]:
    return [each.seconds for each in stage.did if isinstance(each, StartTimer) and each.timer is Timer.DIRECT]


# ---- up


@pytest.mark.parametrize("words", ["", NEVER])
def test_a_site_that_does_not_say_so_opens_no_port(words: str) -> None:
    stage, _ = proven(words)
    assert not any(isinstance(each, OpenDirect) for each in stage.did)
    assert pauses(stage) == []


@pytest.mark.parametrize(("words", "only"), [(ALLOWED, False), (ONLY, True)])
def test_ports_are_opened_once_both_ends_are_proven_and_before_anything_is_asked(words: str, only: bool) -> None:
    stage, _ = proven(words)
    assert [each for each in stage.did if isinstance(each, OpenDirect)] == [OpenDirect(1, ("10.0.0.0/8",), only)]
    assert pauses(stage) == [DIRECT_TRY_SECONDS]


def test_the_offer_is_signed_and_says_what_this_end_is() -> None:
    stage, far = proven(ONLY)
    stage.give(DirectWaits(SESSION, 1, HERE))
    (offer,) = said(far)
    assert isinstance(offer, DirectOffer)
    assert offer.statement.label is Label.DIRECT_HOST
    assert read_part(DirectDescription, offer.statement.payload) == DirectDescription(
        SESSION, 1, HERE.fingerprint, HERE.ufrag, HERE.pwd, HERE.candidates, True
    )


def test_the_answer_is_joined_as_it_was_signed() -> None:
    stage, _ = joining()
    assert stage.did == [JoinDirect(DirectEnd(THERE.fingerprint, THERE.ufrag, THERE.pwd, ()))]


def test_it_is_recorded_before_it_carries_anything() -> None:
    stage, far = joining()
    stage.give(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"))
    started = log.DirectStarted(session_id=SESSION, attempt=1, host_range="10.0.0.0/8", console_range="10.0.0.0/8")
    assert stage.did[0] == Record((started,))
    assert stage.did[-1] == HoldContent()
    assert reports(stage) == [CarrierReport(SESSION, 1, Carrier.DIRECT, "10.0.0.0/8", "10.0.0.0/8", None, 0, 0)]
    assert said(far) == []
    stage.give(DirectEmptied(SESSION, 1))
    assert said(far) == [DirectTurn(1)]
    assert [type(each) for each in stage.did[:3]] == [StopTimer, SendSession, TurnDirect]
    assert [shown.direct for shown in stage.told(ShowBanner)] == [True]


def test_nothing_goes_over_what_cannot_be_recorded() -> None:
    stage, far = joining()
    stage.disk = False
    stage.give(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"))
    assert said(far) == [DirectOver(1, 0, DirectCause.FAILED)]
    assert not any(isinstance(each, HoldContent) for each in stage.did)


@pytest.mark.parametrize(("near", "far_away"), [("192.168.0.7", "10.9.0.1"), ("10.0.0.7", "192.168.0.9"), ("10.0.0.7", "fe80::1")])
def test_a_pair_outside_the_sites_ranges_carries_nothing_and_is_not_tried_again(near: str, far_away: str) -> None:
    stage, far = joining()
    stage.give(DirectOpened(SESSION, 1, near, far_away))
    assert stage.logged(log.DirectStarted) == []
    assert said(far) == [DirectOver(1, 0, DirectCause.NOT_AS_AGREED)]
    far.whisper(DirectOver(1, 0, DirectCause.NOT_AS_AGREED))
    stage.give(Fired(Timer.DIRECT))
    assert stage.did == []


def test_what_the_other_end_sends_counts_from_its_turn_on_and_it_turns_once() -> None:
    stage, far = joining()
    far.whisper(DirectTurn(1))
    assert stage.did == [TakeDirect()]
    far.whisper(DirectTurn(1))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


# ---- a technician's end that is not what it should be


@pytest.mark.parametrize(
    "described",
    [
        replace(THERE, session_id="s-other"),
        replace(THERE, attempt=2),
        replace(THERE, candidates=HERE.candidates),
        replace(THERE, only=True),
    ],
    ids=["session", "attempt", "candidates", "only"],
)
def test_an_answer_to_nothing_that_was_offered_ends_the_visit(described: DirectDescription) -> None:
    stage, far = proven()
    stage.give(DirectWaits(SESSION, 1, HERE))
    far.whisper(answer(stage, described))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_an_answer_signed_by_anybody_else_ends_the_visit() -> None:
    for signer, label in ((Ed25519Signer(b"x" * 32), Label.DIRECT_TECHNICIAN), (None, Label.DIRECT_HOST)):
        stage, far = proven()
        stage.give(DirectWaits(SESSION, 1, HERE))
        far.whisper(answer(stage, signer=signer, label=label))
        assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("message", [DirectTurn(1), DirectOver(1, 0, DirectCause.FAILED)], ids=["turn", "over"])
def test_talk_of_a_channel_that_was_never_offered_ends_the_visit(message: object) -> None:
    stage, far = proven("")
    far.whisper(message)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_count_of_more_than_was_sent_ends_the_visit() -> None:
    stage, far = turned()
    stage.counts = False
    far.whisper(DirectOver(1, 99, DirectCause.FAILED))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_an_end_that_nobody_confirms_ends_the_visit() -> None:
    stage, _ = turned()
    stage.give(DirectLost(SESSION, 1, DirectCause.STALLED))
    stage.give(Fired(Timer.DIRECT))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


# ---- down


def test_content_goes_back_to_the_relay_once_the_other_end_said_what_it_took() -> None:
    stage, far = turned()
    stage.carried = Carried(5, 1000, 20)
    stage.give(DirectLost(SESSION, 1, DirectCause.STALLED))
    assert isinstance(stage.did[0], CloseDirect)
    ended = log.DirectEnded(session_id=SESSION, attempt=1, cause=DirectCause.STALLED, to_technician_bytes=1000, to_host_bytes=20)
    assert stage.logged(log.DirectEnded) == [ended]
    assert reports(stage) == [CarrierReport(SESSION, 1, Carrier.RELAY, "", "", DirectCause.STALLED, 1000, 20)]
    assert said(far) == [DirectOver(1, 5, DirectCause.STALLED)]
    assert not any(isinstance(each, RelayContent) for each in stage.did)
    far.whisper(DirectOver(1, 7, DirectCause.STALLED))
    assert RelayContent(7, only=False) in stage.did
    assert said(far) == []
    assert [shown.direct for shown in stage.told(ShowBanner)] == [False]


def test_the_other_ends_word_is_answered_with_ours() -> None:
    stage, far = turned()
    stage.carried = Carried(3, 0, 0)
    far.whisper(DirectOver(1, 2, DirectCause.SLOWER))
    assert said(far) == [DirectOver(1, 3, DirectCause.SLOWER)]
    assert isinstance(stage.did[0], CloseDirect)
    assert RelayContent(2, only=False) in stage.did
    far.whisper(DirectOver(1, 2, DirectCause.SLOWER))
    assert stage.did == []


def test_what_the_other_end_found_not_as_agreed_is_not_tried_again() -> None:
    stage, far = turned()
    far.whisper(DirectOver(1, 0, DirectCause.NOT_AS_AGREED))
    stage.give(Fired(Timer.DIRECT))
    assert stage.did == []


def test_where_content_may_not_be_relayed_it_waits() -> None:
    stage, far = turned(ONLY)
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    far.whisper(DirectOver(1, 0, DirectCause.FAILED))
    assert RelayContent(0, only=True) in stage.did


def test_what_is_written_goes_with_the_content_and_stays_in_its_field_while_there_is_no_way() -> None:
    """Seen to fail when: a message is sealed while content waits; it is held back where the relay may carry it."""
    stage, far = proven(ONLY)
    far.ask(Permission.VIEW)
    stage.says(ChatSaid("too early"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]
    stage, far = turned(ONLY)
    far.ask(Permission.VIEW)
    stage.says(ChatSaid("the pump is on"))
    (frame,) = [each.frame for each in stage.did if isinstance(each, SendSession)]
    assert moves(frame)
    assert [decode_said(plain) for lane, plain in far.opened() if lane is Lane.CHAT] == ["the pump is on"]
    far.record(Lane.CHAT, 0, encode_said("good"))
    assert stage.told(ChatLine) == [ChatLine(mine=False, text="good")]
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    stage.says(ChatSaid("too late"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]
    stage, far = turned()
    far.ask(Permission.VIEW)
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    stage.says(ChatSaid("over the relay, after what was not taken"))
    assert not stage.told(ChatNotSent)


def test_tries_come_again_at_growing_pauses() -> None:
    stage, far = proven()
    seen = []
    for attempt in range(1, 7):
        stage.give(DirectWaits(SESSION, attempt, HERE))
        stage.give(Fired(Timer.DIRECT))
        far.whisper(DirectOver(attempt, 0, DirectCause.FAILED))
        seen += pauses(stage)
        stage.give(Fired(Timer.DIRECT))
        assert OpenDirect(attempt + 1, ("10.0.0.0/8",), only=False) in stage.did
    assert seen == [10, 20, 40, DIRECT_PAUSE_MAX, DIRECT_PAUSE_MAX, DIRECT_PAUSE_MAX]


@pytest.mark.parametrize(("lasts", "pause"), [(DIRECT_PAUSE_MAX, DIRECT_TRY_SECONDS), (DIRECT_PAUSE_MAX - 1, 2 * DIRECT_TRY_SECONDS)])
def test_a_channel_that_opens_and_breaks_is_tried_ever_less_often_unless_it_lasted(lasts: int, pause: int) -> None:
    stage, far = proven()
    last: list[float] = []
    for attempt in (1, 2):
        stage.give(DirectWaits(SESSION, attempt, HERE))
        far.whisper(answer(stage, replace(THERE, attempt=attempt)))
        stage.give(DirectOpened(SESSION, attempt, "10.0.0.7", "10.9.0.1"))
        stage.give(DirectEmptied(SESSION, attempt))
        stage.wait(lasts)
        stage.give(DirectLost(SESSION, attempt, DirectCause.STALLED))
        far.whisper(DirectOver(attempt, 0, DirectCause.STALLED))
        last = pauses(stage)
        stage.give(Fired(Timer.DIRECT))
    assert last == [pause]


def test_a_host_without_an_address_in_the_ranges_offers_nothing_and_tries_again() -> None:
    stage, far = proven()
    stage.give(DirectWaits(SESSION, 1, None))
    assert said(far) == []
    assert [type(each) for each in stage.did[:2]] == [CloseDirect, RelayContent]
    assert pauses(stage) == [DIRECT_TRY_SECONDS]


# ---- what comes late means nothing


def test_news_of_an_earlier_channel_means_nothing() -> None:
    stage, far = turned()
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    far.whisper(DirectOver(1, 0, DirectCause.FAILED))
    stage.give(Fired(Timer.DIRECT))
    late = DirectWaits(SESSION, 1, HERE), DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"), DirectEmptied(SESSION, 1)
    for event in (*late, DirectLost(SESSION, 1, DirectCause.FAILED)):
        assert stage.give(event) == []
    for message in (DirectTurn(1), DirectOver(1, 0, DirectCause.FAILED), answer(stage)):
        far.whisper(message)
        assert stage.did == []


def test_news_out_of_turn_means_nothing() -> None:
    stage, far = turned()
    for event in (DirectWaits(SESSION, 1, HERE), DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"), DirectEmptied(SESSION, 1)):
        assert stage.give(event) == []
    far.whisper(answer(stage))
    assert stage.did == []
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    assert stage.give(DirectLost(SESSION, 1, DirectCause.FAILED)) == []
    far.whisper(DirectTurn(1))
    assert stage.did == []


# ---- the site's word, the line, and the visit's end


def papers(stage: Stage, words: str) -> None:
    stage.hears(stage.papers(site_policy=rules("site", words + ALL)))


def test_a_site_that_takes_its_word_back_has_it_at_once() -> None:
    stage, far = turned()
    papers(stage, NEVER)
    assert CloseDirect() in stage.did
    assert DirectOver(1, 0, DirectCause.POLICY) in said(far)
    far.whisper(DirectOver(1, 0, DirectCause.POLICY))
    stage.give(Fired(Timer.DIRECT))
    assert stage.did == []


def test_a_site_that_gives_its_word_is_followed_and_one_that_says_nothing_new_is_not() -> None:
    stage, _ = proven("")
    papers(stage, ONLY)
    assert [each for each in stage.did if isinstance(each, RelayContent | OpenDirect)] == [
        RelayContent(0, only=True),
        OpenDirect(1, ("10.0.0.0/8",), only=True),
    ]
    papers(stage, ONLY)
    assert not any(isinstance(each, RelayContent | OpenDirect | CloseDirect) for each in stage.did)


def test_a_word_that_changes_while_an_end_is_owed_waits_for_it() -> None:
    stage, far = turned()
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    papers(stage, NEVER)
    assert not any(isinstance(each, RelayContent | OpenDirect) for each in stage.did)
    far.whisper(DirectOver(1, 0, DirectCause.FAILED))
    assert RelayContent(0, only=False) in stage.did


def test_a_line_that_is_cut_takes_the_channel_with_it_and_a_new_one_follows() -> None:
    stage, far = viewing()
    stage.give(SessionClosed(SESSION))
    assert CloseDirect() in stage.did
    assert [each.cause for each in stage.logged(log.DirectEnded)] == [DirectCause.CUT]
    for event in (DirectLost(SESSION, 1, DirectCause.FAILED), Fired(Timer.DIRECT)):
        assert stage.give(event) == []
    papers(stage, ALLOWED.replace("10.0.0.0/8", "10.0.0.0/9"))
    assert not any(isinstance(each, OpenDirect) for each in stage.did)
    returned(stage, far)
    assert OpenDirect(2, ("10.0.0.0/9",), only=False) in stage.did


def test_a_line_that_is_cut_where_nothing_goes_directly_closes_nothing() -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    stage.give(SessionClosed(SESSION))
    assert not any(isinstance(each, CloseDirect) for each in stage.did)


def viewing() -> tuple[Stage, Far]:
    """A viewed visit whose content goes directly."""
    stage = Stage()
    stage.online(stage.papers(site_policy=rules("site", ALLOWED + ALL)))
    far = stage.viewing()
    stage.give(DirectWaits(SESSION, 1, HERE))
    far.whisper(answer(stage))
    stage.give(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"))
    stage.give(DirectEmptied(SESSION, 1))
    return stage, far


def test_the_end_of_a_visit_is_the_end_of_its_channel() -> None:
    stage, _ = viewing()
    stage.carried = Carried(1, 2, 3)
    stage.says(EndPressed())
    assert CloseDirect() in stage.did
    assert [(each.cause, each.to_technician_bytes) for each in stage.logged(log.DirectEnded)] == [(DirectCause.TURNED_OFF, 2)]
    assert StopTimer(Timer.DIRECT) in stage.did


@pytest.mark.parametrize(
    ("stops", "recorded", "why"),
    [("stopping", True, [DirectCause.TURNED_OFF]), ("parted", True, [DirectCause.CUT]), ("stopping", False, [])],
)
def test_a_visit_that_stops_while_the_channel_is_recorded_carries_nothing_and_leaves_no_start_without_an_end(
    stops: str, recorded: bool, why: list[DirectCause]
) -> None:
    """Seen to fail when: the end is left out; it is recorded though the start was not."""
    stage, _ = joining()
    visit = stage.core.visit
    assert visit is not None
    path = DirectPath(visit.standing)
    talk = visit.channel(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"), stage.now)
    assert isinstance(talk.send(None), Record)
    setattr(visit.standing, stops, True)
    after: list[object] = []
    with suppress(StopIteration):
        after.append(talk.send(recorded))
        after += talk
    nothing = {"to_technician_bytes": 0, "to_host_bytes": 0}
    assert after == [Note(log.DirectEnded(session_id=SESSION, attempt=1, cause=each, **nothing)) for each in why]
    assert list(path.give_up(DirectCause.FAILED, stage.now)) == [], "there is nothing to give up"


def test_the_technicians_end_hears_that_the_relay_may_carry_nothing_before_it_has_anything() -> None:
    stage, far = proven(ONLY)
    assert said(far) == [DirectOnly(True)]
    papers(stage, ONLY + "# in other words\n")
    assert said(far) == []
    papers(stage, ALLOWED)
    assert said(far) == [DirectOnly(False)]
    papers(stage, NEVER)
    assert said(far) == []


def test_it_hears_so_before_the_end_of_a_channel_when_the_rules_change() -> None:
    stage, far = turned()
    papers(stage, ONLY)
    assert said(far) == [DirectOnly(True), DirectOver(1, 0, DirectCause.POLICY)]


@pytest.mark.parametrize(("after", "only"), [(ONLY, True), (ALLOWED, False)])
def test_it_hears_so_again_when_the_line_was_cut_as_that_may_have_been_lost(after: str, only: bool) -> None:
    stage = Stage()
    stage.online(stage.papers(site_policy=rules("site", ONLY + ALL)))
    far = stage.viewing()
    stage.give(SessionClosed(SESSION))
    papers(stage, after)
    present(stage, far)
    renew_keys(far)
    far.identify()
    assert OpenDirect(2, ("10.0.0.0/8",), only=only) in stage.did
    assert said(far) == [DirectOnly(only)]
