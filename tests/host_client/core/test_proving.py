"""Key agreement and identities at the host: every run counts, and nobody is asked anything before both are right."""

from dataclasses import replace

from audit.events import host as log
from audit.events import visit as both
from host_client.core.agreement import Returning
from host_client.core.commands import CloseSession
from host_client.core.events import Fired, SessionClosed, SessionOpened, Timer
from host_client.link import BannerState, EndPressed, ShowAttempt, ShowBanner, ShowCode, ShowCodeOver, ShowPrompt
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Stage
from trust.signatures import Ed25519Signer
from wire.frames import FrameKind
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.handshake import HostShare
from wire.messages.session import PeerPresent
from wire.messages.ticket import TicketBurnt, TicketSpent
from wire.schema import decode, encode
from wire.sealed.identities import LABELS, identity_of
from wire.sealed.inner import AskWords, SessionIdentity, SessionRole
from wire.statements import Label

WRONG = "0000"
STRANGER = Ed25519Signer(b"x" * 32)


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def cause(stage: Stage) -> EndCause:
    return stage.logged(both.SessionEnded)[-1].cause


def test_the_right_half_and_the_right_key_seal_the_visit_and_spend_the_code() -> None:
    stage = online()
    far = stage.sealed()
    assert stage.to_broker(TicketSpent)
    assert stage.told(ShowBanner)[0].state is BannerState.ASKED
    assert not stage.told(ShowPrompt)
    (_, plain), *_ = far.opened()
    assert decode(plain, SessionIdentity).statement.label is Label.SESSION_HOST
    assert stage.logged(log.IdentityProven)[0].name == "Ann"
    assert [step.step for step in stage.logged(both.AdmissionStep)] == [3, 4, 5, 6]
    assert stage.logged(log.AgreementRun)[-1].reason is None


def test_three_wrong_halves_burn_the_code_and_the_person_is_told() -> None:
    stage = online()
    far = stage.admitted()
    for left in (2, 1, 0):
        failed = far.agree(WRONG)
        assert failed is not None
        assert failed.runs_left == left
        assert stage.told(ShowAttempt)[0].tries_left == left
    assert stage.to_broker(TicketBurnt)
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_BURNT
    assert cause(stage) is EndCause.CODE_BURNT


def test_a_run_that_was_broken_off_counts_and_the_code_is_shown_again() -> None:
    stage = online()
    far = stage.admitted()
    far.share()
    stage.give(SessionClosed(SESSION))
    assert cause(stage) is EndCause.CONNECTION_LOST
    assert stage.told(ShowCode)
    stage.offer("s-2")
    stage.give(SessionOpened("s-2"))
    assert stage.core.visit is not None
    assert stage.core.visit.standing.code.runs_left == 2


def test_breaking_off_three_times_burns_the_code() -> None:
    stage = online()
    far = stage.admitted()
    for _ in range(2):
        far.share()
        stage.give(SessionClosed(SESSION))
        stage.offer()
        stage.give(SessionOpened(SESSION))
        far.control(PeerPresent(SESSION))
    far.share()
    stage.give(SessionClosed(SESSION))
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_BURNT
    stage.offer()
    assert stage.core.visit is None


def test_a_run_nobody_finishes_in_time_ends_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    far.share()
    stage.give(Fired(Timer.AGREEMENT))
    assert cause(stage) is EndCause.CONNECTION_LOST
    assert CloseSession() in stage.did


def test_the_third_run_that_runs_out_of_time_burns_the_code() -> None:
    stage = online()
    far = stage.admitted()
    far.agree(WRONG)
    far.agree(WRONG)
    far.share()
    stage.give(Fired(Timer.AGREEMENT))
    assert stage.to_broker(TicketBurnt)
    assert cause(stage) is EndCause.CODE_BURNT


def test_the_code_without_a_listed_key_is_not_enough() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    far.identify(STRANGER)
    assert cause(stage) is EndCause.IDENTITY_NOT_PROVEN
    assert not stage.to_broker(TicketSpent)
    assert not stage.logged(log.IdentityProven)
    assert stage.logged(log.Refusal)[-1].reason is Reason.IDENTITY_NOT_PROVEN


def test_a_listed_key_without_the_code_three_times_burns_it() -> None:
    stage = online()
    far = stage.admitted()
    far.agree(WRONG)
    far.agree(WRONG)
    far.agree()
    far.identify(STRANGER)
    assert cause(stage) is EndCause.CODE_BURNT


def test_an_identity_of_another_agreement_is_none() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    assert far.agreed is not None
    other = replace(far.agreed, transcript=bytes(32))
    statement = stage.device.sign(LABELS[SessionRole.TECHNICIAN], identity_of(SessionRole.TECHNICIAN, far.about, other))
    far.whisper(SessionIdentity(statement))
    assert cause(stage) is EndCause.IDENTITY_NOT_PROVEN


def test_a_technician_of_another_group_ends_here_though_the_key_is_right() -> None:
    stage = Stage(groups=("red",))
    stage.online()
    far = stage.admitted()
    far.agree()
    far.identify()
    assert cause(stage) is EndCause.POLICY
    assert stage.to_broker(TicketSpent)
    assert stage.logged(both.AdmissionStep)[-1].reason is Reason.NOT_ASSIGNED


def test_what_cannot_be_recorded_is_not_sealed() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    stage.disk = False
    far.identify()
    assert cause(stage) is EndCause.LOG_UNAVAILABLE
    assert not stage.told(ShowBanner)


def test_whoever_presses_end_while_the_identity_is_recorded_has_ended_it() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    keep = stage._record

    def press(command: object) -> object:
        stage.core.narrow_now()
        return keep(command)  # type: ignore[arg-type]

    stage._record = press  # type: ignore[method-assign]
    far.identify()
    stage._record = keep  # type: ignore[method-assign]
    assert not stage.told(ShowBanner)
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED


def test_key_agreement_at_the_wrong_moment_ends_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    run = far.share()
    far.send(FrameKind.HANDSHAKE, encode(run.share()))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_key_agreement_after_the_seal_ends_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    run = far.share()
    far.send(FrameKind.HANDSHAKE, encode(run.tag(far.handshake(HostShare))))
    far.send(FrameKind.HANDSHAKE, encode(run.share()))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_words_before_the_identity_end_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    far.whisper(AskWords(1, bytes(32), ""))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_peer_that_is_there_twice_begins_no_second_run_after_the_end() -> None:
    stage = online()
    far = stage.admitted()
    stage.core.narrow_now()
    far.control(PeerPresent(SESSION))
    assert not any(b'"type":"agreement_open"' in frame.body for frame in far.frames())


def test_a_burnt_code_begins_no_run() -> None:
    stage = online()
    far = stage.admitted()
    visit = stage.core.visit
    assert visit is not None
    visit.standing.code.runs = 3
    far.control(PeerPresent(SESSION))
    assert stage.did == []


def test_a_way_back_in_other_hands_is_burnt_and_proves_nobody() -> None:
    stage = online()
    far = stage.admitted()
    visit = stage.core.visit
    assert visit is not None
    other = Authenticator(AuthenticatorType.ED25519, bytes(32), "")
    visit.standing.code.returning = Returning("t-ann", other, "Ann", "Acme")
    far.agree()
    far.identify()
    assert stage.logged(log.Refusal)[-1].reason is Reason.RETURN_NOT_YOURS
    assert cause(stage) is EndCause.CODE_BURNT
    assert stage.to_broker(TicketBurnt)
    assert not stage.logged(log.IdentityProven)
