"""Files from the instrument without a browser and without a disk: real broker and guardian, and a test that is both ends.

fetching = await fetch(place, visit, content)     asked for, picked, allowed; the bulk socket joined and opened
await fetching.ack(0, 4096)                       the technician's end wants so much
await fetching.data()                             what came of it, once the desk gave it
"""

from dataclasses import dataclass, field

from host_client.link import ShowPrompt
from host_client.link_files import FileRead
from host_client.link_frames import FilePiece, piece_frame
from policy.permissions import Lane, Permission
from tests.helpers.broker_process import ORIGIN
from tests.helpers.ends import Wire, dial
from tests.helpers.host_leaving import picked
from tests.helpers.host_transfer import words_of
from tests.helpers.scripted_console import ScriptedVisit
from tests.helpers.visit_place import Place
from wire.frames import FrameKind
from wire.messages.session import BulkOpened, SocketPass
from wire.sealed.files import Ack, Data, decode_data, encode_ack

LANE = Lane.FILE_FROM_HOST


@dataclass
class Fetching:
    """One file that was picked and allowed, at the technician's end."""

    visit: ScriptedVisit
    wire: Wire
    ask: int
    content: bytes
    socket_pass: bytes
    got: bytearray = field(default_factory=bytearray)

    async def carried(self) -> None:
        """Both ends are on another bulk socket."""
        self.socket_pass = await offered(self.visit)
        self.wire = await bulk_socket(self.visit, self.socket_pass)

    async def say(self, plain: bytes, lane: Lane = LANE) -> None:
        """Any record on the bulk socket."""
        await self.wire.send(FrameKind.SEALED, self.visit.seal(lane, self.ask, plain))

    async def ack(self, offset: int, window: int) -> None:
        """How far it is, and how much more is wanted."""
        await self.say(encode_ack(Ack(offset, window)))

    async def data(self) -> Data:
        """The next piece."""
        _, plain = self.visit.open((await self.wire.frame()).body)
        data = decode_data(plain)
        self.got[data.offset :] = data.content
        return data

    def piece(self, offset: int, size: int) -> bytes:
        """How the desk says what it read there."""
        return piece_frame(FilePiece(self.ask, offset, self.content[offset : offset + size]))


async def offered(visit: ScriptedVisit) -> bytes:
    """The pass of the bulk socket, once the file was allowed."""
    while not visit.offers:
        await visit.turn()
    return visit.offers.pop().bulk_pass


async def fetch(place: Place, visit: ScriptedVisit, content: bytes) -> Fetching:
    """The technician asks, the person picks this and allows it; both ends are on the bulk socket."""
    ask = await visit.request(Permission.FILE_FROM_HOST)
    await place.desk.until(ShowPrompt)
    place.desk.say(picked(words_of(content, "run.csv"), ask))
    await place.allow()
    socket_pass = await offered(visit)
    return Fetching(visit, await bulk_socket(visit, socket_pass), ask, content, socket_pass)


async def bulk_socket(visit: ScriptedVisit, socket_pass: bytes) -> Wire:
    """The technician's end of a bulk socket, once the host's is there too."""
    wire = await dial(visit.console.broker, "/bulk", origin=ORIGIN, cookie=visit.console.cookie)
    await wire.say(SocketPass(visit.about.session_id, socket_pass))
    await wire.until(BulkOpened)
    return wire


async def read(place: Place) -> FileRead:
    """What the desk is told to read next."""
    return await place.desk.until(FileRead)
