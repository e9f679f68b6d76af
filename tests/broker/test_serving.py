"""The real process: it starts, serves, and stops with nothing left undone."""

from pathlib import Path

from tests.helpers.broker_process import read, running_broker
from wire.messages.signin import Done


async def test_a_broker_starts_says_so_and_stops_cleanly(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        async with broker.http(origin=None) as http:
            assert read(await http.get("/healthz"), Done) == Done()
        assert "healthy" in await broker.run("health")
        assert await broker.stop() == 0


async def test_a_technician_is_invited_and_signs_in(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        anna = await broker.technician("t-anna")
        await broker.host()
        await broker.publish()
        assert await broker.sign_in(anna)
