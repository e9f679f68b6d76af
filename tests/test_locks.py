"""What the locks promise: every package by hash, from nowhere in particular, as a wheel."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, parse_tag
from packaging.utils import canonicalize_name

from runtime.setup.lock import ALL, SHIPPED, Lock, command, forget_addresses
from runtime.setup.python_packages import LOCKS, STRICT, TREE
from tests.helpers.x_server import xvfb

LOCK_FILES = sorted(LOCKS.glob("*.txt"))
CONSOLE_LOCK = TREE / "tech_console" / "package-lock.json"
# pynput names evdev, which has no wheel; it is installed without dependencies.
WITHOUT_DEPENDENCIES = {"pynput"}


def pinned(path: Path) -> dict[str, list[Requirement]]:
    """The packages of one lock by name; a name stands twice where versions differ by Python version."""
    found: dict[str, list[Requirement]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip(" \\"))
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def applies(requirement: Requirement) -> bool:
    return requirement.marker is None or Marker(str(requirement.marker)).evaluate()


def linux_tags() -> frozenset[Tag]:
    """The tags of a wheel that runs on CPython 3.11 and Linux x86-64; one compiled here says `linux_x86_64` and is not among them."""
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(36, 4, -1)]
    platforms += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
    return frozenset(cpython_tags((3, 11), platforms=platforms)) | frozenset(compatible_tags((3, 11), "cp311", platforms))


def test_every_lock_file_is_one_that_make_lock_writes() -> None:
    assert {path.stem for path in LOCK_FILES} == {lock.name for lock in ALL}


@pytest.mark.parametrize("path", [*LOCK_FILES, CONSOLE_LOCK], ids=lambda path: path.name)
def test_a_lock_names_no_registry_and_no_place_of_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) > 100
    for trace in ("://", "file:", "--index", "--extra-index", "--find-links", "--trusted-host", " @ ", str(Path.home()) + "/"):
        assert trace not in text.replace('"@', ""), f"{path.name} contains {trace}"


@pytest.mark.parametrize("path", LOCK_FILES, ids=lambda path: path.name)
def test_every_locked_package_has_an_exact_version_and_a_hash(path: Path) -> None:
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==[^ ;]+", block), block.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]


@pytest.mark.parametrize("lock", SHIPPED, ids=lambda lock: lock.name)
def test_what_is_shipped_has_the_versions_that_are_tested(lock: Lock) -> None:
    tested = pinned(LOCKS / "dev.txt")
    shipped = pinned(LOCKS / f"{lock.name}.txt")
    assert shipped
    for name, requirements in shipped.items():
        assert {str(r.specifier) for r in requirements} <= {str(r.specifier) for r in tested[name]}, name


@pytest.mark.parametrize("lock", [lock for lock in ALL if lock.extras], ids=lambda lock: lock.name)
def test_every_package_named_in_pyproject_is_locked(lock: Lock) -> None:
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: tuple[str, ...] = lock.extras
    named = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    locked = pinned(LOCKS / f"{lock.name}.txt")
    assert [line for line in named if canonicalize_name(Requirement(line).name) not in locked] == []


def test_evdev_is_in_no_lock_and_pynput_only_in_its_own() -> None:
    holders = {path.stem: set(pinned(path)) for path in LOCK_FILES}
    assert [stem for stem, names in holders.items() if "evdev" in names] == []
    assert [stem for stem, names in holders.items() if names & WITHOUT_DEPENDENCIES] == ["pynput"]


def test_what_pynput_needs_beside_evdev_is_in_the_host_lock() -> None:
    needed = [Requirement(line) for line in importlib.metadata.requires("pynput") or []]
    on_linux = {canonicalize_name(r.name) for r in needed if applies(r)} - {"evdev"}
    assert on_linux
    assert on_linux <= set(pinned(LOCKS / "host.txt"))


def test_every_installed_package_came_as_a_wheel_for_cp311_linux() -> None:
    usable = linux_tags()
    locks = [pinned(LOCKS / f"{name}.txt") for name in ("bootstrap", "dev", "pynput")]
    packages = [r for lock in locks for requirements in lock.values() for r in requirements if applies(r)]
    assert len(packages) > 50
    for requirement in packages:
        wheel = importlib.metadata.distribution(requirement.name).read_text("WHEEL")
        assert wheel is not None, f"{requirement.name} is not installed from a wheel"
        tags = frozenset(tag for line in re.findall(r"^Tag: (\S+)", wheel, re.MULTILINE) for tag in parse_tag(line))
        assert tags & usable, f"{requirement.name} has no wheel for Linux x86-64 and cp311, only {sorted(map(str, tags))}"


def test_a_wheel_compiled_on_the_spot_would_be_noticed() -> None:
    assert not parse_tag("cp311-cp311-linux_x86_64") & linux_tags()
    assert parse_tag("cp311-cp311-manylinux_2_17_x86_64") & linux_tags()


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_the_resolver_sees_only_packages_that_have_wheels_and_emits_no_address(lock: Lock) -> None:
    words = command(lock, upgrade=False)
    assert {"--only-binary=:all:", "--generate-hashes", "--universal", "--no-emit-index-url", "--no-emit-find-links"} <= set(words)


def planted_source_package(folder: Path) -> Path:
    """A package that exists as source only, and a lock that names it with its right hash."""
    archive = folder / "planted-1.0.tar.gz"
    source = folder / "PKG-INFO"
    source.write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n", encoding="utf-8")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(source, "planted-1.0/PKG-INFO")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    lock = folder / "planted.txt"
    lock.write_text(f"planted==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    return lock


def pip_refusal(lock: Path, target: Path) -> str:
    """What pip says when it refuses a lock under our rules, offline."""
    offline = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(lock.parent)}
    words = [sys.executable, "-m", "pip", "install", *STRICT, "--target", str(target), "-r", str(lock)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=offline)
    assert done.returncode != 0
    return done.stderr


def test_a_package_without_a_wheel_cannot_be_installed(tmp_path: Path) -> None:
    assert "No matching distribution found for planted==1.0" in pip_refusal(planted_source_package(tmp_path), tmp_path / "into")


def test_a_package_without_a_hash_cannot_be_installed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "planted-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("planted-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
        wheel.writestr("planted-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("planted-1.0.dist-info/RECORD", "")
    lock = tmp_path / "unhashed.txt"
    lock.write_text("planted==1.0\n", encoding="utf-8")
    assert "Hashes are required in --require-hashes mode" in pip_refusal(lock, tmp_path / "into")


def console_packages() -> dict[str, dict[str, object]]:
    packages: dict[str, dict[str, object]] = json.loads(CONSOLE_LOCK.read_text(encoding="utf-8"))["packages"]
    return {path: package for path, package in packages.items() if path}


def test_every_package_of_the_console_is_locked_by_hash() -> None:
    packages = console_packages()
    assert len(packages) > 20
    assert [path for path, package in packages.items() if not str(package.get("integrity", "")).startswith("sha512-")] == []


def test_the_console_lock_holds_every_platform_of_a_package_that_has_several() -> None:
    packages = console_packages()
    names = {path.rpartition("node_modules/")[2] for path in packages}
    optional = [name for package in packages.values() for name in dict(package.get("optionalDependencies", {}))]  # type: ignore[call-overload]
    assert optional
    assert [name for name in optional if name not in names] == []


def test_addresses_that_npm_keeps_are_forgotten() -> None:
    kept = {"packages": {"a": {"version": "1", "resolved": "https://x/a.tgz", "funding": {"url": "https://y"}}}}
    assert json.loads(forget_addresses(json.dumps(kept))) == {"packages": {"a": {"version": "1"}}}


# The pointer's controller stays alive to the end: an X server starts anew when its last connection leaves.
INJECT = """
import sys
import Xlib.display
from pynput.mouse import Controller
hand = Controller()
hand.position = (37, 53)
place = Xlib.display.Display().screen().root.query_pointer()
print(place.root_x, place.root_y, "evdev" in sys.modules)
"""


def test_pynput_moves_the_pointer_of_an_x_screen_without_evdev() -> None:
    with xvfb(200, 200) as screen:
        words = [sys.executable, "-c", INJECT]
        done = subprocess.run(words, check=True, capture_output=True, text=True, env=screen.environment(), timeout=30)
    assert done.stdout.split() == ["37", "53", "False"]
