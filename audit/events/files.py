"""What the host records of files: begun, whole, done, stopped. Names and hashes stand in the host's log alone; the broker holds
commitments (`visit.py`). No content of a file is in any log.
"""

from audit.events.shape import FileName, Id, Outcome, Small, event
from policy.decision import Reason
from policy.permissions import Permission
from wire.schema import Hash, Seconds


@event("file_begun")
class FileBegun:
    """A file was allowed and may move. For a folder `files` counts its files, `size` is that of all, and `digest` is its manifest's."""

    session_id: Id
    ask: Small
    permission: Permission
    name: FileName
    files: Small
    size: Seconds
    digest: Hash


@event("file_whole")
class FileWhole:
    """All of it is here with the right hash. Written before it gets its name: what is not in the log is not released."""

    session_id: Id
    ask: Small
    permission: Permission
    name: FileName
    digest: Hash


@event("file_done")
class FileDone:
    """It arrived whole. `kept_as` is its name at this PC, empty for one that was sent from here."""

    session_id: Id
    ask: Small
    permission: Permission
    name: FileName
    kept_as: FileName
    size: Seconds
    digest: Hash


@event("file_stopped", Outcome.ENDED)
class FileStopped:
    """It is over before it was whole, after so many bytes; nothing of it is left at the end that received it."""

    session_id: Id
    ask: Small
    permission: Permission
    name: FileName
    moved: Seconds
    digest: Hash
    reason: Reason
