"""The page of a receipt on paper says the same words, with whichever fonts there are."""

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from audit.receipt_form import ReceiptFile, encode_receipt
from audit.receipt_pdf import FONT_FOLDERS, Fonts, pdf_of, system_fonts
from audit.receipt_words import page_of
from policy.permissions import Permission
from runtime.catalogues import LANGUAGES, catalogue
from tests.helpers.hostile_texts import HOSTILE, LETTERS
from tests.helpers.receipts import MADE, burnt_visit, check, whole_visit

VISIT = whole_visit()
PAGE = page_of(VISIT.signed(), (), catalogue("en"))
CORE = Fonts(None)


def words_of(pdf: bytes) -> str:
    """The text of a PDF made with the fonts of every reader, in the order in which it is drawn."""
    drawn = ""
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            drawn += zlib.decompress(stream).decode("latin-1")
        except zlib.error:
            continue
    return " ".join(re.sub(r"\\(.)", r"\1", each) for each in re.findall(r"\(((?:\\.|[^\\()])*)\) Tj", drawn))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fonts", [CORE, system_fonts()], ids=["core", "system"])
def test_every_receipt_can_be_put_on_paper(language: str, fonts: Fonts) -> None:
    for signed in (VISIT.signed(), burnt_visit().signed(), replace(VISIT.signed(), broker=None)):
        page = page_of(signed, check(encode_receipt(signed)), catalogue(language))
        pdf = pdf_of(page, MADE, fonts)
        assert pdf.startswith(b"%PDF-")
        assert b"/JavaScript" not in pdf
        assert b"/URI" not in pdf


def test_it_says_what_the_page_says() -> None:
    told = words_of(pdf_of(PAGE, MADE, CORE))
    for expected in (
        "Receipt of a support visit",
        "Ann of Acme asks to see this screen.",
        "Allowed, then taken back",
        "Rule 6 of admission was not met.",
    ):
        assert expected in told
    first = PAGE.requests[0]
    for line in first.prompt:
        for word in line.translate({0x2019: "'", 0x201C: '"', 0x201D: '"'}).split():
            assert word in told, word


def test_letters_that_a_font_lacks_are_spelled_and_nothing_is_dropped() -> None:
    files = tuple(ReceiptFile(1, Permission.FILE_TO_HOST, text, 1, bytes(32)) for text in (*HOSTILE, *LETTERS))
    page = page_of(VISIT.signed(files=files), (), catalogue("en"))
    assert pdf_of(page, MADE).startswith(b"%PDF-")
    told = words_of(pdf_of(page, MADE, CORE)).replace(" ", "")
    for text in (*HOSTILE, *LETTERS):
        for each in text:
            shown = each if ord(each) < 256 and each.isprintable() else f"\\u{ord(each):04x}"
            assert shown.strip() in told, (text, each)


def test_files_and_many_lines_break_over_pages() -> None:
    files = tuple(ReceiptFile(1, Permission.FILE_TO_HOST, f"{number} {'x' * 200}", 1, bytes(32)) for number in range(60))
    pdf = pdf_of(page_of(VISIT.signed(files=files), (), catalogue("en")), MADE, CORE)
    assert pdf.count(b"/Type /Page\n") > 4


def test_fonts_are_taken_where_all_of_them_are(tmp_path: Path) -> None:
    assert system_fonts((tmp_path,)) == Fonts(None)
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"):
        (tmp_path / name).touch()
    assert system_fonts((Path("/nowhere"), tmp_path)) == Fonts(tmp_path)
    assert all(each.is_absolute() for each in FONT_FOLDERS)
