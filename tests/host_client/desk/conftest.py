"""One screen for the tests of the desk that only read from it or own all they draw."""

from collections.abc import Iterator

import pytest

from tests.helpers.x_server import XScreen, xvnc


@pytest.fixture
def screen() -> Iterator[XScreen]:
    """An Xvnc of the test's own: on it a person's press and an injector's can be told apart."""
    with xvnc(1000, 700) as ready:
        yield ready
