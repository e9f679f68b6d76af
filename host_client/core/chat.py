"""What the person and the technician write to each other in one visit. It belongs to the visit and is no permission.

1  decided once, when the first request arrives: by then the broker knows too that both ends are proven, and lets the lane pass
2  the technician hears on the control lane whether it is open, the person sees a sign on the banner
3  from then on it can only be shut: by policy, by the broker, by the end of the visit
What was written is not kept here, and stands in no log; only how many messages there were.
"""

from audit.events.visit import ChatOver
from host_client.core.commands import Note, SendSession, Talk, Tell
from host_client.core.seals import Seals
from host_client.link import ChatClosed, ChatLine, ChatNotSent, ChatOpened
from policy.decision import Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import Lane
from wire.budget import Budget
from wire.errors import PeerMisbehaved
from wire.limits import CHAT_SENT_BYTES_PER_MINUTE, CHAT_TEXT_MAX, CONTROL_LANE_BYTES_PER_MINUTE, RECORD_HEADER, RECORD_TAG
from wire.schema import MalformedMessage
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.inner import ChatStanding
from wire.sealed.plain_text import cleaned

CHAT = "chat"
"""What a refusal of the broker names."""
_AROUND = 1 + RECORD_HEADER + RECORD_TAG


class Chat:
    """Where the chat of one visit stands."""

    def __init__(self) -> None:
        self._begun = self._ever = self._open = False
        self._takes, self._gives = Budget(CONTROL_LANE_BYTES_PER_MINUTE), Budget(CHAT_SENT_BYTES_PER_MINUTE)
        self._heard = self._said = 0
        self._why = Reason.WRONG_MOMENT

    def begin(self, decision: Decision, technician: str, seals: Seals, now: Instant) -> Talk:
        """The first request arrived. Nothing the second time."""
        if self._begun:
            return
        self._begun = True
        if isinstance(decision, Deny):
            yield SendSession(seals.say(ChatStanding(decision.reason), now))
            return
        self._ever = self._open = True
        yield Tell(ChatOpened(technician))
        yield SendSession(seals.say(ChatStanding(None), now))

    def heard(self, plain: bytes, now: Instant) -> Talk:
        """One record of the technician. Raises PeerMisbehaved where the lane never was open, for too many, and for what cannot be read."""
        if not self._ever:
            raise PeerMisbehaved("a message where the chat never was open")
        try:
            text = decode_said(plain)
        except MalformedMessage:
            raise PeerMisbehaved("a message that cannot be read") from None
        if not self._open:
            return  # it was on its way when the chat was shut
        if not self._takes.spend(len(plain) + _AROUND, now.boot):
            raise PeerMisbehaved("more messages than a minute may have")
        self._heard += 1
        yield Tell(ChatLine(mine=False, text=text))

    def said(self, text: str, seals: Seals, now: Instant) -> Talk:
        """The person wrote this."""
        clean = cleaned(text)
        size = len(clean.encode())
        reason = None
        if not self._open:
            reason = Reason.WRONG_MOMENT
        elif not 0 < size <= CHAT_TEXT_MAX:
            reason = Reason.TOO_LARGE
        elif not self._gives.spend(size + 1 + _AROUND, now.boot):
            reason = Reason.TOO_FAST
        if reason is not None:
            yield Tell(ChatNotSent(reason))
            return
        self._said += 1
        yield SendSession(seals.seal(Lane.CHAT, 0, encode_said(clean), now))
        yield Tell(ChatLine(mine=True, text=clean))

    def shut(self, reason: Reason, session_id: str, seals: Seals, now: Instant) -> Talk:
        """Policy, or the broker, lets nobody write any more. Both people hear why; it does not open again."""
        was_open, self._open, self._begun = self._open, False, True
        self._why = reason
        if not was_open:
            return
        yield Tell(ChatClosed(reason))
        yield SendSession(seals.say(ChatStanding(reason), now))
        yield Note(self._over(session_id, reason))

    def rejoined(self, seals: Seals, now: Instant) -> Talk:
        """After a cut line: whether it was shut meanwhile the technician has not heard."""
        if self._ever:
            yield SendSession(seals.say(ChatStanding(None if self._open else self._why), now))

    def ended(self, session_id: str) -> Talk:
        """The visit is over: how much was written, if anything was and no entry says so yet."""
        was_open, self._open = self._open, False
        if was_open and (self._heard or self._said):
            yield Note(self._over(session_id, None))

    def _over(self, session_id: str, reason: Reason | None) -> ChatOver:
        return ChatOver(session_id=session_id, to_host=self._heard, to_technician=self._said, reason=reason)
