"""Every closed list has its words in every language, and every language says the same things with the same arguments."""

from collections import Counter
from enum import StrEnum

import pytest
from fluent.syntax import FluentParser, visitor
from fluent.syntax.ast import BaseNode, MessageReference, VariableReference
from fluent.syntax.ast import Message as FluentMessage

from audit.cli_common import KeyFrom
from audit.events import EVENTS
from audit.events.shape import sentence
from audit.log import Fault
from audit.proof import ProofFault
from audit.receipt import ReceiptFault
from audit.sentence import Sentence
from audit.verify_against import Difference
from host_client.link import BannerState, Online
from policy.carrier import DirectCause
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.roles import Role
from policy.session import EndCause
from runtime.catalogues import LANGUAGES, LOCALE, Catalogue, CatalogueBroken, MessageMissing, catalogue
from tests.helpers.sample_events import sample
from wire.messages.documents import AuthenticatorType
from wire.messages.evidence import Doubt
from wire.messages.ledger import Answer
from wire.messages.presence import HostState
from wire.sealed.inner import Notice

CLOSED_LISTS: dict[str, type[StrEnum]] = {
    "reason": Reason,
    "end": EndCause,
    "purpose": Purpose,
    "permission": Permission,
    "answer": Answer,
    "authenticator": AuthenticatorType,
    "role": Role,
    "notice": Notice,
    "banner": BannerState,
    "online": Online,
    "host-state": HostState,
    "fault": Fault,
    "difference": Difference,
    "receipt-fault": ReceiptFault,
    "proof-fault": ProofFault,
    "key-from": KeyFrom,
    "doubt": Doubt,
    "direct-over": DirectCause,
}
BESIDE: dict[str, set[str]] = {"answer": {"answer-open", "answer-withdrawn"}, "banner": {"banner-direct"}}
"""Words of the console's summary and of the banner that share a list's prefix."""
LIST_ARGUMENTS: dict[str, set[str]] = {
    "fault": {"index", "last", "count"},
    "difference": {"index", "other", "side", "session"},
    "receipt-fault": {"index"},
    "proof-fault": {"index"},
}


class _Used(visitor.Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 - named by the library
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: MessageReference) -> None:  # noqa: N802 - named by the library
        self.messages.add(node.id.name)


def entries(language: str) -> list[FluentMessage]:
    parsed = FluentParser().parse((LOCALE / f"{language}.ftl").read_text(encoding="utf-8"))
    return [entry for entry in parsed.body if isinstance(entry, FluentMessage)]


def used(node: BaseNode) -> _Used:
    found = _Used()
    found.visit(node)
    return found


PLACEABLES = {language: {entry.id.name: used(entry).variables for entry in entries(language)} for language in LANGUAGES}


def test_english_and_french_are_there() -> None:
    assert LANGUAGES == ("en", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_written_twice_and_no_reference_leads_nowhere(language: str) -> None:
    written = Counter(entry.id.name for entry in entries(language))
    assert [name for name, count in written.items() if count > 1] == []
    assert {name for entry in entries(language) for name in used(entry).messages} <= written.keys()


def test_every_language_has_the_same_messages_with_the_same_placeables() -> None:
    for language in LANGUAGES:
        assert PLACEABLES[language] == PLACEABLES["en"], language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", CLOSED_LISTS)
def test_every_member_of_a_closed_list_has_its_words_and_no_words_are_of_no_member(prefix: str, language: str) -> None:
    wanted = {f"{prefix}-{member.value}" for member in CLOSED_LISTS[prefix]}
    there = {name.removesuffix("-host") for name in PLACEABLES[language] if name.startswith(f"{prefix}-")}
    assert there == wanted | BESIDE.get(prefix, set())
    for name in PLACEABLES[language]:
        if name.removesuffix("-host") in wanted:
            assert PLACEABLES[language][name] <= LIST_ARGUMENTS.get(prefix, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_its_sentence_and_no_sentence_is_of_no_event(language: str) -> None:
    assert {name for name in PLACEABLES[language] if name.startswith("event-")} == {f"event-{name}" for name in EVENTS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bare", [True, False], ids=["bare", "full"])
@pytest.mark.parametrize("name", EVENTS)
def test_every_event_can_be_said(name: str, bare: bool, language: str) -> None:
    said = catalogue(language).sentence(sentence(sample(name, bare=bare)))
    assert said.strip()
    assert "{" not in said
    assert "none" not in said.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_begins_large_and_ends_with_a_stop(language: str) -> None:
    words = catalogue(language)
    for prefix in ("reason", "end", "notice"):
        for name in PLACEABLES[language]:
            if name.startswith(f"{prefix}-"):
                assert words.text(name)[0].isupper(), name
                assert words.text(name).endswith("."), name


def test_a_missing_message_or_argument_raises() -> None:
    words = Catalogue("en", "with = a { $thing }\nbare =\n    .attribute = only\n")
    assert words.text("with", thing="b") == "a b"
    for name in ("nothing", "with", "bare"):
        with pytest.raises(MessageMissing):
            words.text(name)


def test_what_is_no_catalogue_is_refused() -> None:
    with pytest.raises(CatalogueBroken, match="not understood"):
        Catalogue("en", "a = { $unclosed\n")


def test_the_version_changes_with_any_word() -> None:
    assert Catalogue("en", "a = b").version != Catalogue("en", "a = c").version
    assert catalogue("en").version == catalogue("en").version


def test_a_language_is_found_by_its_first_part_and_english_stands_in() -> None:
    assert catalogue("fr_FR.UTF-8").language == catalogue("fr-CA").language == catalogue("FR").language == "fr"
    assert catalogue("de").language == catalogue("").language == catalogue("C.UTF-8").language == "en"


def test_the_person_at_the_host_reads_their_own_wording_where_there_is_one() -> None:
    words = catalogue("en")
    assert words.text_at_host("reason-code_used") == words.text("reason-code_used-host")
    assert words.text_at_host("reason-host_busy") == words.text("reason-host_busy")


def test_large_numbers_are_written_without_separators() -> None:
    assert Catalogue("fr", "a = { $n }").sentence(sentence_of(12345)) == "12345"


def sentence_of(number: int) -> Sentence:
    return Sentence("a", {"n": number})
