"""A page of entries: everything of each is in it as text, and nothing of it runs."""

from html.parser import HTMLParser
from io import BytesIO

from typing_extensions import override

from audit.export_pages import Cells, html_page
from runtime.catalogues import catalogue

EVIL = Cells("1", "2026-05-04T12:00:00.000Z", "yes", "help_pressed", "refused", "<script>alert(1)</script> & more", '{"a": "<b>"}')
LONG = Cells("2", "2026-05-04T12:00:01.000Z", "", "help_pressed", "done", "x" * 2001 + "\u4e2d", "{}")


class Text(HTMLParser):
    """The tags of a page, and the text of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.cells = list[str](), list[str]()

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    @override
    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "td":
            self.cells.append(data)


def test_each_cell_is_text_and_nothing_else() -> None:
    file = BytesIO()
    assert html_page("A <b>title</b>", (EVIL, LONG), file, catalogue("fr")) == 2
    page = Text()
    page.feed(file.getvalue().decode())
    assert {"script", "b"}.isdisjoint(page.tags)
    assert page.tags.count("tr") == 3
    assert EVIL.what in page.cells
    assert EVIL.fields in page.cells
    assert b"default-src 'none'" in file.getvalue()
    assert b"A &lt;b&gt;title" in file.getvalue()
