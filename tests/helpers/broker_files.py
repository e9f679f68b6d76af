"""A visit at the broker's table in which a file was allowed, and its bulk sockets."""

from typing import Any

from broker.core.bulk_socket import BulkSocket
from broker.core.commands import Close, SignInId, SocketId
from broker.core.events import Opened
from policy.permissions import Lane
from tests.helpers.broker_core import SIGN_IN, Meeting, Table, control, messages, one
from wire.frames import RecordHeader
from wire.messages.presence import EndRole
from wire.messages.session import BulkOffered, BulkOpened, SocketPass


def record(lane: Lane, grant: int, plain: int = 10) -> bytes:
    return RecordHeader(lane, grant, 0, 0).encode() + bytes(plain + 16)


class Files:
    """A visit in which a file was allowed, and both bulk sockets."""

    def __init__(self) -> None:
        self.meeting: Meeting = Table().meet()
        self.table = self.meeting.table
        self.meeting.view()
        self.passes = self.of(self.meeting.file())
        self.host, self.console = self.socket(None), self.socket(SIGN_IN)

    def of(self, commands: list[object]) -> dict[EndRole, bytes]:
        """The pass that each end got."""
        sockets = {EndRole.HOST: self.meeting.host_end, EndRole.CONSOLE: self.meeting.console_end}
        return {role: one(commands, BulkOffered, end._socket).bulk_pass for role, end in sockets.items()}

    def socket(self, sign_in: SignInId | None) -> BulkSocket:
        core = BulkSocket(self.table.board, self.table.socket(), "192.0.2.3", sign_in)
        self.table.run(core, Opened())
        return core

    def enter(self, core: BulkSocket) -> list[object]:
        return self.table.run(core, control(SocketPass(self.meeting.visit.session_id, self.passes[core.role])))

    def joined(self) -> "Files":
        self.enter(self.host)
        self.enter(self.console)
        return self


def opened(commands: list[Any]) -> list[tuple[SocketId, int]]:
    return [(command.to, said.ask) for command in commands for said in messages([command], BulkOpened)]


def closed(commands: list[object]) -> set[SocketId]:
    return {each.socket for each in commands if isinstance(each, Close)}
