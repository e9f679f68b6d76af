"""What stands under a signature."""

from wire.limits import PROTOCOL_VERSION
from wire.statements import Label, signed_bytes


def test_label_version_and_payload_are_under_the_signature() -> None:
    assert PROTOCOL_VERSION == 1
    assert signed_bytes(Label.ASKED, b'{"ask":1}') == b'chaperone asked\x001\x00{"ask":1}'


def test_no_label_is_the_beginning_of_another_so_that_none_can_pass_for_it() -> None:
    opened = [signed_bytes(label, b"") for label in Label]
    assert not [(one, other) for one in opened for other in opened if one is not other and other.startswith(one)]
    assert all("\0" not in label for label in Label)
