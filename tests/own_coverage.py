"""Every pure module is covered, branch by branch, by its own test file: `python -m tests.own_coverage`. With --list it names these files.

Runs the tests of the pure rooms once, remembering which test file reached which branch, and then asks of each module
whether its own file alone reached all of it. A module without a test file fails like a branch without a test.
Exit code 0 when all is covered, 1 otherwise.
"""

import ast
import io
import re
import sys
import tomllib
from collections.abc import Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import coverage
import pytest

from tests.helpers.imports import sources
from tests.test_architecture import is_pure

ROOT = Path(__file__).parent.parent
NEVER_REACHED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]["report"]["exclude_also"]
SHARES = 2
"""Processes that run the pure modules' own tests side by side, and then ask what was reached."""


def own_test(module: str) -> Path:
    """policy.session -> tests/policy/test_session.py"""
    *rooms, name = module.split(".")
    return ROOT.joinpath("tests", *rooms, f"test_{name}.py")


def pure_modules() -> dict[str, Path]:
    """Module name -> its source file, for every pure module that does something."""
    found = {}
    for module, source in sources(ROOT).items():
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        if is_pure(module) and path.exists() and does_something(ast.parse(source)):
            found[module] = path
    return found


def does_something(tree: ast.Module) -> bool:
    """Has it a function with more in it than a docstring? Declarations are walked by other tests."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return any(len(function.body) > 1 or not isinstance(function.body[0], ast.Expr) for function in functions)


def shares(modules: Iterable[str]) -> list[tuple[str, ...]]:
    """The own test files of these modules, dealt out by their size."""
    files = sorted({path for path in map(own_test, modules) if path.exists()}, key=lambda path: (-path.stat().st_size, path))
    return [tuple(str(path.relative_to(ROOT)) for path in files[number::SHARES]) for number in range(SHARES)]


def main() -> int:
    modules = pure_modules()
    if sys.argv[1:] == ["--list"]:
        sys.stdout.write(" ".join(path for share in shares(modules) for path in share))
        return 0
    missing = [module for module in modules if not own_test(module).exists()]
    alone = ProcessPoolExecutor(SHARES, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with TemporaryDirectory() as folder, alone as side_by_side:
        parts = [str(Path(folder, f"part{number}")) for number in range(SHARES)]
        results = list(side_by_side.map(run_share, shares(modules), parts))
        whole = str(Path(folder, "whole"))
        measured = measuring(modules.values(), whole)
        measured.combine(parts)
        measured.save()
        faults = [f"{module}: no {own_test(module).relative_to(ROOT)}" for module in missing]
        there = [module for module in modules if module not in missing]
        asked = [there[number::SHARES] for number in range(SHARES)]
        faults += chain.from_iterable(side_by_side.map(all_uncovered, asked, [whole] * SHARES))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(f"{len(modules)} pure modules, {len(faults)} not fully covered by their own tests\n")
    return 1 if faults or any(results) else 0


def measuring(modules: Iterable[Path], data_file: str) -> coverage.Coverage:
    """What notes in this file which branch of these modules was reached from which test. No more is traced: that is what takes time."""
    measured = coverage.Coverage(data_file=data_file, config_file=False, branch=True, include=[str(path) for path in modules])
    for lines in NEVER_REACHED:
        measured.exclude(lines)
    return measured


class ByFile:
    """Has what is reached noted under the name of the test file that reaches it; what runs on import is under no name.

    Coverage could find out by itself which test runs, but asks for it at every call of a function: that took most of the time.
    """

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._measured.switch_context(name_of(item.path))
        try:
            return (yield)
        finally:
            self._measured.switch_context("")


def name_of(file: Path) -> str:
    """Under which what a test file reaches is noted."""
    return file.relative_to(ROOT).as_posix()


def run_share(files: tuple[str, ...], data_file: str) -> int:
    """Run these files of tests in this process and note what they reach. Returns pytest's exit code."""
    own = {ROOT / file for file in files}
    measured = measuring((path for name, path in pure_modules().items() if own_test(name) in own), data_file)
    measured.start()
    asked = ["-q", "-p", "no:cacheprovider", "--durations=5", "-m", "not long", *(str(ROOT / file) for file in files)]
    result = pytest.main(asked, plugins=[ByFile(measured)])
    measured.stop()
    measured.save()
    return int(result)


def all_uncovered(names: list[str], data_file: str) -> list[str]:
    """What these modules' own test files do not reach, of what was noted in this file."""
    modules = pure_modules()
    measured = measuring(modules.values(), data_file)
    measured.load()
    return [fault for name in names for fault in uncovered(measured, name, modules[name])]


def uncovered(measured: coverage.Coverage, module: str, path: Path) -> list[str]:
    """What the module's own test file does not reach, as one line, or nothing."""
    # Lines that run on import carry the empty context; everything else must come from the module's own test file.
    own = re.escape(name_of(own_test(module)))
    table = io.StringIO()
    share = measured.report(include=str(path), contexts=[rf"^$|^{own}$"], file=table, show_missing=True, skip_covered=False)
    return [] if share >= 100 else [f"{module}: {table.getvalue().splitlines()[-3].split('%')[-1].strip()} not reached ({share:.0f} %)"]


if __name__ == "__main__":
    sys.exit(main())
