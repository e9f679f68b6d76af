"""Requests and answers, made and checked."""

from dataclasses import replace

import pytest

from host_client.core.ports import Seat
from host_client.core.requests import PROMPT_MAX, Prompt, answer_words, answered, no_prompt, prompt_of, read_asked
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from tests.helpers.host_core import HOST, SESSION, TECHNICIAN, Stage
from tests.helpers.playbook import NOON
from tests.helpers.views import technician
from wire.commitments import commitment, matches
from wire.errors import PeerMisbehaved
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.ledger import Answer, Asked
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
