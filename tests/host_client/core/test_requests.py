"""Requests and answers, made and checked."""

from dataclasses import replace

import pytest

from host_client.core.ports import Seat
from host_client.core.requests import (
    PROMPT_MAX,
    Prompt,
    Reach,
    Request,
    answer_words,
    answered,
    committed_to,
    kind_of,
    named,
    no_prompt,
    prompt_of,
    read_asked,
)
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from tests.helpers.host_core import FILE, FILE_COMMITTED, HOST, SESSION, TECHNICIAN, Stage
from tests.helpers.playbook import NOON
from tests.helpers.views import technician
from wire.commitments import commitment, matches
from wire.errors import PeerMisbehaved
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.ledger import Answer, Asked, FileScope
from wire.sealed.inner import AskWords
from wire.statements import Label

STAGE = Stage()
DEVICE = Authenticator(AuthenticatorType.ED25519, STAGE.device.public_key, "")
WHO = (SESSION, TECHNICIAN, HOST)
WORDS = AskWords(1, b"k" * 32, "see \u202ethis")
ASKED = Asked(SESSION, 1, TECHNICIAN, HOST, Permission.VIEW, Purpose.FAULT, "C\n1", commitment(WORDS.key, WORDS.words), 0)
SEAT = Seat("en", "lab", "c1", 1, 1)
PERSON = technician(TECHNICIAN, "blue", name="Ann", company="Acme")


def test_a_request_with_its_words_is_read() -> None:
    request = read_asked(STAGE.device.sign(Label.ASKED, ASKED), DEVICE, WHO, WORDS)
    assert (request.asked, request.words) == (ASKED, WORDS)


def test_a_request_without_signature_words_or_visit_is_misbehaviour() -> None:
    signed = STAGE.device.sign(Label.ASKED, ASKED)
    other = STAGE.device.sign(Label.ASKED, replace(ASKED, session_id="s-2"))
    for statement, words in ((replace(signed, sig=bytes(64)), WORDS), (other, WORDS), (signed, None), (signed, replace(WORDS, words="x"))):
        with pytest.raises(PeerMisbehaved):
            read_asked(statement, DEVICE, WHO, words)


def test_a_prompt_shows_strange_characters_and_its_commitment_covers_every_line() -> None:
    request = read_asked(STAGE.device.sign(Label.ASKED, ASKED), DEVICE, WHO, WORDS)
    prompt = prompt_of(request, PERSON, "Analyser", STAGE.ports, SEAT, NOON)
    assert "[U+202E]" in prompt.text
    assert "C[U+000A]1" in prompt.text
    told = answered(ASKED, prompt, SEAT, (Answer.ALLOW, None), 99.9, STAGE.enrolled, NOON)
    assert told.seconds == 99
    assert matches(told.prompt_commitment, prompt.key, "\n".join(prompt.lines))
    refused = answered(ASKED, no_prompt(STAGE.ports, NOON), SEAT, (Answer.POLICY, Reason.NO_SCREEN), 99, STAGE.enrolled, NOON)
    assert (refused.seconds, refused.reason) == (0, Reason.NO_SCREEN)


def test_the_technicians_copy_fits_its_record() -> None:
    assert len(answer_words(ASKED, Prompt(("x" * 9000,), bytes(32), NOON)).prompt) == PROMPT_MAX


FILE_ASKED = replace(ASKED, permission=Permission.FILE_TO_HOST, file=FILE_COMMITTED)


def asked_with(asked: Asked, words: AskWords) -> object:
    return read_asked(STAGE.device.sign(Label.ASKED, asked), DEVICE, WHO, words)


def test_a_file_is_the_one_that_was_committed_to() -> None:
    words = replace(WORDS, file=FILE)
    assert asked_with(FILE_ASKED, words)
    named_file = named(FILE)
    assert named_file is not None
    assert (named_file.name, named_file.digest, named(None)) == (FILE.name, FILE.digest, None)
    for asked, said in (
        (FILE_ASKED, WORDS),
        (replace(FILE_ASKED, file=None), words),
        (replace(FILE_ASKED, file=None), WORDS),
        (replace(FILE_ASKED, permission=Permission.CONTROL), words),
        (FILE_ASKED, replace(words, file=replace(FILE, name="b.txt"))),
        (FILE_ASKED, replace(words, file=replace(FILE, files=2))),
        (FILE_ASKED, replace(words, file=replace(FILE, size=9))),
    ):
        with pytest.raises(PeerMisbehaved):
            asked_with(asked, said)


def test_the_prompt_names_a_file_harmlessly() -> None:
    hostile = replace(FILE, name="photo\u202egnp.exe", size=2_500_000)
    request = Request(FILE_ASKED, b"", replace(WORDS, file=hostile))
    lines = prompt_of(request, PERSON, "PC", STAGE.ports, SEAT, NOON).lines
    assert "File: photo[U+202E]gnp.exe" in lines
    assert any(FILE.digest.hex() in line for line in lines)
    assert any("2.5 MB" in line for line in lines)
    assert any(".exe" in line and "program" in line for line in lines)
    assert [kind_of(name) for name in ("a.TXT", "none", ".hidden", "a.tar.gz")] == ["txt", "", "", "gz"]


def test_a_picked_file_is_committed_to_in_the_answer_and_told_with_its_key() -> None:
    prompt = no_prompt(STAGE.ports, NOON)
    said = answered(ASKED, prompt, SEAT, (Answer.ALLOW, None), 60, STAGE.enrolled, NOON, Reach(FileScope.THIS, picked=FILE))
    assert said.file == committed_to(FILE) == FILE_COMMITTED
    assert answer_words(ASKED, prompt, FILE).file == FILE
