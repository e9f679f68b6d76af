"""Signed documents in pieces: what is taken, in which order, and what becomes of what does not stand (more in `test_opening.py`)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from audit.events import host as log
from host_client.core.commands import KeepDocuments, LookAgain, Note, Record, StartTimer
from host_client.core.documents import LEAST_SECONDS, LOOK_SECONDS, NotOpened, Post, look_again, watch_documents
from host_client.core.events import Timer
from host_client.core.in_force import Held, Taken
from policy.decision import Reason
from tests.helpers.host_core import Stage
from trust.bundle import pieces
from wire.messages.documents import DocumentFile, DocumentsBundle, DocumentsPiece, Repository


def drained(talk: Iterator[Any], *replies: object, said: list[Any] | None = None) -> list[Any]:
    """Every command, answered one after the other; they are in `said` too, for a talk that ends by raising."""
    said = [] if said is None else said
    given, reply = iter(replies), cast(object, None)
    while True:
        try:
            command = talk.send(reply)  # type: ignore[attr-defined]
        except StopIteration:
            return said
        said.append(command)
        reply = next(given, None)


def site_piece() -> DocumentsPiece:
    (only,) = pieces(DocumentsBundle(Repository.SITE, "Site", (DocumentFile("metadata/4.snapshot.json", b"4"),)))
    return only


def test_documents_count_once_they_are_kept_and_recorded() -> None:
    stage = Stage()
    documents = stage.documents(version=4)
    taken = Taken(True, documents, Held((), ("metadata/4.snapshot.json", "metadata/x.snapshot.json")))
    keep, record, timer = drained(Post(stage.trusted).came(site_piece(), stage.now), taken, True)
    assert isinstance(keep, KeepDocuments)
    assert record == Record((log.DocumentsAccepted(repository=Repository.SITE, version=4, digest=documents.view.digest),))
    assert timer == StartTimer(Timer.DOCUMENTS, LOOK_SECONDS)
    assert (stage.trusted.documents, stage.trusted.held) == (documents, taken.held)


def test_what_cannot_be_recorded_narrows_and_goes_no_further() -> None:
    stage = Stage()
    with pytest.raises(NotOpened) as fault:
        drained(Post(stage.trusted).came(site_piece(), stage.now), Taken(True, None, Held()), False)
    assert fault.value.reason is Reason.LOG_UNAVAILABLE
    assert fault.value.late == log.DocumentsAccepted(repository=Repository.SITE, version=0, digest=bytes(32))
    assert stage.trusted.documents is None


@pytest.mark.parametrize(
    ("piece", "reply", "repository", "reason"),
    [
        (DocumentsPiece(1, 2, b"late"), None, None, Reason.DOCUMENT_INVALID),
        (site_piece(), Reason.DOCUMENT_STALE, Repository.SITE, Reason.DOCUMENT_STALE),
    ],
)
def test_what_does_not_stand_is_recorded_and_ends_the_connection(
    piece: DocumentsPiece, reply: Reason | None, repository: Repository | None, reason: Reason
) -> None:
    stage, said = Stage(), list[Any]()
    with pytest.raises(NotOpened) as fault:
        drained(Post(stage.trusted).came(piece, stage.now), reply, said=said)
    assert said[-1] == Note(log.DocumentsRefusedHere(repository=repository, reason=reason))
    assert (fault.value.reason, fault.value.late, stage.trusted.documents) == (reason, None, None)


def test_half_a_bundle_is_no_news_yet() -> None:
    stage = Stage()
    assert drained(Post(stage.trusted).came(DocumentsPiece(0, 2, b"half"), stage.now)) == []


def test_nothing_newer_is_nothing() -> None:
    stage = Stage()
    assert len(drained(Post(stage.trusted).came(site_piece(), stage.now), Taken(False, None, Held()))) == 1


def test_what_is_over_soon_is_looked_at_soon() -> None:
    stage = Stage()
    assert list(watch_documents(stage.trusted, stage.now)) == []
    for left, seconds in ((10.0, 10.0), (0.0, LEAST_SECONDS), (86_400.0, LOOK_SECONDS)):
        stage.trusted.documents = replace(stage.documents(), until=stage.now.utc + left)
        assert list(watch_documents(stage.trusted, stage.now)) == [StartTimer(Timer.DOCUMENTS, seconds)]
    other = stage.documents(version=2)
    look, timer = drained(look_again(stage.trusted, stage.now), other)
    assert (look, type(timer)) == (LookAgain(), StartTimer)
    assert stage.trusted.documents is other
