"""A port is given to one test at a time, whoever asks, and none on which somebody listens."""

import socket
import sys
from subprocess import check_output

from runtime.demo_layout import is_free
from tests.helpers.free_ports import FIRST, LAST, free_ports

ASK = "from tests.helpers.free_ports import free_ports; print(*free_ports(3))"


def test_nobody_is_given_a_port_that_somebody_has() -> None:
    ours = free_ports(3)
    theirs = [int(each) for each in check_output((sys.executable, "-c", ASK), text=True).split()]
    assert len({*ours, *theirs}) == 6
    assert not {*ours} & {*free_ports(3)}


def test_one_that_somebody_listens_on_is_passed_over() -> None:
    (port,) = free_ports(1)
    taken = next(each for each in range(port + 1, LAST) if is_free(each))
    with socket.create_server(("127.0.0.1", taken)):
        given = free_ports(3)
    assert taken not in given
    assert all(FIRST <= each <= LAST for each in given)
