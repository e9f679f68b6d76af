"""What both ends make of the secret of a way back: the same, each part by itself, and another for another visit."""

from dataclasses import replace

from wire.code import read_code
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.sealed.returning import ReturnPayload, code_of

DEVICE = Authenticator(AuthenticatorType.ED25519, bytes(32), "")
PAYLOAD = ReturnPayload("s-1", "h-1", "t-ann", DEVICE, bytes(range(32)), 1_790_000_000, 600)


def test_it_is_a_code_and_the_console_makes_the_same_of_it() -> None:
    """tech_console/tests/core/returning.test.ts holds the same line."""
    assert code_of(PAYLOAD) == read_code("015-886 PCRY-FS5E")


def test_another_secret_or_visit_gives_another_in_every_part() -> None:
    codes = [code_of(PAYLOAD), code_of(replace(PAYLOAD, secret=bytes(32))), code_of(replace(PAYLOAD, session_id="s-2"))]
    for part in ("ticket", "first", "second"):
        assert len({getattr(code, part) for code in codes}) == len(codes)
    assert all(code.first != code.second for code in codes)
