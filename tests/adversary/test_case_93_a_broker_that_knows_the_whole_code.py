"""Case 93, and the host's part of 67: a broker that knows the whole support code still cannot get between the ends.

It can run the key agreement with either end, because it has the code. It has no key of a technician, so the host asks
nobody; it cannot splice, reflect or replay what an honest technician signed, because each signature covers the transcript.
"""

from dataclasses import replace

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.events import Fired, Timer
from host_client.link import ShowPrompt, StartCapture, StopCapture
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import HOST, SESSION, TECHNICIAN, Far, Stage
from trust.signatures import Ed25519Signer
from wire.messages.ledger import Answer, Answered, AnsweredBy
from wire.messages.session import SessionOver
from wire.schema import decode
from wire.sealed.identities import LABELS, identity_of
from wire.sealed.inner import SessionIdentity, SessionRole
from wire.statements import Label

pytestmark = pytest.mark.adversary
BROKERS_OWN = Ed25519Signer(b"b" * 32)


def met() -> tuple[Stage, Far]:
    """The broker itself, in the technician's place, with the right code."""
    stage = Stage()
    stage.online()
    far = stage.admitted()
    far.agree()
    return stage, far


def nobody_was_asked(stage: Stage) -> None:
    assert not stage.told(ShowPrompt)
    assert not stage.told(StartCapture)
    assert not stage.logged(log.IdentityProven)
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.IDENTITY_NOT_PROVEN


def test_it_signs_with_its_own_key() -> None:
    stage, far = met()
    far.identify(BROKERS_OWN)
    nobody_was_asked(stage)


def test_it_replays_what_the_technician_signed_for_another_agreement() -> None:
    _, honest = met()
    stage, far = met()
    assert honest.agreed is not None
    other = identity_of(SessionRole.TECHNICIAN, honest.about, honest.agreed)
    far.whisper(SessionIdentity(stage.device.sign(LABELS[SessionRole.TECHNICIAN], replace(other, transcript=bytes(32)))))
    nobody_was_asked(stage)


def test_it_reflects_the_hosts_own_identity() -> None:
    helped = Stage()
    helped.online()
    far = helped.sealed()
    reflected = decode(far.opened()[0][1], SessionIdentity)
    stage, between = met()
    between.whisper(reflected)
    nobody_was_asked(stage)


def test_it_uses_what_the_technician_signed_for_another_purpose() -> None:
    stage, far = met()
    assert far.agreed is not None
    own = identity_of(SessionRole.TECHNICIAN, far.about, far.agreed)
    far.whisper(SessionIdentity(stage.device.sign(Label.DEVICE_HELLO, own)))
    nobody_was_asked(stage)


def test_it_injects_an_answer_of_allow_and_nothing_starts() -> None:
    stage = Stage()
    stage.online()
    far = stage.sealed()
    by = AnsweredBy("lab", "c1", "")
    allow = Answered(SESSION, 1, TECHNICIAN, HOST, Permission.VIEW, Answer.ALLOW, None, bytes(32), "en", by, 3600, 0)
    far.state(Label.ANSWERED, allow, BROKERS_OWN)
    assert not stage.told(StartCapture)
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED


def test_it_withholds_the_end_and_the_lease_of_an_honest_one_runs_out() -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    stage.hears(SessionOver("s-other", EndCause.SIGNED_OUT))
    assert stage.core.visit is not None
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopCapture), "suspended at once"
    stage.give(Fired(Timer.LEASE))
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.LEASE_EXPIRED
