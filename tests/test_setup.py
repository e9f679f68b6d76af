"""The set-up that runs before anything is installed: what it provides, what it says when it may not, and the order of the tests."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from runtime.setup import groups, node, python_packages, system_packages
from runtime.setup.python_packages import TREE
from runtime.setup.system_packages import Need, Proof

ABSENT = Need("chaperone-no-such-package", Proof.PROGRAM, "chaperone-no-such-program")
PRESENT = Need("make", Proof.PROGRAM, "make")
MAKEFILE = (TREE / "Makefile").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))


# ---- system packages


def test_only_what_is_not_there_is_missing() -> None:
    assert system_packages.missing([PRESENT, ABSENT], "") == ("chaperone-no-such-package",)


def test_a_library_counts_by_its_whole_name() -> None:
    libraries = "\tlibxcb.so.1 (libc6,x86-64) => /lib/libxcb.so.1\n"
    assert system_packages.is_there(Need("libxcb1", Proof.LIBRARY, "libxcb.so.1"), libraries)
    assert not system_packages.is_there(Need("libxcb-x", Proof.LIBRARY, "libxcb.so"), libraries)


def test_a_file_may_be_named_by_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "python3.11").mkdir()
    assert system_packages.is_there(Need("a", Proof.FILE, f"{tmp_path}/python3.*"), "")
    assert not system_packages.is_there(Need("a", Proof.FILE, f"{tmp_path}/perl*"), "")


def test_where_root_cannot_be_had_the_missing_are_named_and_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "install", lambda *_: pytest.fail("installed without being allowed"))
    assert system_packages.provide([PRESENT, ABSENT], root=lambda: None) == ("chaperone-no-such-package",)


def test_what_apt_cannot_install_stays_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def refuse(packages: tuple[str, ...], _: object) -> bool:
        asked.append(packages)
        return False

    monkeypatch.setattr(system_packages, "install", refuse)
    assert system_packages.provide([ABSENT], root=lambda: ()) == ("chaperone-no-such-package",)
    assert asked == [("chaperone-no-such-package",)]


def planted(folder: Path, name: str, body: str) -> None:
    """A program of that name, as a shell script."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize(("update_status", "install_status", "good"), [(0, 0, True), (100, 0, True), (0, 100, False)])
def test_apt_is_asked_for_its_list_once_and_install_has_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_status: int, install_status: int, good: bool
) -> None:
    said = tmp_path / "said"
    planted(tmp_path, "apt-get", f'echo "$@" >> {said}\n[ "$1" = update ] && exit {update_status}\nexit {install_status}')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert system_packages.install(("openbox", "xdotool"), ()) is good
    assert said.read_text(encoding="utf-8").splitlines() == ["update -qq", "install -y -qq --no-install-recommends openbox xdotool"]


@pytest.mark.parametrize(("sudo_status", "words"), [(0, ("sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive")), (1, None)])
def test_sudo_is_used_only_where_it_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sudo_status: int, words: tuple[str, ...] | None
) -> None:
    planted(tmp_path, "apt-get", "exit 0")
    planted(tmp_path, "sudo", f'[ "$1" = -n ] && exit {sudo_status}\nexit 99')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert system_packages.way_to_root() == words


def test_without_apt_there_is_no_way_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_packages.way_to_root() is None


def test_a_complete_machine_is_never_asked_for_root() -> None:
    assert system_packages.provide([PRESENT], root=lambda: pytest.fail("asked for root")) == ()


def test_the_tests_stop_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system_packages, "provide", lambda _: ("openbox", "xdotool"))
    with pytest.raises(SystemExit) as stopped:
        system_packages.main(["test"])
    assert stopped.value.code == 1
    assert "sudo apt-get install --no-install-recommends openbox xdotool" in capsys.readouterr().err


def test_a_run_goes_on_without_a_screen_but_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system_packages, "provide", lambda _: ("xvfb",))
    system_packages.main(["run", "--go-on"])
    assert "sudo apt-get install --no-install-recommends xvfb" in capsys.readouterr().out


def test_the_tests_need_everything_that_a_run_needs() -> None:
    assert set(system_packages.RUN) < set(system_packages.TEST)
    names = [need.package for need in system_packages.TEST]
    assert sorted(set(names)) == sorted(names)


# ---- the environment


def test_a_python_without_venv_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(system_packages, "way_to_root", lambda: None)
    with pytest.raises(SystemExit):
        python_packages.make_environment(tmp_path / "venv")
    assert f"python{sys.version_info.major}.{sys.version_info.minor}-venv" in capsys.readouterr().err
    assert not (tmp_path / "venv").exists()


def test_a_failing_pip_stops_the_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        python_packages.pip(Path(sys.prefix), "no-such-verb")
    assert stopped.value.code == 1
    assert "pip no-such-verb failed" in capsys.readouterr().err


def test_the_set_up_imports_nothing_that_has_to_be_installed() -> None:
    modules = [f"runtime.setup.{path.stem}" for path in (TREE / "runtime" / "setup").glob("*.py") if path.stem != "__init__"]
    assert len(modules) >= 6
    # -S and -I leave the environment's packages out; the tree is put back by hand.
    code = f"import sys; sys.path.insert(0, {str(TREE)!r})\n" + "\n".join(f"import {module}" for module in modules)
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


# ---- Node


@pytest.mark.parametrize(
    ("version", "good"),
    [("v20.18.9", False), ("v20.19.0\n", True), ("v21.7.0", False), ("v22.11.0", False), ("v22.12.0", True), ("v24.0.0", True)],
)
def test_only_a_node_that_can_build_is_used(version: str, good: bool) -> None:
    assert node.new_enough(version) is good


