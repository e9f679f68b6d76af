"""A copy of the trail in each form: the same entries, told in the language that was asked for."""

import pytest

from broker.export_forms import MEDIA, copy_of
from runtime.catalogues import catalogue
from wire.messages.audit import ExportForm, TrailEntry, TrailField

ENTRIES = (
    TrailEntry(7, 1_777_896_000_000, False, "signed_in", "done", "=cmd <script>", (TrailField("name", "=1"),)),
    TrailEntry(9, 0, True, "", "", "Entry 9 cannot be read.", ()),
)
BEGINS = {ExportForm.JSONL: b'{"index":7,', ExportForm.CSV: b"index,time,", ExportForm.HTML: b"<!doctype html>", ExportForm.PDF: b"%PDF-"}


@pytest.mark.parametrize("form", ExportForm)
def test_every_form_holds_every_entry(form: ExportForm) -> None:
    copy = copy_of(form, "Copy x-1", ENTRIES, catalogue("fr"))
    assert copy.startswith(BEGINS[form])
    assert form in MEDIA
    if form is not ExportForm.PDF:
        assert b"Entry 9 cannot be read." in copy


def test_a_page_says_what_it_is_and_escapes_what_strangers_wrote() -> None:
    page = copy_of(ExportForm.HTML, "Copy x-1", ENTRIES, catalogue("fr")).decode()
    assert "<title>Copy x-1</title>" in page
    assert "<script>" not in page
    assert "<td>=cmd &lt;script&gt;</td>" in page
    assert "<td>2026-05-04T12:00:00.000Z</td><td></td><td>signed_in</td>" in page
    assert "<td>9</td><td></td><td></td><td></td><td></td>" in page, "what cannot be read has no time"
