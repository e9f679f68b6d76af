"""Case 68: no key meets a nonce twice, however often a line is cut, and what was sealed before a cut is worth nothing after it.

Mutations tried, each fails a test here: the host goes on with the seals of before a return; its new seals come from the old secret; both
ends arrive at the old secret again; the sequence of a lane is not counted up.
"""

from collections import Counter
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.events import visit as both
from host_client.core.events import SessionClosed, SessionOpened
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_visit import batch, cause, controlled, drawn, since
from wire.frames import FrameKind
from wire.messages.handshake import RenewalOpen, RenewalTag
from wire.messages.session import PeerPresent, ReconnectOffered
from wire.schema import encode
from wire.sealed import records
from wire.sealed.renewal import ConsoleRenewal

pytestmark = pytest.mark.adversary
CUTS = 6


class Watched:
    """AES-GCM that remembers with which key and nonce it sealed."""

    sealed: ClassVar[Counter[tuple[bytes, bytes]]] = Counter()

    def __init__(self, key: bytes) -> None:
        self._key, self._cipher = key, AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        Watched.sealed[self._key, nonce] += 1
        return self._cipher.encrypt(nonce, data, aad)

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self._cipher.decrypt(nonce, data, aad)


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    Watched.sealed = Counter()
    monkeypatch.setattr(records, "AESGCM", Watched)


def come_back(stage: Stage, far: Far) -> None:
    """Cut and back. The console draws what it drew before: the worst entropy that there is."""
    stage.give(SessionClosed(SESSION))
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    stage.give(SessionOpened(SESSION))
    far.control(PeerPresent(SESSION))
    assert far.agreed is not None
    renewal = ConsoleRenewal(far.about, far.agreed, far.handshake(RenewalOpen), nonce=b"n" * 32, scalar=b"c" * 32)
    far.agreed = None
    far.send(FrameKind.HANDSHAKE, encode(renewal.share()))
    far.agreed = renewal.confirm(far.handshake(RenewalTag))
    far.sealers.clear()
    far.openers.clear()
    far.identify()


def use(stage: Stage, far: Far, frame: int) -> None:
    """Every lane that there is, both ways."""
    drawn(stage, frame)
    stage.wait(1)
    far.record(Lane.INPUT, 2, batch(stage, since(stage), picture=1))
    far.ask(Permission.VIEW)


def test_over_many_cuts_every_key_meets_a_nonce_once() -> None:
    stage, far = controlled()
    for number in range(CUTS):
        use(stage, far, number + 2)
        come_back(stage, far)
    assert stage.logged(both.SessionEnded) == []
    assert len(Watched.sealed) > 10 * CUTS
    assert set(Watched.sealed.values()) == {1}
    assert len({key for key, _ in Watched.sealed}) >= 4 * CUTS


@pytest.mark.parametrize("lane", [Lane.INPUT, Lane.CONTROL])
def test_a_record_from_before_the_cut_opens_nothing_after_it(lane: Lane) -> None:
    stage, far = controlled()
    kept = far.seal(lane, 2 if lane is Lane.INPUT else 0, batch(stage, since(stage)) if lane is Lane.INPUT else b"{}")
    come_back(stage, far)
    did: list[Any] = far.send(FrameKind.SEALED, kept)
    assert did
    assert cause(stage) is EndCause.PEER_MISBEHAVED
