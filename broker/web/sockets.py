"""The four WebSocket routes: checked before they are accepted, then read one frame at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.websockets import WebSocket

from broker.core.bulk_socket import BulkSocket
from broker.core.commands import SignInId, SocketId
from broker.core.console_control import ConsoleControl
from broker.core.end_socket import EndSocket
from broker.core.events import Closed, Opened, Received
from broker.core.host_control import HostControl
from broker.core.lanes import Relayed
from broker.core.session_socket import SessionSocket
from broker.web.door import address_of, cookie_hash, from_console, from_machine, refusal
from broker.web.line import Line
from broker.web.protocol import ABORT
from broker.web.shell import Core, Shell
from policy.decision import Deny, Reason
from policy.roles import Operation, Role, may
from wire.frames import FrameKind


@dataclass(slots=True)
class Sockets:
    """The routes of sockets."""

    shell: Shell
    console_origin: str

    async def host(self, websocket: WebSocket) -> None:
        """A host's control socket: no browser, no cookie."""
        if not from_machine(websocket):
            await self._refuse(websocket, Reason.ORIGIN_REFUSED)
            return
        await self._serve(websocket, lambda socket, address: HostControl(self.shell.board, socket, address))

    async def console(self, websocket: WebSocket) -> None:
        """A technician's control socket: the console's pages, with a live sign-in."""
        if not from_console(websocket, self.console_origin):
            await self._refuse(websocket, Reason.ORIGIN_REFUSED)
            return
        account = await self._allowed(websocket, Operation.CONSOLE_CONNECT)
        if account is None:
            return
        sign_in, owner, role = account
        await self._serve(websocket, lambda socket, address: ConsoleControl(self.shell.board, socket, address, sign_in, owner, role))

    async def session(self, websocket: WebSocket) -> None:
        """One end of a visit."""
        await self._end_of_visit(websocket, SessionSocket)

    async def bulk(self, websocket: WebSocket) -> None:
        """One end of a visit's files."""
        await self._end_of_visit(websocket, BulkSocket)

    async def _end_of_visit(self, websocket: WebSocket, core: type[EndSocket]) -> None:
        """A browser comes with the console's Origin and its cookie, a host with neither."""
        if from_machine(websocket):
            sign_in = None
        elif from_console(websocket, self.console_origin):
            account = await self._allowed(websocket, Operation.VISIT_JOIN)
            if account is None:
                return
            sign_in = account[0]
        else:
            await self._refuse(websocket, Reason.ORIGIN_REFUSED)
            return
        await self._serve(websocket, lambda socket, address: core(self.shell.board, socket, address, sign_in))

    async def _allowed(self, websocket: WebSocket, operation: Operation) -> tuple[SignInId, str, Role] | None:
        """The sign-in, account and role of a browser that may come in. None: it was refused. A role lasts as long as its sign-ins."""
        held = cookie_hash(websocket)
        row = await self.shell.store.sign_ins.by_token(held, self.shell.clock().utc) if held is not None else None
        account = await self.shell.store.accounts.by_id(row.technician_id) if row is not None else None
        if row is None or account is None:
            await self._refuse(websocket, Reason.NOT_SIGNED_IN)
            return None
        decided = may(account.role, operation)
        if isinstance(decided, Deny):
            await self._refuse(websocket, decided.reason)
            return None
        return SignInId(row.sign_in_id), account.technician_id, account.role

    async def _refuse(self, websocket: WebSocket, reason: Reason) -> None:
        await self.shell.refused_at_door(address_of(websocket), reason, websocket.url.path)
        await websocket.send_denial_response(refusal("socket", reason))

    # ---- a socket that is accepted

    async def _serve(self, websocket: WebSocket, core_of: Callable[[SocketId, str], Core]) -> None:
        """Accept, unless too many of this address stand at the door already, and serve to the end."""
        socket, address = self.shell.number(), address_of(websocket)
        decided = self.shell.door.enter(address, socket)
        if isinstance(decided, Deny):
            await self._refuse(websocket, decided.reason)
            return
        try:
            await websocket.accept()
            line = Line(socket, websocket, websocket.scope["extensions"][ABORT])
            await self._live(websocket, line, core_of(socket, address), address)
        finally:
            self.shell.door.leave(address, socket)

    async def _live(self, websocket: WebSocket, line: Line, core: Core, address: str) -> None:
        self.shell.add(line, core)
        try:
            await self.shell.happened(line, core, Opened())
            await self._read(websocket, line, core, address)
        finally:
            try:
                await self.shell.happened(line, core, Closed())
            finally:
                self.shell.drop(line)
                await line.over()

    async def _read(self, websocket: WebSocket, line: Line, core: Core, address: str) -> None:
        relaying = core if isinstance(core, EndSocket) else None
        while (message := await websocket.receive())["type"] == "websocket.receive":
            # A text message is no frame of ours; as an empty one it is refused like any other nonsense.
            data: bytes = message.get("bytes") or b""
            if relaying is not None and data[:1] == _SEALED and await self._relay(relaying, data):
                continue
            await self.shell.happened(line, core, Received(data))
            if core.proven:
                self.shell.door.leave(address, line.id)
            if relaying is not None:
                await self._wait_for_peer(relaying)

    async def _relay(self, core: EndSocket, data: bytes) -> bool:
        """The fast path. False if the frame must be answered by the core."""
        verdict, peer = core.judge(data, self.shell.clock())
        if verdict is Relayed.MISBEHAVED:
            return False
        line = self.shell.lines.get(peer) if peer is not None else None
        if verdict is Relayed.FORWARD and line is not None:
            line.put(data)
            await line.room()
        return True

    async def _wait_for_peer(self, core: EndSocket) -> None:
        peer = core.peer()
        line = self.shell.lines.get(peer) if peer is not None else None
        if line is not None:
            await line.room()


_SEALED = bytes((FrameKind.SEALED,))
