"""Files at the host's core: what the technician's end and the desk do with one, by the byte.

moving = Transfer.begun(b"content")     view is granted, the file asked for and allowed, a bulk socket joined
moving.send(b"con")                     a piece of its stream
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from host_client.core.commands import Command, OpenBulk, SendBulk, Tell
from host_client.core.events import BulkClosed, BulkReceived
from host_client.link import Given, PromptAnswered, ShowPrompt
from host_client.link_files import FileWritten
from host_client.link_frames import FilePiece
from policy.permissions import Lane, Permission
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.views import rules
from wire.commitments import commitment
from wire.frames import Frame, FrameKind, split_frame
from wire.messages.ledger import FileCommitted, size_class
from wire.messages.session import BulkOffered, BulkOpened
from wire.schema import decode, encode
from wire.sealed.files import Ack, Data, FileEntry, decode_ack, encode_data, encode_manifest
from wire.sealed.inner import AskWords, FileOver, FileWords

KEY = b"f" * 32
EACH = '[visits]\nfiles_ask = "each"\n'
ALL = '[visits]\nfiles_ask = "session"\n'


def words_of(content: bytes, name: str = "method.bin") -> FileWords:
    """A file, as the technician names it."""
    return FileWords(name, folder=False, files=1, size=len(content), manifest=0, digest=sha256(content).digest(), key=KEY)


def folder_of(files: dict[str, bytes], name: str = "run") -> tuple[FileWords, bytes]:
    """A folder as the technician names it, and its whole stream."""
    entries = tuple(FileEntry(path, len(content), sha256(content).digest()) for path, content in files.items())
    manifest = encode_manifest(entries)
    size = sum(map(len, files.values()))
    words = FileWords(name, True, len(files), size, len(manifest), sha256(manifest).digest(), KEY)
    return words, manifest + b"".join(files.values())


def committed(words: FileWords) -> FileCommitted:
    """What the broker may know of it."""
    names = commitment(words.key, words.name), commitment(words.key, words.digest.hex())
    return FileCommitted(*names, size_class(words.size + words.manifest))


def ask_file(far: Far, words: FileWords, **changed: Any) -> list[Command]:
    """Ask for a file to the host."""
    number = far.asks + 1
    far.whisper(AskWords(number, b"k" * 32, "please", words))
    far.asks = number
    values: dict[str, Any] = {"file": committed(words)} | changed
    return far.state_asked(number, Permission.FILE_TO_HOST, "please", **values)


def renew(far: Far, grant: int) -> None:
    """The technician's end of a bulk lane goes on over another socket."""
    at = (Lane.FILE_TO_HOST, grant)
    if at in far.sealers:
        far.sealers[at].renew(0.0)
    if at in far.openers:
        far.openers[at].renewed()


def allowing_all() -> Stage:
    """A vendor that lets the person allow all files at once."""
    stage = Stage()
    everything = '[[allow]]\nname = "all"\npermissions = ["view", "control", "file_to_host"]\n[visits]\nfiles_ask = "session"\n'
    stage.online(stage.papers(vendor_policy=rules("vendor", everything)))
    return stage


@dataclass
class Transfer:
    """One file that was allowed."""

    stage: Stage
    far: Far
    words: FileWords
    stream: bytes
    ask: int
    sent: int = 0

    @classmethod
    def begun(cls, content: bytes = b"content", words: FileWords | None = None, stage: Stage | None = None) -> "Transfer":
        """Asked for, allowed, and carried by a bulk socket."""
        if stage is None:
            stage = Stage()
            stage.online()
        far = stage.viewing()
        made = cls(stage, far, words or words_of(content), content, 0)
        made.again()
        return made

    def again(self, given: Given = Given.ALLOW) -> None:
        """Ask, allow, carry."""
        ask_file(self.far, self.words)
        self.ask = self.far.asks
        if self.stage.told(ShowPrompt):
            self.stage.wait(1.5)
            self.stage.says(PromptAnswered(self.ask, given))
        self.carried()

    def carried(self) -> Ack:
        """The broker offers a socket and both ends join it; from where the host wants the file."""
        self.far.control(BulkOffered(SESSION, bytes(32), 30))
        assert [each for each in self.stage.did if isinstance(each, OpenBulk)]
        renew(self.far, self.ask)
        self.bulk(FrameKind.CONTROL, encode(BulkOpened(SESSION, self.ask)))
        (ack,) = self.acks()
        self.sent = ack.offset
        return ack

    def bulk(self, kind: FrameKind, body: bytes) -> list[Command]:
        """One frame on the bulk socket."""
        return self.stage.give(BulkReceived(SESSION, Frame(kind, body).encode()))

    def piece(self, offset: int, content: bytes) -> list[Command]:
        """Any piece."""
        return self.bulk(FrameKind.SEALED, self.far.seal(Lane.FILE_TO_HOST, self.ask, encode_data(Data(offset, content))))

    def send(self, content: bytes) -> list[Command]:
        """The next piece."""
        did = self.piece(self.sent, content)
        self.sent += len(content)
        return did

    def send_all(self) -> list[Command]:
        """Everything that is left, in one piece."""
        return self.send(self.stream[self.sent :])

    def cut(self) -> list[Command]:
        """The bulk socket is lost."""
        return self.stage.give(BulkClosed(SESSION))

    def wrote(self, size: int) -> list[Command]:
        """The desk has written so much."""
        return self.stage.says(FileWritten(self.ask, size))

    def acks(self) -> list[Ack]:
        """What the host acknowledged in its last answer."""
        frames = [split_frame(each.frame) for each in self.stage.did if isinstance(each, SendBulk)]
        return [decode_ack(plain) for _, plain in self.far.open(frames)]

    def pieces(self) -> list[bytes]:
        """Contents that the desk was given by the last event."""
        return [each.said.content for each in self.stage.did if isinstance(each, Tell) and isinstance(each.said, FilePiece)]

    def over(self) -> list[FileOver]:
        """What the technician was told of the file by the last event."""
        return [decode(plain, FileOver) for lane, plain in self.far.opened() if lane is Lane.CONTROL and b'"file_over"' in plain]
