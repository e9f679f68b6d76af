"""The page of a receipt: nothing that others wrote is anything but text in it."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from audit.receipt_form import ReceiptFile
from audit.receipt_html import STYLE, html_of
from audit.receipt_words import Page, page_of
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.helpers.hostile_texts import MARKUP
from tests.helpers.receipts import burnt_visit, whole_visit

VISIT = whole_visit()
PAGE = page_of(VISIT.signed(), (), catalogue("en"))
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "section", "div", "dl", "dt", "dd", "bdi"),
    *("ul", "li", "article", "header", "span", "figure", "figcaption", "blockquote", "footer"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Read(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def shape(page: Page) -> list[str]:
    return [tag for tag, _ in Read(html_of(page)).tags]


def test_it_holds_only_what_a_page_needs_and_asks_for_nothing() -> None:
    read = Read(html_of(PAGE))
    assert {tag for tag, _ in read.tags} <= ALLOWED
    named = {name for _, attributes in read.tags for name in attributes}
    assert named <= {"lang", "charset", "http-equiv", "content", "name", "class", "id", "aria-labelledby", "aria-hidden", "role", "scope"}


def test_its_policy_lets_its_own_style_through_and_nothing_else() -> None:
    read = Read(html_of(PAGE))
    policy = next(attributes["content"] for tag, attributes in read.tags if attributes.get("http-equiv"))
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f"<style>{STYLE}</style>" in html_of(PAGE)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_of_others_is_text_wherever_it_stands(text: str) -> None:
    receipt = VISIT.receipt(
        vendor=text,
        host=replace(VISIT.receipt().host, name=text, site=text),
        files=(ReceiptFile(1, Permission.FILE_TO_HOST, text, 1, bytes(32)),),
    )
    plain = VISIT.receipt(files=(ReceiptFile(1, Permission.FILE_TO_HOST, "x", 1, bytes(32)),))
    hostile = page_of(VISIT.sign(receipt), (), catalogue("en"))
    assert shape(hostile) == shape(page_of(VISIT.sign(plain), (), catalogue("en")))
    assert text in Read(html_of(hostile)).words


def test_words_of_the_technician_are_text_in_every_place_where_they_stand() -> None:
    hostile = whole_visit("".join(MARKUP)[:500])
    assert shape(page_of(hostile.signed(), (), catalogue("fr"))) == shape(PAGE)


def test_findings_are_listed() -> None:
    page = replace(PAGE, faults=("Entry <7>",))
    assert "<li>Entry &lt;7&gt;</li>" in html_of(page)


def test_a_short_receipt_says_that_nothing_was_asked_and_no_file_went() -> None:
    source = html_of(page_of(burnt_visit().signed(), (), catalogue("fr")))
    assert catalogue("fr").text("receipt-nothing-asked") in source
    assert "Aucun fichier" in source
    assert '<html lang="fr">' in source
