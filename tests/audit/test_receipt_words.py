"""What a receipt tells a person: all that was asked, word for word, and nothing that is not in its entries."""

from dataclasses import replace
from typing import Any, cast

import pytest

from audit.events import EVENTS, host, visit
from audit.receipt import ReceiptFault, ReceiptFinding
from audit.receipt_form import ProvenEntry, ReceiptFile, encode_receipt
from audit.receipt_words import Page, Tone, page_of
from audit.visible import visible
from host_client.core.events import Fired, Timer
from policy.permissions import Permission
from runtime.catalogues import LANGUAGES, catalogue
from tests.helpers.hostile_texts import HOSTILE
from tests.helpers.receipts import VisitMade, burnt_visit, check, exchanged, made_of, online, whole_visit
from tests.helpers.sample_events import sample

VISIT = whole_visit("Please show me the fault.")
SIGNED = VISIT.signed()
DEVICE = catalogue("en").text("receipt-device")


def page(made: VisitMade = VISIT, language: str = "en", **changed: object) -> Page:
    signed = made.signed(**changed)
    return page_of(signed, check(encode_receipt(signed)), catalogue(language))


def facts(found: Any) -> dict[str, str]:
    return {each.label: each.value for each in found}


def test_it_says_who_came_where_when_and_how_it_ended() -> None:
    told = page()
    assert told.lead == "Ann of Acme visited Analyser."
    assert (told.tone, told.faults) == (Tone.GOOD, ())
    about = facts(told.visit)
    assert about["Code shown"].endswith("(482913)")
    assert about["Reason given"] == "Fault or error message (CASE-1)"
    assert about["How it ended"] == "The technician ended the visit."
    assert about["Duration"] == "0 min 39 s"
    assert [party.name for party in told.parties] == ["Ann", "Analyser", "Vendor"]
    proven = cast(host.IdentityProven, VISIT.event(VISIT.index_of(host.IdentityProven)))
    assert facts(told.parties[0].facts)[DEVICE] == proven.fingerprint


def test_each_request_shows_the_prompt_word_for_word_and_its_answer() -> None:
    told = page()
    assert [(each.title, each.verdict, each.tone) for each in told.requests] == [
        ("See the screen", "Allowed", Tone.GOOD),
        ("Use mouse and keyboard", "Allowed, then taken back", Tone.GOOD),
        ("Use mouse and keyboard", "Refused", Tone.BAD),
        ("Restart the instrument PC", "Refused by policy", Tone.BAD),
    ]
    first, last = told.requests[0], told.requests[-1]
    assert first.prompt == cast(host.PromptShown, VISIT.event(VISIT.index_of(host.PromptShown))).prompt
    assert facts(first.facts)["In their own words"] == "Please show me the fault."
    assert facts(first.facts)["Answered by"] == "account “lab” (as stated, not verified)"
    assert (last.shown, last.prompt) == ("", ())
    assert "Answered by" not in facts(last.facts), "nobody was asked"


def test_a_stated_name_is_shown_as_stated() -> None:
    index = VISIT.index_of(visit.Answered)
    event = replace(cast(visit.Answered, VISIT.event(index)), stated_name="Mo")
    made = VisitMade(VISIT.stage, VISIT.host, VISIT.broker, VISIT.device)
    signed = made.forged(index, event)
    told = page_of(signed, (), catalogue("en"))
    assert facts(told.requests[0].facts)["Answered by"] == "account “lab”, name “Mo” (as stated, not verified)"


def test_a_request_that_nobody_answered_and_one_without_words() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW, "")
    stage.give(Fired(Timer.PROMPT))
    (request,) = page(made_of(stage)).requests
    assert (request.verdict, request.tone) == ("Not answered", Tone.ENDED)
    assert "In their own words" not in facts(request.facts)


def test_a_visit_that_never_came_to_a_question_is_told_shortly() -> None:
    told = page(burnt_visit())
    assert told.lead == "Somebody tried to visit Analyser. Nobody was let in."
    assert (told.requests, told.nothing_asked) == ((), "Nothing was asked, and nothing was allowed.")
    assert told.parties[0].name == "Not proven"
    assert facts(told.parties[0].facts)["Number given"] == "t-ann"


