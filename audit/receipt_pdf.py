"""The page of a receipt on paper: a PDF with the same words as `receipt_html.py`.

A PDF shows characters that its font has. Where this machine has the DejaVu fonts they are embedded; elsewhere the fonts that
every reader has must do, which know Western European letters only. What a font lacks is spelled \\uXXXX, never dropped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from audit.receipt_words import Fact, Page, Request, Tone
from audit.visible import spelled

FONT_FOLDERS = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/dejavu"),
    Path("/usr/share/fonts/TTF"),
    Path("/usr/local/share/fonts/dejavu"),
)
_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "mono": "DejaVuSansMono.ttf"}
_TYPEWRITTEN = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u202f": "\u00a0"}
)
_MARGIN, _LINE, _LABEL = 18.0, 5.2, 52.0
_ENTRY, _TIME = 15.0, 44.0
"""Millimetres: of the page, of a line of text, of the left column of facts; of the columns of the list."""
_INK, _SOFT, _RULE = (27, 36, 48), (86, 98, 116), (223, 228, 234)
_TONES = {Tone.GOOD: (23, 99, 61), Tone.BAD: (156, 35, 33), Tone.ENDED: (107, 77, 0), Tone.PLAIN: _INK}


@dataclass(frozen=True, slots=True)
class Fonts:
    """The folder that holds the DejaVu files; None: only the fonts of every PDF reader."""

    folder: Path | None


def system_fonts(folders: Iterable[Path] = FONT_FOLDERS) -> Fonts:
    """The fonts of this machine."""
    return Fonts(next((each for each in folders if all((each / name).is_file() for name in _FILES.values())), None))


def pdf_of(page: Page, made_at: int, fonts: Fonts | None = None) -> bytes:
    """The whole file. `made_at`: seconds since 1970, for its properties; the same page gives the same words on every machine."""
    sheet = _Sheet(page, fonts or system_fonts())
    sheet.set_creation_date(datetime.fromtimestamp(made_at, UTC))
    sheet.draw()
    return bytes(sheet.output())


class _Sheet(FPDF):
    """One PDF, drawn from top to bottom."""

    def __init__(self, page: Page, fonts: Fonts) -> None:
        super().__init__(format="A4")
        self._page = page
        self._folder = fonts.folder
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 6)
        self.set_lang(page.language)
        self.set_creator("Chaperone")
        if self._folder is not None:
            self.add_font("text", "", self._folder / _FILES[""])
            self.add_font("text", "B", self._folder / _FILES["B"])
            self.add_font("exact", "", self._folder / _FILES["mono"])
        self.set_title(self.plain(page.title))

    def plain(self, text: str) -> str:
        """The text in characters that the font at hand has."""
        if self._folder is None:
            return "".join(each if ord(each) < 256 else spelled(each) for each in text.translate(_TYPEWRITTEN))
        font = self.fonts["text"]
        assert isinstance(font, TTFFont)
        return "".join(each if ord(each) in font.cmap else spelled(each) for each in text)

    def _use(self, size: float, style: str = "", *, exact: bool = False, colour: tuple[int, int, int] = _INK) -> None:
        own, core = ("exact", "Courier") if exact else ("text", "Helvetica")
        self.set_font(own if self._folder is not None else core, "" if exact else style, size)
        self.set_text_color(*colour)

    def _write(self, text: str, *, width: float = 0, height: float = _LINE, indent: float = 0) -> None:
        self.set_x(_MARGIN + indent)
        self.multi_cell(width or self.epw - indent, height, self.plain(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        """The digest and the number of the page, on every page."""
        self.set_y(-_MARGIN)
        self._use(7.5, colour=_SOFT)
        self.cell(self.epw, 4, self.plain(f"{self._page.title} \N{MIDDLE DOT} {self._page.number}"))
        self.set_x(_MARGIN)
        self.cell(self.epw, 4, f"{self.page_no()}/{{nb}}", align=Align.R)

    # ---- from top to bottom

    def draw(self) -> None:
        """Everything."""
        page = self._page
        self.add_page()
        self._use(20, "B")
        self._write(page.title, height=9)
        self._use(11.5, colour=_SOFT)
        self._write(page.lead, height=6.5)
        self._verdict()
        self._heading("visit")
        self._facts(page.visit)
        self._parties()
        self._heading("requests")
        for request in page.requests:
            self._request(request)
        if not page.requests:
            self._plain_line(page.nothing_asked)
        self._heading("files")
        if page.files:
            self._facts(page.files)
        else:
            self._plain_line(page.headings["no-files"])
        self._order()
        self._heading("proof")
        self._facts(page.proof)
        self.ln(4)
        self._use(8.5, colour=_SOFT)
        self._write(page.foot, height=4.5)

    def _plain_line(self, text: str) -> None:
        self._use(10)
        self._write(text)

    def _verdict(self) -> None:
        page, colour = self._page, _TONES[self._page.tone]
        self.ln(3)
        top, sheet = self.get_y(), self.page
        self._use(10, "B", colour=colour)
        self._write(page.verdict, indent=4)
        self._use(10, colour=colour)
        for each in page.faults:
            self._write(f"\N{MIDDLE DOT} {each}", indent=4)
        if self.page == sheet:
            self.set_fill_color(*colour)
            self.rect(_MARGIN, top, 1, self.get_y() - top, style="F")

    def _heading(self, name: str) -> None:
        if self.will_page_break(24):
            self.add_page()
        self.ln(6)
        self._use(12.5, "B")
        self._write(self._page.headings[name], height=7)
        self.ln(1)

    def _facts(self, facts: Iterable[Fact], indent: float = 0) -> None:
        for each in facts:
            if self.will_page_break(_LINE * 2):
                self.add_page()
            top = self.get_y()
            self._use(9.5, colour=_SOFT)
            self._write(each.label, width=_LABEL - 3, indent=indent)
            below, sheet = self.get_y(), self.page
            self.set_y(top)
            self._use(8.5 if each.exact else 9.5, exact=each.exact)
            self._write(each.value, indent=indent + _LABEL)
            if self.page == sheet:
                self.set_y(max(below, self.get_y()))

    def _parties(self) -> None:
        self._heading("parties")
        for party in self._page.parties:
            if self.will_page_break(30):
                self.add_page()
            self._use(9, colour=_SOFT)
            self._write(party.role)
            self._use(11, "B")
            self._write(party.name, height=6)
            self._facts(party.facts)
            self.ln(3)

    def _request(self, request: Request) -> None:
        if self.will_page_break(40):
            self.add_page()
        self._rule()
        self._use(11, "B")
        self._write(f"{request.number}  {request.title}", height=6.5)
        self._use(10, "B", colour=_TONES[request.tone])
        self._write(request.verdict, height=6)
        self._facts(request.facts)
        if request.shown:
            self.ln(1.5)
            self._use(9, colour=_SOFT)
            self._write(request.shown)
            for number, line in enumerate(request.prompt):
                self._use(9.5, "" if number else "B")
                self._write(line, indent=6)
        self.ln(3)

    def _rule(self) -> None:
        self.set_draw_color(*_RULE)
        self.line(_MARGIN, self.get_y(), _MARGIN + self.epw, self.get_y())
        self.ln(1.5)

    def _order(self) -> None:
        self._heading("order")
        for line in self._page.lines:
            if self.will_page_break(_LINE * 2):
                self.add_page()
            top = self.get_y()
            self._use(8, colour=_SOFT)
            self._write(line.index, width=_ENTRY)
            self.set_y(top)
            self._write(line.time, width=_TIME, indent=_ENTRY)
            self.set_y(top)
            self._use(9, colour=_TONES[line.tone])
            self._write(line.text, indent=_ENTRY + _TIME)
