"""The restart's command and the file of the way back: done or said why not, and found once."""

from pathlib import Path

import pytest

from host_client.guardian import restarting
from host_client.guardian.restarting import CommandRestarter, ReturnFile
from policy.decision import Reason


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ((), Reason.RESTART_NOT_SET_UP),
        (("true",), None),
        (("false",), Reason.RESTART_FAILED),
        (("/no/such/program",), Reason.RESTART_FAILED),
    ],
)
async def test_the_exit_code_of_the_command_decides(command: tuple[str, ...], reason: Reason | None) -> None:
    assert await CommandRestarter(command).restart() is reason


ANSWERS = {
    '{"type":"s","data":["yes"]}': None,
    '{"type":"s","data":["no"]}': Reason.RESTART_NOT_ALLOWED,
    '{"type":"s","data":["challenge"]}': Reason.RESTART_NOT_ALLOWED,
    '{"type":"s","data":["na"]}': Reason.RESTART_NOT_ALLOWED,
    '{"type":"s","data":[]}': Reason.RESTART_NOT_ALLOWED,
    '{"type":"s","data":["yes"]} {': Reason.RESTART_NOT_ALLOWED,
    "": Reason.RESTART_NOT_ALLOWED,
}
"""What `busctl --json=short` writes of CanReboot, and what becomes of it."""


def logind(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `busctl` that does this, and whose words are kept."""
    (program := folder / "busctl").write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(("answer", "reason"), ANSWERS.items())
async def test_logind_is_asked_before_the_person_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, reason: Reason | None
) -> None:
    logind(tmp_path, monkeypatch, f"echo '{answer}'")
    assert await CommandRestarter(("/usr/bin/systemctl", "reboot")).possible() is reason
    assert (tmp_path / "asked").read_text().split()[-2:] == ["org.freedesktop.login1.Manager", "CanReboot"]


@pytest.mark.parametrize("script", ['echo \'{"type":"s","data":["yes"]}\'; exit 1', "sleep 5"], ids=["fails", "hangs"])
async def test_a_logind_that_does_not_answer_is_no_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    logind(tmp_path, monkeypatch, script)
    monkeypatch.setattr(restarting, "_ASK_SECONDS", 1.0 if script.startswith("echo") else 0.05)
    assert await CommandRestarter(("systemctl", "reboot")).possible() is Reason.RESTART_NOT_ALLOWED


async def test_a_system_without_logind_is_no_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await CommandRestarter(("loginctl", "reboot")).possible() is Reason.RESTART_NOT_ALLOWED


async def test_of_another_command_nothing_is_known_before_and_without_one_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logind(tmp_path, monkeypatch, "exit 1")
    assert await CommandRestarter(("sudo", "systemctl", "reboot")).possible() is None
    assert await CommandRestarter(()).possible() is Reason.RESTART_NOT_SET_UP
    assert not (tmp_path / "asked").exists()


async def test_a_command_that_does_not_answer_in_time_is_no_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarting, "_SECONDS", 0.05)
    assert await CommandRestarter(("sleep", "5")).restart() is Reason.RESTART_FAILED


def test_what_was_kept_is_private_and_taken_once(tmp_path: Path) -> None:
    file = ReturnFile(tmp_path / "return.json")
    assert file.take() is None
    assert file.keep(b"ticket")
    assert (tmp_path / "return.json").stat().st_mode & 0o777 == 0o600
    assert file.take() == b"ticket"
    assert file.take() is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_forgotten_is_gone_and_nothing_is_no_fault(tmp_path: Path) -> None:
    file = ReturnFile(tmp_path / "return.json")
    file.keep(b"ticket")
    file.forget()
    file.forget()
    assert file.take() is None


def test_a_file_that_others_can_read_is_taken_away_and_worth_nothing(tmp_path: Path) -> None:
    path = tmp_path / "return.json"
    path.write_bytes(b"ticket")
    path.chmod(0o644)
    assert ReturnFile(path).take() == b""
    assert not path.exists()


def test_one_that_cannot_be_removed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ReturnFile(tmp_path / "return.json")
    file.keep(b"ticket")

    def fails(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", fails)
    assert file.take() is None
    file.forget()


def test_a_folder_that_is_not_there_keeps_nothing(tmp_path: Path) -> None:
    assert not ReturnFile(tmp_path / "none" / "return.json").keep(b"ticket")