def test_rules_that_were_met_are_one_line_and_every_other_entry_has_its_own() -> None:
    lines = {each.index: each.text for each in page().lines}
    assert lines["9–12"] == "Rules 3 to 6 of admission were met."  # noqa: RUF001
    assert "Rule 6 of admission was not met." in lines["42"]
    covered = [number for index in lines for number in (index.split("–")[0], index.split("–")[-1])]  # noqa: RUF001
    assert {covered[0], covered[-1]} == {str(SIGNED.receipt.entries[0].index), str(SIGNED.receipt.entries[-1].index)}


def test_a_single_rule_that_was_met_is_a_line_like_any_other() -> None:
    index = VISIT.index_of(visit.AdmissionStep)
    kept = tuple(each for each in SIGNED.receipt.entries if each.index not in range(index + 1, index + 4))
    texts = {each.index: each.text for each in page(entries=kept).lines}
    assert texts[str(index)] == "Rule 3 of admission was met."


def test_what_a_check_found_stands_on_top_with_its_entry() -> None:
    told = page_of(SIGNED, (ReceiptFinding(ReceiptFault.ENTRY_NOT_PROVEN, 7),), catalogue("en"))
    assert told.tone is Tone.BAD
    assert told.faults == ("Entry 7 does not stand in the host\u2019s log as it stands in the receipt.",)


def test_a_receipt_with_nothing_to_read_in_it_is_still_a_page() -> None:
    broken = ProvenEntry(3, bytes(32), "{}", ())
    told = page(entries=(broken,), checkpoint="", device=None)
    assert told.tone is Tone.BAD
    assert told.lines == ()
    assert facts(told.proof)["Log of the instrument PC"] == "cannot be read"
    assert facts(told.parties[0].facts) == {"Number given": ""}


def test_answers_and_prompts_without_a_request_make_no_request() -> None:
    kept = tuple(each for each in SIGNED.receipt.entries if not isinstance(VISIT.event(each.index), visit.Asked))
    assert page(entries=kept).requests == ()


def test_files_are_named_with_their_hashes() -> None:
    files = (ReceiptFile(1, Permission.FILE_TO_HOST, "a\nb.txt", 3, b"\x01" * 32),)
    label = "a\\u000ab.txt (To the instrument PC, 3 bytes, SHA-256)"
    assert [(each.label, each.value) for each in page(files=files).files] == [(label, "01" * 32)]


def test_a_host_without_a_site_has_no_line_for_it() -> None:
    told = page(host=replace(SIGNED.receipt.host, site=""))
    assert "Site" not in facts(told.parties[1].facts)


def test_a_clock_that_was_suspect_is_said() -> None:
    entry = SIGNED.receipt.entries[0]
    suspect = replace(entry, entry=entry.entry.replace('"clock_suspect":false', '"clock_suspect":true'))
    assert page(entries=(suspect,)).lines[0].time.endswith("(clock not sure)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_that_can_stand_in_a_receipt_has_words(language: str) -> None:
    for name, cls in EVENTS.items():
        if cls.__module__ in {host.__name__, visit.__name__}:
            (only,) = (exchanged(VISIT.host, 1, sample(name, text="s-1")).prove(1),)
            (line,) = page(language=language, entries=(only,)).lines
            assert line.text.strip(), name


def test_what_strangers_wrote_is_one_line_and_shows_all_of_itself() -> None:
    half = len(HOSTILE) // 2
    for text in ("".join(HOSTILE[:half]), "".join(HOSTILE[half:])):
        told = page(whole_visit(text))
        shown = [each.value for request in told.requests for each in request.facts] + [each.text for each in told.lines]
        shown += [line for request in told.requests for line in request.prompt]
        for each in shown:
            assert each.replace("\u00a0", " ").replace("\u202f", " ").isprintable(), each
        assert visible(text) in facts(told.requests[0].facts)["In their own words"]
