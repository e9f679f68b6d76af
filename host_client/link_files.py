"""What guardian and desk say to each other about files. The guardian seals and checks; the desk touches the person's folders.

FILE   grant u32 | offset u64 | bytes     either way: contents in their order, or the stream of what the person picked
"""

from typing import Annotated

from policy.decision import Reason
from policy.permissions import Permission
from wire.limits import FILE_NAME_MAX, FILE_PATH_MAX, FILE_SIZE_MAX, FILE_WINDOW, FILES_MAX, MANIFEST_MAX
from wire.schema import U32, Hash, Number, Text, message

FileName = Annotated[str, Text(FILE_NAME_MAX, 1)]
Bytes = Annotated[int, Number(0, FILE_SIZE_MAX + MANIFEST_MAX)]


# ---- guardian -> desk


@message("desk.file_begin")
class FileBegin:
    """A file to this PC was allowed: begin it, under no name yet. `size` is that of all its contents."""

    grant: U32
    name: FileName
    folder: bool
    size: Bytes


@message("desk.file_entry")
class FileEntryBegin:
    """The contents that follow are those of this file of the folder."""

    grant: U32
    path: Annotated[str, Text(FILE_PATH_MAX, 1)]


@message("desk.file_keep")
class FileKeep:
    """It is whole and its hash is right: give it its name."""

    grant: U32


@message("desk.file_drop")
class FileDrop:
    """It is over: leave nothing of it, and read nothing more."""

    grant: U32


@message("desk.file_shown")
class FileShown:
    """How far a file is, for the person: `done` of `size` bytes, `left` seconds, 0 while nobody can tell. `waits`: its line was cut."""

    grant: U32
    permission: Permission
    name: FileName
    done: Bytes
    size: Bytes
    rate: Bytes
    left: U32
    waits: bool


@message("desk.file_read")
class FileRead:
    """Send so many bytes of the stream of what the person picked for this grant, from there on."""

    grant: U32
    offset: Bytes
    size: Annotated[int, Number(1, FILE_WINDOW)]


# ---- desk -> guardian


@message("desk.file_picking")
class FilePicking:
    """The person has begun to look for what to send: that takes longer than an answer."""

    ask: U32


@message("desk.file_picked")
class FilePicked:
    """The person picked this file or folder, and its hash is computed; the rest is as in `FileWords`. Nothing is allowed by it.

    `left_out` counts what is in the folder and is no plain file.
    """

    ask: U32
    name: FileName
    folder: bool
    files: Annotated[int, Number(1, FILES_MAX)]
    size: Annotated[int, Number(0, FILE_SIZE_MAX)]
    manifest: Annotated[int, Number(0, MANIFEST_MAX)]
    digest: Hash
    left_out: U32


@message("desk.file_written")
class FileWritten:
    """So many bytes of contents are written."""

    grant: U32
    size: Bytes


@message("desk.file_kept")
class FileKept:
    """It stands under this name."""

    grant: U32
    name: FileName


@message("desk.file_failed")
class FileFailed:
    """It could not be written or read; nothing is left of it."""

    grant: U32
    reason: Reason


@message("desk.file_stop")
class FileStop:
    """The person pressed *Cancel* beside this file."""

    grant: U32
