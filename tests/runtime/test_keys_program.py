"""Steps of the signers, one by one and all in one process: the same words, the same refusals, and nothing left running."""

import asyncio
from pathlib import Path

import pytest

from runtime.demo_commands import program
from runtime.keys_program import KeysProgram
from runtime.supervisor import ProgramFailed
from tests.helpers.desktop import plain_environment

WHO = ("--vendor", "Meridian", "--company", "Meridian", "--site", "Laboratory")


@pytest.fixture(name="keys")
def keys_program() -> KeysProgram:
    return KeysProgram(program("chaperone-keys"), plain_environment())


async def test_steps_say_the_same_alone_and_together(keys: KeysProgram, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    async with keys.together():
        with pytest.raises(ProgramFailed, match="no ceremony was held") as together:
            await keys.run(folder, "show", "--json")
        held = await keys.run(folder, "ceremony", str(folder), *WHO)
        shown = await keys.run(folder, "show", "--json")
    assert held
    assert await keys.run(folder, "show", "--json") == shown
    with pytest.raises(ProgramFailed, match="no ceremony was held") as alone:
        await keys.run(tmp_path / "none", "show", "--json")
    assert last_words(alone.value, tmp_path / "none") == last_words(together.value, folder)


def last_words(fault: ProgramFailed, folder: Path) -> list[str]:
    """What the program said, whatever its folder is called."""
    return str(fault).replace(str(folder), "DIR").splitlines()[1:]


async def test_the_process_ends_with_the_last_who_needs_it(keys: KeysProgram, tmp_path: Path) -> None:
    async with keys.together():
        first = keys.process
        async with keys.together():
            assert keys.process is first
        assert first is not None
        refused = await asyncio.gather(*(keys.run(tmp_path, "show") for _ in range(3)), return_exceptions=True)
        assert all(isinstance(each, ProgramFailed) for each in refused)
    assert await first.wait() == 0
    assert keys.process is None


async def test_a_process_that_dies_is_told(keys: KeysProgram, tmp_path: Path) -> None:
    async with keys.together():
        assert keys.process is not None
        keys.process.kill()
        with pytest.raises(ProgramFailed, match="stopped in the middle"):
            await keys.run(tmp_path, "show")
