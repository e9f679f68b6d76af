"""What session and bulk socket of a visit share: the pass comes first, and whoever has none is a stranger."""

from abc import ABC, abstractmethod
from typing import ClassVar

from audit.events.visit import FrameRefused
from broker.core.board import Board
from broker.core.commands import Close, NoteStranger, SignInId, SocketId, StartTimer, Talk, refuse
from broker.core.events import Event, Fired, Opened, Received, Timer
from broker.core.lanes import Relayed
from broker.core.opening import control_message
from broker.core.visit import Visit
from policy.decision import Decision, Deny, Reason
from policy.instant import Instant
from wire.limits import AUTHENTICATION_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import SocketPass


class EndSocket(ABC):
    """One connection. `sign_in` is that of the cookie it came with; a host's comes with none."""

    about: ClassVar[str]
    """What a refusal is about."""

    def __init__(self, board: Board, socket: SocketId, address: str, sign_in: SignInId | None) -> None:
        self._board = board
        self._socket = socket
        self._address = address
        self._sign_in = sign_in
        self.role = EndRole.HOST if sign_in is None else EndRole.CONSOLE
        self.visit: Visit | None = None

    @property
    def proven(self) -> bool:
        """Has a right pass been given?"""
        return self.visit is not None

    @abstractmethod
    def peer(self) -> SocketId | None:
        """The same socket of the other end."""

    @abstractmethod
    def judge(self, data: bytes, now: Instant) -> tuple[Relayed, SocketId | None]:
        """The fast path for SEALED frames: what becomes of it, and to whom it goes. The shell hands back MISBEHAVED as an event."""

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event."""
        match event:
            case Opened():
                yield StartTimer(self._socket, Timer.AUTHENTICATION, AUTHENTICATION_SECONDS)
            case Received(data):
                yield from self._received(data, now)
            case Fired(timer):
                if self.visit is None:
                    yield from self._turn_away(Reason.PASS_INVALID)
                else:
                    yield from self._fired(self.visit, timer, now)
            case _:
                if self.visit is not None:
                    yield from self._closed(self.visit, now)

    def _enter(self, data: bytes, now: Instant) -> Talk:
        """The first message is the pass, once. Raises MalformedMessage."""
        offered = control_message(data, SocketPass)
        visit = self._board.visits.get(offered.session_id)
        # The console's pass works only with the cookie that was admitted, the host's only without any.
        foreign = visit is None or (self._sign_in is not None and self._sign_in != visit.sign_in)
        if visit is None or foreign or isinstance(self._take(visit, offered.socket_pass, now), Deny):
            yield from self._turn_away(Reason.PASS_INVALID)
            return
        self.visit = visit
        yield from self._entered(visit, now)

    def _turn_away(self, reason: Reason) -> Talk:
        yield refuse(self._socket, self.about, reason)
        yield Close(self._socket, reason)
        yield NoteStranger(self._address, FrameRefused(subject=self._address, reason=reason, what=self.about))

    @abstractmethod
    def _take(self, visit: Visit, socket_pass: bytes, now: Instant) -> Decision:
        """Is this its pass? It is used up with that."""

    @abstractmethod
    def _entered(self, visit: Visit, now: Instant) -> Talk:
        """The pass was right."""

    @abstractmethod
    def _received(self, data: bytes, now: Instant) -> Talk:
        """One frame."""

    @abstractmethod
    def _fired(self, visit: Visit, timer: Timer, now: Instant) -> Talk:
        """A deadline passed."""

    @abstractmethod
    def _closed(self, visit: Visit, now: Instant) -> Talk:
        """It is gone."""
