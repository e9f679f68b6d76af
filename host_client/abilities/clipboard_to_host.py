"""Text of the technician goes into the clipboard of this PC: put there on an explicit word of the technician, and never typed.

technician -> guardian -> desk    PUT, joined from records of at most 64 KiB
desk -> guardian -> technician    DONE: it is there, or it could not be put there

When the grant is over, what is still in the clipboard of it is taken out again (host_client/desk/qt/clipboard.py).
"""

from typing_extensions import override

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.core.ports import Seat
from host_client.link import ClipboardPut, StartClipboard, StopClipboard
from policy.decision import Reason
from policy.permissions import Direction, Permission
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.sealed.clipboard import ClipboardText, Parts, PutOutcome, decode_put, encode_done


class ClipboardToHost(Ability):
    """The lane of one grant."""

    def __init__(self) -> None:
        self.grant = 0
        self._parts = Parts()
        self._newest = -1
        self._open: set[int] = set()
        """Numbers that the desk has not answered yet."""

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        return host.ClipboardOpened(session_id=session_id, ask=grant, permission=Permission.CLIPBOARD_TO_HOST)

    @override
    def begin(self, grant: int) -> tuple[StartClipboard, ...]:
        self.grant, self._parts, self._newest, self._open = grant, Parts(), -1, set()
        return self.again()

    @override
    def paused(self) -> tuple[StopClipboard, ...]:
        return (StopClipboard(self.grant),)

    @override
    def again(self) -> tuple[StartClipboard, ...]:
        self._parts = Parts()  # what was cut off does not go on
        return (StartClipboard(self.grant, Direction.TO_HOST),)

    @override
    def end(self) -> tuple[StopClipboard, ...]:
        grant, self.grant = self.grant, 0
        return (StopClipboard(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        return host.ClipboardClosed(session_id=session_id, ask=grant, permission=Permission.CLIPBOARD_TO_HOST, reason=reason)

    def take(self, plain: bytes) -> ClipboardText | None:
        """One record; the whole text with its last. Raises PeerMisbehaved."""
        try:
            whole = self._parts.add(plain)
            put = decode_put(whole) if whole is not None else None
        except MalformedMessage:
            raise PeerMisbehaved("text for the clipboard that cannot be read") from None
        if put is None:
            return None
        if put.number <= self._newest:
            raise PeerMisbehaved("text for the clipboard under an old number")
        self._newest = put.number
        self._open.add(put.number)
        return put

    def refused(self, number: int) -> bytes:
        """It was not put anywhere."""
        self._open.discard(number)
        return encode_done(number, PutOutcome.REFUSED)

    def answer(self, said: ClipboardPut) -> bytes | None:
        """What the technician hears of the desk's word; nothing where nothing was asked."""
        if said.grant != self.grant or said.number not in self._open:
            return None
        self._open.discard(said.number)
        return encode_done(said.number, PutOutcome.DONE if said.done else PutOutcome.REFUSED)
