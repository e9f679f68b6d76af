"""The clipboard lanes of one visit at work: what the technician puts or asks for, what the desk answers.

Each text is an entry, with its size alone, before it goes: into this PC's clipboard, or out of it. Where the entry cannot be written
nothing goes. While the visit is paused or its screen is away nothing goes either, and no more often than a hand can ask; the
technician hears so.
"""

from audit.events import host
from host_client.abilities import ClipboardFromHost, ClipboardToHost
from host_client.core.commands import Record, SendSession, Talk, Tell
from host_client.core.standing import Proven, Standing
from host_client.link import ClipboardGiven, ClipboardNotGiven, ClipboardPut, PutClipboard
from policy.instant import Instant
from policy.permissions import Lane, Permission
from wire.budget import Budget
from wire.limits import CLIPBOARD_TEXTS_PER_MINUTE
from wire.sealed.clipboard import ClipboardMissing, encode_missing

OfTheClipboard = ClipboardPut | ClipboardGiven | ClipboardNotGiven


class Clipboards:
    """Both directions."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._asked = Budget(CLIPBOARD_TEXTS_PER_MINUTE)

    @property
    def _into(self) -> ClipboardToHost:
        into = self._standing.abilities[Permission.CLIPBOARD_TO_HOST]
        assert isinstance(into, ClipboardToHost)
        return into

    @property
    def _out(self) -> ClipboardFromHost:
        out = self._standing.abilities[Permission.CLIPBOARD_FROM_HOST]
        assert isinstance(out, ClipboardFromHost)
        return out

    def put(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        """One record of a text for this PC's clipboard."""
        into, put = self._into, self._into.take(plain)
        if put is None:
            return
        grant, seals = into.grant, proven.seals
        passed = self._may_go(now) and (yield self._entry(Permission.CLIPBOARD_TO_HOST, grant, len(put.text.encode())))
        if into.grant != grant or proven.seals is not seals:
            return  # taken back, or the line was cut, while the entry was written
        if passed:
            yield Tell(PutClipboard(grant, put.number, put.text))
        else:
            yield SendSession(seals.seal(Lane.CLIPBOARD_TO_HOST, grant, into.refused(put.number), now))

    def fetch(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        """The technician asks for what was copied."""
        wanted = self._out.fetch(plain)
        if self._may_go(now):
            yield Tell(wanted)
        else:
            yield from self._give(ClipboardNotGiven(wanted.grant, wanted.number, int(ClipboardMissing.NOT_SENT)), proven, now)

    def desk(self, said: OfTheClipboard, now: Instant) -> Talk:
        """The desk answers. What answers no question of a live grant is nothing."""
        standing = self._standing
        if standing.proven is None or standing.stopping or not said.grant:
            return
        if isinstance(said, ClipboardPut):
            answer = self._into.answer(said)
            if answer is not None:
                yield SendSession(standing.proven.seals.seal(Lane.CLIPBOARD_TO_HOST, said.grant, answer, now))
        elif not standing.halted and standing.away is None:
            yield from self._give(said, standing.proven, now)

    def _give(self, said: ClipboardGiven | ClipboardNotGiven, proven: Proven, now: Instant) -> Talk:
        given = self._out.given(said)
        if given is None:
            return
        message, size = given
        seals = proven.seals
        if size and not (yield self._entry(Permission.CLIPBOARD_FROM_HOST, said.grant, size)):
            message = encode_missing(said.number, ClipboardMissing.NOT_SENT)
        if self._out.grant != said.grant or proven.seals is not seals:
            return  # taken back, or the line was cut, while the entry was written
        for plain in self._out.outgoing(message):
            yield SendSession(seals.seal(Lane.CLIPBOARD_FROM_HOST, said.grant, plain, now))

    def _may_go(self, now: Instant) -> bool:
        standing = self._standing
        return not standing.halted and standing.away is None and self._asked.spend(1, now.boot)

    def _entry(self, permission: Permission, grant: int, size: int) -> Record:
        return Record((host.ClipboardPassed(session_id=self._standing.session_id, ask=grant, permission=permission, size=size),))
