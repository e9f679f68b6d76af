"""One real broker for all tests of a file. The file says `pytestmark = ON_ONE_LOOP` and imports `broker`."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.helpers.broker_process import BrokerProcess, running_broker

ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    """Started once, stopped after the last test of the file."""
    async with running_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running
