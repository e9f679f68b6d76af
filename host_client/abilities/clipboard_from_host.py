"""Text of this PC's clipboard goes to the technician: what was copied since the person allowed it, when the technician asks for it and
the person presses *Send*. Both have to do something each time.

technician -> guardian -> desk    FETCH
desk -> guardian -> technician    GIVEN, cut into records of at most 64 KiB, or MISSING with its reason
"""

from collections.abc import Iterator

from typing_extensions import override

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.core.ports import Seat
from host_client.link import ClipboardGiven, ClipboardNotGiven, FetchClipboard, StartClipboard, StopClipboard
from policy.decision import Reason
from policy.permissions import Direction, Permission
from wire.errors import PeerMisbehaved
from wire.limits import CLIPBOARD_TEXT_MAX
from wire.schema import MalformedMessage
from wire.sealed.clipboard import ClipboardMissing, decode_fetch, encode_missing, encode_text, records_of
from wire.sealed.plain_text import cleaned


class ClipboardFromHost(Ability):
    """The lane of one grant."""

    def __init__(self) -> None:
        self.grant = 0
        self._newest = -1
        self._wanted: int | None = None
        """What the technician asks for and has no answer to yet."""

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        return host.ClipboardOpened(session_id=session_id, ask=grant, permission=Permission.CLIPBOARD_FROM_HOST)

    @override
    def begin(self, grant: int) -> tuple[StartClipboard, ...]:
        self.grant, self._newest, self._wanted = grant, -1, None
        return self.again()

    @override
    def paused(self) -> tuple[StopClipboard, ...]:
        return (StopClipboard(self.grant),)

    @override
    def again(self) -> tuple[StartClipboard, ...]:
        return (StartClipboard(self.grant, Direction.TO_TECHNICIAN),)

    @override
    def end(self) -> tuple[StopClipboard, ...]:
        grant, self.grant, self._wanted = self.grant, 0, None
        return (StopClipboard(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        return host.ClipboardClosed(session_id=session_id, ask=grant, permission=Permission.CLIPBOARD_FROM_HOST, reason=reason)

    def fetch(self, plain: bytes) -> FetchClipboard:
        """The technician asks. A newer request takes the place of one that has no answer yet. Raises PeerMisbehaved."""
        try:
            number = decode_fetch(plain)
        except MalformedMessage:
            raise PeerMisbehaved("a request for the clipboard that cannot be read") from None
        if number <= self._newest:
            raise PeerMisbehaved("a request for the clipboard under an old number")
        self._newest = self._wanted = number
        return FetchClipboard(self.grant, number)

    def given(self, said: ClipboardGiven | ClipboardNotGiven) -> tuple[bytes, int] | None:
        """The message for the technician, and how many bytes of text are in it; None where nobody asked."""
        if said.grant != self.grant or said.number != self._wanted:
            return None
        self._wanted = None
        if isinstance(said, ClipboardNotGiven):
            return encode_missing(said.number, ClipboardMissing(said.why)), 0
        text = cleaned(said.text)
        size = len(text.encode())
        if not size:
            return encode_missing(said.number, ClipboardMissing.NOT_TEXT), 0
        if size > CLIPBOARD_TEXT_MAX:
            return encode_missing(said.number, ClipboardMissing.TOO_LONG), 0
        return encode_text(said.number, text), size

    @staticmethod
    def outgoing(message: bytes) -> Iterator[bytes]:
        """The record plaintexts of one message."""
        return records_of(message)
