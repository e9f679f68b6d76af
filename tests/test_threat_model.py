"""The page of threats and the folder of adversaries tell the same story."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ADVERSARIES = ROOT / "tests" / "adversary"
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:with_browser/)?test_case_\d+)`", PAGE))
    there = {str(path.relative_to(ADVERSARIES))[: len(name)] for path in ADVERSARIES.rglob("test_case_*.py") for name in named}
    assert len(named) > 20
    assert named <= there


def test_every_adversary_stands_on_the_page() -> None:
    for path in ADVERSARIES.rglob("test_case_*.py"):
        stem = re.match(r"(?:with_browser/)?test_case_\d+", str(path.relative_to(ADVERSARIES)))
        assert stem is not None
        assert f"`{stem.group()}`" in PAGE


def test_every_adversary_says_its_number_first() -> None:
    for path in ADVERSARIES.rglob("test_case_*.py"):
        number = int(path.name.split("_")[2])
        assert re.match(rf'"""Cases? {number}\b', path.read_text(encoding="utf-8")), path.name