def planted_programs(folder: Path, version: str, npm_status: int) -> str:
    planted(folder, "node", f"echo {version}")
    planted(folder, "npm", f"echo 11.0.0; exit {npm_status}")
    return str(folder)


def test_a_node_whose_npm_does_not_start_is_not_used(tmp_path: Path) -> None:
    assert node.from_system(planted_programs(tmp_path, "v22.12.0", npm_status=1)) is None


def test_a_node_that_is_too_old_is_not_used(tmp_path: Path) -> None:
    assert node.from_system(planted_programs(tmp_path, "v18.20.0", npm_status=0)) is None


def test_a_good_node_of_the_machine_is_used(tmp_path: Path) -> None:
    found = node.from_system(planted_programs(tmp_path, "v22.12.0", npm_status=0))
    assert found == node.Node(tmp_path, (str(tmp_path / "npm"),))


def test_npm_of_the_wheel_is_started_through_its_script(tmp_path: Path) -> None:
    home = node.wheel_folder(tmp_path)
    for part in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js"):
        (home / part).parent.mkdir(parents=True, exist_ok=True)
        (home / part).touch()
    found = node.from_wheel(tmp_path)
    assert found is not None
    assert found.npm == (str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js"))
    assert node.environment(found, {"PATH": "/bin"})["PATH"] == f"{home / 'bin'}:/bin"


def test_an_environment_without_the_wheel_has_no_node(tmp_path: Path) -> None:
    assert node.from_wheel(tmp_path) is None


# ---- the order of the tests


def perform_groups(red: str, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], int, str]:
    performed: list[str] = []

    def perform(target: str) -> int:
        performed.append(target)
        return 2 if target == red else 0

    status = groups.run(["lint", "types", "unit"], perform, clock=iter(range(100)).__next__)
    return performed, status, capsys.readouterr().out


def test_the_first_red_group_stops_the_rest_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    performed, status, said = perform_groups("types", capsys)
    assert (performed, status) == (["lint", "types"], 2)
    assert "RED: `make types` failed with status 2. Not run after it: unit." in said


def test_green_groups_are_all_run_with_their_times(capsys: pytest.CaptureFixture[str]) -> None:
    performed, status, said = perform_groups("none", capsys)
    assert (performed, status) == (["lint", "types", "unit"], 0)
    assert said.count("1.0 s  green") == 3


def test_make_test_runs_every_group_in_its_order() -> None:
    line = re.search(r"^test: .*\n\t@\$\(PY\) -m runtime\.setup\.groups (.+)$", MAKEFILE, re.MULTILINE)
    assert line is not None
    assert line[1].split() == ["gen-check", "lint", "types", "unit", "pure", "console-test", "adversary", "journeys"]


# ---- the verbs


def test_every_verb_of_the_makefile_is_explained_by_make() -> None:
    said = subprocess.run(["make", "--no-print-directory"], check=True, capture_output=True, text=True, cwd=TREE).stdout
    explained = set(re.findall(r"^  make (\S+) +\S", said, re.MULTILINE))
    verbs = "help run test test-long unit journeys adversary lint types gen console vectors bench trust lock clean"
    assert set(verbs.split()) <= explained


def test_no_target_that_is_a_verb_can_be_hidden_by_a_file() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+?)\n\n", MAKEFILE, re.MULTILINE | re.DOTALL)
    assert phony is not None
    assert targets == set(phony[1].replace("\\\n", " ").split())


def test_ci_runs_the_same_verbs_as_a_developer() -> None:
    script = (TREE / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert re.findall(r"^\s*make (\S+)", script, re.MULTILINE) == ["setup-test", "image-test", "test", "vectors"]


def test_every_room_is_packed_measured_and_typed() -> None:
    rooms = {"audit", "broker", "host_client", "policy", "runtime", "tech_console", "trust", "wire"}
    tools = PYPROJECT["tool"]
    assert set(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == rooms
    assert set(tools["coverage"]["run"]["source"]) == rooms
    assert set(tools["mypy"]["packages"]) == rooms | {"tests", "benchmarks"}


# ---- the bans of the linter, by planted faults


def linted(code: str, name: str) -> str:
    words = [str(Path(sys.prefix) / "bin" / "ruff"), "check", "--no-cache", "--output-format=concise", "--stdin-filename", name, "-"]
    return subprocess.run(words, check=False, capture_output=True, text=True, input=code, cwd=TREE).stdout


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\n\n\nasync def pause() -> None:\n    await asyncio.sleep(1)\n",
        "import time\n\ntime.sleep(1)\n",
        "from unittest.mock import Mock\n\nMock()\n",
    ],
)
def test_a_test_may_neither_sleep_nor_mock(code: str) -> None:
    assert "TID251" in linted(code, "tests/test_planted.py")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("BLE001", "try:\n    print()\nexcept Exception:\n    x = 1\n"),
        ("S301", "import pickle\n\npickle.loads(b'')\n"),
        ("S602", "import subprocess\n\nsubprocess.run('ls', shell=True, check=True)\n"),
        ("DTZ005", "import datetime\n\ndatetime.datetime.now()\n"),
        ("FIX001", "x = 1  # FIX\x4dE: later\n"),
        ("TID252", "from . import config\n"),
    ],
)
def test_the_linter_sees_a_planted_fault(rule: str, code: str) -> None:
    assert rule in linted(code, "broker/planted.py")
