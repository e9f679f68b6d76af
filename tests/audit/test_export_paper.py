"""Paper with entries: everything of each is on it, whatever its letters and however long its words."""

from io import BytesIO

import pytest

from audit.export_pages import Cells
from audit.export_paper import LINE_MAX, pdf_page
from runtime.catalogues import catalogue

EVIL = Cells("1", "2026-05-04T12:00:00.000Z", "yes", "help_pressed", "refused", "<script>alert(1)</script> & more", '{"a": "<b>"}')
LONG = Cells("2", "2026-05-04T12:00:01.000Z", "", "help_pressed", "done", "x" * (LINE_MAX + 1) + "\u4e2d", "{}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_paper_holds_each_entry(language: str) -> None:
    file = BytesIO()
    assert pdf_page("Log", (EVIL, LONG), file, catalogue(language)) == 2
    assert file.getvalue().startswith(b"%PDF-")
