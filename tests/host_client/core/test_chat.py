"""The chat at the host: open from the first question on where policy lets it be, within its bounds, and in no log."""

from typing import Any

import pytest

from audit.events import visit as log
from host_client.core.chat import Chat
from host_client.core.commands import SendSession
from host_client.core.seals import Seals
from host_client.link import ChatClosed, ChatLine, ChatNotSent, ChatOpened, ChatSaid, EndPressed, Given, PromptAnswered
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import Far, Stage
from tests.helpers.views import rules
from wire.limits import CHAT_SENT_BYTES_PER_MINUTE, CHAT_TEXT_MAX, CONTROL_LANE_BYTES_PER_MINUTE
from wire.messages.presence import Refused
from wire.schema import decode
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.inner import ChatStanding, HostNotice

ALLOW = '[[allow]]\nname = "all"\npermissions = ["view", "control"]\n'
NEVER = '[visits]\nchat = "never"\n'
ALWAYS = '[visits]\nchat = "always"\n'


def asking(stage: Stage | None = None) -> tuple[Stage, Far]:
    stage = stage or Stage()
    if not stage.version:
        stage.online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    return stage, far


def standing(far: Far) -> list[Reason | None]:
    """What the technician was told about the chat by the last event."""
    said = [decode(plain, ChatStanding, HostNotice) for lane, plain in far.opened() if lane is Lane.CONTROL and b"words" not in plain]
    return [each.reason for each in said if isinstance(each, ChatStanding)]


def written(far: Far) -> list[str]:
    return [decode_said(plain) for lane, plain in far.opened() if lane is Lane.CHAT]


def test_it_opens_with_the_first_question_and_with_no_other() -> None:
    stage, far = asking()
    assert stage.told(ChatOpened) == [ChatOpened("Ann")]
    assert standing(far) == [None]
    stage.allow()
    far.ask(Permission.CONTROL)
    assert not stage.told(ChatOpened)
    assert standing(far) == []


def test_each_hears_what_the_other_wrote_and_the_own_words_once_they_went() -> None:
    stage, far = asking()
    far.record(Lane.CHAT, 0, encode_said("is the pump <b>on</b>?"))
    assert stage.told(ChatLine) == [ChatLine(mine=False, text="is the pump <b>on</b>?")]
    stage.says(ChatSaid("yes\r\nsince \u202emorning"))
    assert written(far) == ["yes\nsince morning"]
    assert stage.told(ChatLine) == [ChatLine(mine=True, text="yes\nsince morning")]


def test_only_counts_are_in_the_log_and_only_where_something_was_written() -> None:
    stage, far = asking()
    far.record(Lane.CHAT, 0, encode_said("canary one"))
    far.record(Lane.CHAT, 0, encode_said("canary two"))
    stage.says(ChatSaid("canary three"))
    stage.says(EndPressed())
    (entry,) = stage.logged(log.ChatOver)
    assert (entry.to_host, entry.to_technician, entry.reason) == (2, 1, None)
    assert "canary" not in repr(stage.log)
    assert isinstance(stage.log[stage.log.index(entry) + 1], log.SessionEnded)
    stage, far = asking()
    stage.says(EndPressed())
    assert not stage.logged(log.ChatOver)


