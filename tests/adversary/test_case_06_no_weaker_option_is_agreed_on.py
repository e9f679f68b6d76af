"""Case 6, at the host: an option struck out or never offered ends in no agreement.

The browser's side of the same is in the console's tests; other protocol versions are refused in the opening (case 5).
"""

from dataclasses import replace

import pytest

from audit.events import visit as both
from host_client.link import ShowPrompt
from policy.session import EndCause
from tests.helpers.host_core import Far, Stage
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind
from wire.messages.handshake import AgreementFailed, AgreementOpen, HostShare
from wire.schema import encode
from wire.sealed.agreement import ConsoleAgreement

pytestmark = pytest.mark.adversary
NONCE, SCALAR = b"n" * 32, b"s" * 32


def admitted() -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    return stage, stage.admitted()


def test_a_choice_that_was_not_offered_ends_the_visit() -> None:
    stage, far = admitted()
    run = ConsoleAgreement(far.about, far.second, far.handshake(AgreementOpen), nonce=NONCE, scalar=SCALAR)
    far.send(FrameKind.HANDSHAKE, encode(replace(run.share(), chosen="WEAKER")))
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED
    assert not stage.told(ShowPrompt)


def test_an_offer_that_was_changed_on_its_way_breaks_the_tags() -> None:
    stage, far = admitted()
    opened = far.handshake(AgreementOpen)
    struck = replace(opened, offered=("STRONGER", *opened.offered))
    run = ConsoleAgreement(far.about, far.second, struck, nonce=NONCE, scalar=SCALAR)
    far.send(FrameKind.HANDSHAKE, encode(run.share()))
    far.send(FrameKind.HANDSHAKE, encode(run.tag(far.handshake(HostShare))))
    assert far.handshake(AgreementFailed).runs_left == 2
    assert not stage.told(ShowPrompt)


def test_a_console_that_is_offered_nothing_it_speaks_begins_no_run() -> None:
    _, far = admitted()
    nothing = replace(far.handshake(AgreementOpen), offered=("WEAKER",))
    with pytest.raises(PeerMisbehaved):
        ConsoleAgreement(far.about, far.second, nothing, nonce=NONCE, scalar=SCALAR)
