"""Many steps in one process: each answered on a line of its own, and what would ask finds nobody."""

import json
from io import StringIO
from pathlib import Path

import pytest

from trust import cli_lines


def answers(capsys: pytest.CaptureFixture[str], *commands: list[str]) -> list[dict[str, int | str]]:
    cli_lines.main(StringIO("".join(f"{json.dumps(each)}\n" for each in commands)))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(autouse=True)
def nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program takes its own input away from whatever runs in it."""
    monkeypatch.setattr("sys.stdin", StringIO("y\n"))


def test_each_command_has_its_code_and_its_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(tmp_path / "keys")
    ceremony = ["--keys", folder, "ceremony", folder, "--vendor", "Meridian", "--company", "Meridian", "--site", "Laboratory"]
    show = ["--keys", folder, "show", "--json"]
    refused, held, shown, wrong = answers(capsys, show, ceremony, show, ["no-such-command"])
    assert refused["code"] == 1
    assert "no ceremony was held" in str(refused["errors"])
    assert (held["code"], shown["code"], shown["errors"]) == (0, 0, "")
    assert json.loads(str(shown["said"]))["persons"] == []
    assert wrong["code"] == 2


def test_a_question_finds_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(tmp_path / "keys")
    ceremony = ["--keys", folder, "ceremony", folder, "--vendor", "Meridian", "--company", "Meridian", "--site", "Laboratory"]
    broker = ["--keys", folder, "broker", "b-1", f"--key={'A' * 43}"]
    _, asked = answers(capsys, ceremony, broker)
    assert asked["code"] != 0
