"""The code's own count: three runs, ten minutes, one use."""

from dataclasses import replace

from host_client.core.agreement import Code, Returning
from tests.helpers.playbook import NOON
from wire.code import SupportCode
from wire.messages.documents import Authenticator, AuthenticatorType


def code(runs: int = 0, *, proven: bool = False) -> Code:
    return Code(SupportCode("482913", "K7QF", "2M9X"), NOON, 600, runs, proven)


def test_three_runs_burn_a_code_unless_one_was_proven() -> None:
    assert [code(runs).runs_left for runs in range(5)] == [3, 2, 1, 0, 0]
    assert code(3).burnt
    assert not code(3, proven=True).burnt


def test_a_code_is_usable_while_it_lives_is_not_burnt_and_not_spent() -> None:
    assert code().usable(NOON)
    assert code().left(NOON.after(100)) == 500
    assert not code().usable(NOON.after(600))
    assert not code(3).usable(NOON)
    assert not code(proven=True).usable(NOON)


def test_one_for_whoever_comes_back_is_for_that_device_alone_and_burns_in_other_hands() -> None:
    device = Authenticator(AuthenticatorType.ED25519, bytes(32), "laptop")
    back = Code(SupportCode("482913", "K7QF", "2M9X"), NOON, returning=Returning("t-ann", device, "Ann", "Acme"))
    assert code().is_for("t-anybody", device)
    assert back.is_for("t-ann", replace(device, label="renamed"))
    assert not back.is_for("t-bob", device)
    assert not back.is_for("t-ann", replace(device, key=bytes(31) + b"1"))
    back.burn()
    assert back.burnt
    assert not back.usable(NOON)
