"""The screen is seen: pictures go out under the grant, acknowledgements come back (docs/protocol.md, section 7).

desk -> guardian -> technician    parcels of LAYOUT, PIECE, FRAME_END, cut into records of at most 64 KiB
technician -> guardian -> desk    ACK of a frame: credit for the next
"""

from collections.abc import Iterator

from typing_extensions import override

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.core.ports import Seat
from host_client.link import PictureShown, StartCapture, StopCapture
from host_client.link_masks import EVERYTHING, MaskRule
from policy.decision import Reason
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.sealed.parcel import unpacked
from wire.sealed.screen import FrameEnd, ScreenMessage, decode_ack, decode_picture, records_of


class View(Ability):
    """The screen lane of one grant. Knows which frames went out, and when the first was taken."""

    def __init__(self) -> None:
        self.grant = 0
        self.run = 0
        """Which capture under this grant is wanted, counted from 0: what an earlier one made is shown to nobody any more."""
        self.newest = 0
        """The last frame that went out whole, 0 before the first."""
        self.zero: int | None = None
        """Boot time in microseconds of the first frame: where the session time of input begins."""
        self.masks: tuple[MaskRule, ...] = (EVERYTHING,)
        """What nobody may see. Until somebody has said, that is everything."""

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        return host.CaptureStarted(session_id=session_id, ask=grant, width=seat.width, height=seat.height)

    @override
    def begin(self, grant: int) -> tuple[StartCapture]:
        self.grant, self.run, self.newest, self.zero = grant, 0, 0, None
        return (StartCapture(grant, self.masks, self.run),)

    @override
    def paused(self) -> tuple[StopCapture]:
        """Nothing is captured, and the grant stands."""
        return (StopCapture(self.grant),)

    @override
    def again(self) -> tuple[StartCapture]:
        """The grant still stands: capture from a whole picture. What was captured before, and waits somewhere, is dropped."""
        self.run += 1
        return (StartCapture(self.grant, self.masks, self.run),)

    @override
    def end(self) -> tuple[StopCapture]:
        grant, self.grant = self.grant, 0
        return (StopCapture(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        return host.CaptureStopped(session_id=session_id, ask=grant, reason=reason)

    def outgoing(self, parcel: bytes) -> Iterator[bytes]:
        """The record plaintexts of what the desk sent together. Raises MalformedMessage if it is no parcel, or an end in it is none."""
        for message in unpacked(parcel):
            if message[0] == ScreenMessage.FRAME_END:
                self._ends(message)
        return records_of(parcel)

    def _ends(self, message: bytes) -> None:
        told = decode_picture(message)
        assert isinstance(told, FrameEnd)
        self.newest = max(self.newest, told.frame)  # a desk that begins anew counts from 1, and old frames are still acknowledged
        self.zero = told.boot if self.zero is None else self.zero

    def shown(self, plain: bytes) -> PictureShown:
        """What the technician's acknowledgement means for the desk. Raises PeerMisbehaved."""
        try:
            ack = decode_ack(plain)
        except MalformedMessage:
            raise PeerMisbehaved("an acknowledgement that cannot be read") from None
        if ack.frame > self.newest:
            raise PeerMisbehaved("an acknowledgement of a frame that was never sent")
        return PictureShown(self.grant, ack.frame, ack.worked)
