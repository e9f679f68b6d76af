"""What is forked is a program like one that was started: its words, environment, folder, streams and end are its own."""

import signal
from pathlib import Path

import pytest

from tests.helpers.broker_process import running_broker
from tests.helpers.warm_programs import started


async def test_a_program_writes_on_its_own_streams_and_ends_with_its_own_code(tmp_path: Path) -> None:
    said = await started("broker", "--version")
    assert await said.communicate() == (b"chaperone 0.1.0\n", b"")
    assert said.returncode == await said.wait() == 0
    refused = await started("broker", "identity", "--config", str(tmp_path / "none.toml"))
    out, errors = await refused.communicate()
    assert (refused.returncode, out) == (2, b"")
    assert b"none.toml" in errors
    merged = await started("host_client.cli", "no-such-command", merged=True)
    out, errors = await merged.communicate()
    assert (merged.returncode, errors) == (2, b"")
    assert b"no-such-command" in out


async def test_its_environment_and_its_folder_are_those_of_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):  # twice, because both are children of one process
        (tmp_path / f"{name}.toml").write_text(f"nobody_reads_{name} = 1")
        refused = await started("broker", "identity", environment={"CHAPERONE_CONFIG": f"{name}.toml"})
        _, errors = await refused.communicate()
        assert refused.returncode == 2
        assert f"nobody_reads_{name}" in errors.decode()


async def test_a_signal_reaches_the_program_and_its_end_is_known(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        running = broker.process
        before = running.returncode
        assert before is None
        assert await broker.stop(signal.SIGKILL) == running.returncode == -signal.SIGKILL
        running.send_signal(signal.SIGTERM)  # nobody else may have its number by now, but somebody could
        await broker.start_again()
        assert broker.process.pid != running.pid
        assert await broker.stop() == 0
