"""The stories of wire/vectors/tuf, told to a reader from their files alone, as the console's tests tell them to its reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from policy.instant import Instant
from trust.refused import DocumentRefused, DocumentStale
from trust.updater import Documents
from trust.view import View, compose
from wire.messages.documents import DocumentsBundle, Repository
from wire.schema import base64url, decode, from_base64url

STORIES = sorted((Path(__file__).parents[2] / "wire" / "vectors" / "tuf").glob("*.json"))


def told(story: dict[str, Any], folder: Path) -> tuple[list[str | None], View | None, dict[str, int] | None]:
    first = story["steps"][0]["now"]
    reader = Documents(folder / "kept.json", Repository(story["repository"]), from_base64url(story["root"]))
    reasons: list[str | None] = []
    now = Instant(0.0, 0.0)
    for step in story["steps"]:
        now = Instant(float(step["now"]), float(step["now"] - first))
        reasons.append(None if step["bundle"] is None else answer(reader, step["bundle"], now, story["site"]))
    try:
        verified = reader.in_force(now)
    except DocumentStale:
        return reasons, None, None
    view = compose(verified, None, reader.time(now)) if reader.repository is Repository.VENDOR else None
    return reasons, view, dict(verified.versions)


def answer(reader: Documents, bundle: str, now: Instant, site: str | None) -> str | None:
    try:
        reader.accept(decode(bundle.encode(), DocumentsBundle), now, site)
    except DocumentRefused as fault:
        return fault.reason.value
    return None


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_reader_says_what_the_story_says(path: Path, tmp_path: Path) -> None:
    story = json.loads(path.read_text(encoding="utf-8"))
    reasons, view, versions = told(story, tmp_path)
    assert reasons == [step["reason"] for step in story["steps"]]
    expected = story["view"]
    assert versions == (expected["versions"] if expected else None)
    if view is not None:
        assert {each.id: [base64url(known.key) for known in each.authenticators] for each in view.persons} == {
            each["id"]: each["devices"] for each in expected["technicians"]
        }
        assert [each.id for each in view.hosts] == [each["id"] for each in expected["hosts"]]
        assert view.digest.hex() == expected["digest"]


def test_the_stories_tell_of_refusals_of_both_kinds_and_of_what_is_taken() -> None:
    reasons = [step["reason"] for path in STORIES for step in json.loads(path.read_text(encoding="utf-8"))["steps"]]
    assert len(STORIES) > 20
    assert {"document_invalid", "document_stale", None} == set(reasons)
