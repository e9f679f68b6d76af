"""The fault of the other end."""

from wire.errors import PeerMisbehaved


def test_the_log_of_this_side_is_told_what_happened() -> None:
    fault = PeerMisbehaved("a record out of order")
    assert fault.what == str(fault) == "a record out of order"