@pytest.mark.parametrize("party", ["vendor_policy", "site_policy"])
def test_a_party_that_wants_none_has_none(party: str) -> None:
    stage = Stage()
    said: dict[str, Any] = {party: rules(party.partition("_")[0], NEVER + ALLOW)}
    stage.online(stage.papers(**said))
    stage, far = asking(stage)
    assert standing(far) == [Reason.VENDOR_POLICY if party == "vendor_policy" else Reason.SITE_POLICY]
    assert not stage.told(ChatOpened)
    stage.says(ChatSaid("hello?"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]


def test_with_health_data_both_parties_have_to_say_always() -> None:
    stage = Stage(phi=True)
    stage, far = asking(stage)
    assert standing(far) == [Reason.PHI_POLICY]
    for site, reason in ((ALLOW, Reason.PHI_POLICY), (ALWAYS + ALLOW, None)):
        stage = Stage(phi=True)
        stage.online(stage.papers(vendor_policy=rules("vendor", ALWAYS + ALLOW), site_policy=rules("site", site)))
        stage, far = asking(stage)
        assert standing(far) == [reason]


def test_a_record_where_it_never_was_open_ends_the_visit() -> None:
    stage = Stage(phi=True)
    stage, far = asking(stage)
    far.record(Lane.CHAT, 0, encode_said("psst"))
    assert stage.logged(log.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED
    assert not stage.told(ChatLine)


@pytest.mark.parametrize("plain", [b"\x02a", b"\x01", b"\x01\xff", "\x01a\u202eb".encode()], ids=repr)
def test_what_is_no_message_ends_the_visit(plain: bytes) -> None:
    stage, far = asking()
    far.record(Lane.CHAT, 0, plain)
    assert stage.logged(log.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED
    assert not stage.told(ChatLine)


def test_a_message_under_a_grant_ends_the_visit() -> None:
    stage, far = asking()
    far.record(Lane.CHAT, 1, encode_said("a"))
    assert stage.logged(log.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED


def test_more_than_a_minute_may_have_ends_the_visit_and_is_not_sent_from_here() -> None:
    stage, far = asking()
    long = "x" * CHAT_TEXT_MAX
    for _ in range(CONTROL_LANE_BYTES_PER_MINUTE // (CHAT_TEXT_MAX + 33)):
        far.record(Lane.CHAT, 0, encode_said(long))
    sent = CHAT_SENT_BYTES_PER_MINUTE // (CHAT_TEXT_MAX + 33)
    for _ in range(sent):
        stage.says(ChatSaid(long))
        assert written(far) == [long]
    stage.says(ChatSaid(long))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.TOO_FAST)]
    assert not any(isinstance(each, SendSession) for each in stage.did)
    far.record(Lane.CHAT, 0, encode_said(long))
    assert stage.logged(log.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("text", ["\u202e", "\u20ac" * 4000], ids=["nothing that can be seen", "too many bytes"])
def test_what_cannot_be_sent_is_not(text: str) -> None:
    stage, _far = asking()
    stage.says(ChatSaid(text))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.TOO_LARGE)]


def test_a_policy_that_changes_shuts_it_and_it_stays_shut() -> None:
    stage, far = asking()
    stage.allow()
    stage.hears(stage.papers(site_policy=rules("site", NEVER + ALLOW)))
    assert stage.told(ChatClosed) == [ChatClosed(Reason.SITE_POLICY)]
    assert standing(far) == [Reason.SITE_POLICY]
    assert [each.reason for each in stage.logged(log.ChatOver)] == [Reason.SITE_POLICY]
    far.record(Lane.CHAT, 0, encode_said("was on its way"))
    assert not stage.told(ChatLine)
    stage.hears(stage.papers())
    far.ask(Permission.CONTROL)
    assert not stage.told(ChatOpened)
    stage.says(ChatSaid("still there?"))
    assert stage.told(ChatNotSent)
    stage.says(EndPressed())
    assert len(stage.logged(log.ChatOver)) == 1


def test_a_broker_that_shuts_it_is_believed_before_and_after_it_opened() -> None:
    stage, far = asking()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert stage.told(ChatClosed) == [ChatClosed(Reason.PHI_POLICY)]
    stage = Stage()
    stage.online()
    far = stage.sealed()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert not stage.told(ChatClosed)
    far.ask(Permission.VIEW)
    assert not stage.told(ChatOpened)
    assert standing(far) == []


def test_before_the_other_end_is_proven_nothing_is_said_or_shut() -> None:
    stage = Stage()
    stage.online()
    far = stage.admitted()
    stage.says(ChatSaid("a"))
    assert stage.did == []
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert not stage.told(ChatClosed)
    stage = Stage()
    stage.online()
    stage.says(ChatSaid("a"))
    assert stage.did == []


def test_a_refused_visit_takes_the_chat_with_it() -> None:
    stage, far = asking()
    stage.says(PromptAnswered(1, Given.REFUSE))
    stage.says(ChatSaid("a"))
    assert not stage.told(ChatLine)
    assert far.opened() == []


def test_where_it_never_began_the_end_says_nothing() -> None:
    assert list(Chat().ended("s-1")) == []


def test_after_a_cut_line_the_technician_hears_how_it_stands_if_there_ever_was_one() -> None:
    stage, far = asking()
    assert far.agreed is not None
    assert list(Chat().rejoined(Seals("s-1", far.agreed.secret), stage.now)) == []
    chat = stage.core.visit.standing.chat if stage.core.visit else Chat()
    assert len(list(chat.rejoined(Seals("s-1", far.agreed.secret), stage.now))) == 1
