"""Session identities: a signature counts for one agreement, one end and one session."""

from dataclasses import replace

import pytest

from wire.errors import PeerMisbehaved
from wire.schema import encode_part
from wire.sealed.agreement import Agreed, Visit
from wire.sealed.identities import LABELS, check_identity, identity_of
from wire.sealed.inner import SessionRole

VISIT = Visit("s-1", "482913", "b-1", "h-1", "t-1")
AGREED = Agreed(bytes(32), bytes(range(32)))


@pytest.mark.parametrize(("role", "subject"), [(SessionRole.HOST, "h-1"), (SessionRole.TECHNICIAN, "t-1")])
def test_each_end_signs_for_itself(role: SessionRole, subject: str) -> None:
    identity = identity_of(role, VISIT, AGREED)
    assert (identity.role, identity.subject, identity.transcript) == (role, subject, AGREED.transcript)
    check_identity(encode_part(identity), role, VISIT, AGREED)


def test_each_role_has_its_own_label() -> None:
    assert LABELS.keys() == set(SessionRole)
    assert len(set(LABELS.values())) == len(LABELS)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"{}", "cannot be read"),
        (encode_part(identity_of(SessionRole.TECHNICIAN, VISIT, AGREED)), "somebody else"),
        (encode_part(identity_of(SessionRole.HOST, replace(VISIT, session_id="s-2"), AGREED)), "somebody else"),
        (encode_part(identity_of(SessionRole.HOST, replace(VISIT, host_id="h-2"), AGREED)), "somebody else"),
        (encode_part(identity_of(SessionRole.HOST, VISIT, replace(AGREED, transcript=bytes(32)))), "another agreement"),
    ],
)
def test_an_identity_of_anything_else_is_refused(payload: bytes, why: str) -> None:
    with pytest.raises(PeerMisbehaved, match=why):
        check_identity(payload, SessionRole.HOST, VISIT, AGREED)
