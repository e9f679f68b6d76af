"""Files from the host at its core: what the technician's end and the desk do with one, by the byte.

leaving = Leaving.begun(b"content")     view is granted, a file asked for, picked and allowed, a bulk socket joined
leaving.ack(0, 100)                     the technician's end wants so much; what left is in `leaving.got`
"""

from dataclasses import dataclass, field, replace

from host_client.core.commands import Command, OpenBulk, Tell
from host_client.core.events import BulkClosed, BulkReceived
from host_client.link import Given, PromptAnswered
from host_client.link_files import FilePicked, FileRead
from host_client.link_frames import FilePiece
from policy.permissions import Lane, Permission
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_transfer import words_of
from wire.frames import Frame, FrameKind, split_frame
from wire.messages.session import BulkOffered, BulkOpened
from wire.schema import decode, encode
from wire.sealed.files import Ack, Data, decode_data, encode_ack
from wire.sealed.inner import AnswerWords, FileOver, FileWords

LANE = Lane.FILE_FROM_HOST


def picked(words: FileWords, ask: int, left_out: int = 0) -> FilePicked:
    """How the desk tells what was picked."""
    return FilePicked(ask, words.name, words.folder, words.files, words.size, words.manifest, words.digest, left_out)


@dataclass
class Leaving:
    """One file that was picked and allowed."""

    stage: Stage
    far: Far
    words: FileWords
    stream: bytes
    ask: int = 0
    got: bytearray = field(default_factory=bytearray)
    piece: int = 60_000
    """How much the desk reads at a time."""

    @classmethod
    def begun(cls, stream: bytes = b"content", words: FileWords | None = None, stage: Stage | None = None) -> "Leaving":
        """Asked for, picked, allowed, and carried by a bulk socket."""
        if stage is None:
            stage = Stage()
            stage.online()
        made = cls(stage, stage.viewing(), words or words_of(stream, "run.csv"), stream)
        made.again()
        return made

    def again(self) -> None:
        """Ask, pick, allow, carry."""
        self.far.ask(Permission.FILE_FROM_HOST)
        self.ask = self.far.asks
        self.stage.says(picked(self.words, self.ask))
        self.stage.wait(1.5)
        self.stage.says(PromptAnswered(self.ask, Given.ALLOW))
        self.got.clear()
        self.carried()

    def told(self) -> FileWords:
        """What the technician's end was told of it, by the last event."""
        (said,) = (decode(plain, AnswerWords) for lane, plain in self.far.opened() if lane is Lane.CONTROL and b'"answer_words"' in plain)
        assert said.file is not None
        return replace(said.file)

    def carried(self) -> None:
        """The broker offers a socket and both ends join it."""
        self.far.control(BulkOffered(SESSION, bytes(32), 30))
        assert [each for each in self.stage.did if isinstance(each, OpenBulk)]
        for ends in (self.far.sealers, self.far.openers):
            at = (LANE, self.ask)
            if at in ends:
                ends[at].renew(0.0) if ends is self.far.sealers else ends[at].renewed()  # type: ignore[union-attr]
        self.bulk(FrameKind.CONTROL, encode(BulkOpened(SESSION, self.ask)))

    def bulk(self, kind: FrameKind, body: bytes) -> list[Command]:
        """One frame on the bulk socket; the desk reads what it is then told to."""
        did = self.stage.give(BulkReceived(SESSION, Frame(kind, body).encode()))
        self.read()
        return did

    def ack(self, offset: int, window: int) -> list[Command]:
        """The technician's end has so much, and takes more."""
        return self.bulk(FrameKind.SEALED, self.far.seal(LANE, self.ask, encode_ack(Ack(offset, window))))

    def wanted(self) -> list[FileRead]:
        """What the desk was told to read by the last event."""
        return [each.said for each in self.stage.did if isinstance(each, Tell) and isinstance(each.said, FileRead)]

    def read(self) -> None:
        """The desk reads what it was told to."""
        for each in self.wanted():
            for at in range(each.offset, each.offset + each.size, self.piece):
                self.gave(FilePiece(each.grant, at, self.stream[at : min(at + self.piece, each.offset + each.size)]))

    def gave(self, piece: FilePiece) -> list[Data]:
        """The desk gives a piece; what left of it, taken by the technician's end in its order."""
        visit = self.stage.core.visit
        assert visit is not None
        frames = [split_frame(each) for each in visit.piece(piece, self.stage.now)]
        left = [decode_data(plain) for _, plain in self.far.open(frames)]
        for data in left:
            self.got[data.offset :] = data.content
        return left

    def cut(self) -> list[Command]:
        """The bulk socket is lost."""
        return self.stage.give(BulkClosed(SESSION))

    def says(self, over: FileOver) -> list[Command]:
        """The technician's end says what became of it."""
        return self.far.whisper(over)

    def whole(self) -> list[Command]:
        """It is all there, and right."""
        return self.says(FileOver(self.ask, None))
