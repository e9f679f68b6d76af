"""`chaperone-host receipts`: the receipts of this host's visits, to be read, shown and handed on. Works while the guardian runs."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audit.receipt import ReceiptFinding, check_receipt
from audit.receipt_form import RECEIPT_MAX, ReceiptInvalid, SignedReceipt, read_receipt
from audit.receipt_html import html_of
from audit.receipt_words import Fact, Page, page_of
from audit.visible import visible
from host_client.cli_common import StateOption, files_and_config, out, stop
from host_client.config import HostFiles, NotEnrolled, read_enrolment
from host_client.guardian.main import EXIT_FAULT, EXIT_NOT_ENROLLED, EXIT_WORDS
from host_client.guardian.receipts import all_receipts, find
from runtime.catalogues import catalogue
from runtime.private_files import FileExposed, create_private
from trust.keys import KeyUnreadable, load_key
from trust.signatures import verifies

receipts = typer.Typer(no_args_is_help=True, help="Receipts of visits: who came, what was asked and answered, signed by both sides.")


class Language(StrEnum):
    """Languages of the pages."""

    EN = "en"
    FR = "fr"


Visit = Annotated[str, typer.Argument(metavar="VISIT", help="The visit, as `list` prints it.")]
InLanguage = Annotated[Language, typer.Option("--language", help="Language of the page.")]
Out = Annotated[Path, typer.Option("--out", help="Where to write it; the file must not be there yet.")]


class Form(StrEnum):
    """What a receipt can be written as."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"


@receipts.command("list")
def list_command(state: StateOption = None) -> None:
    """List the receipts, oldest first: date, visit, and whether the broker has signed it too."""
    files, _ = files_and_config(state, None)
    for path in all_receipts(files.receipts):
        signed = _read(path)
        name = f"{path.name[:10]}  {visible(path.stem[11:])}"
        if signed is None:
            out.print(f"{name}  cannot be read", markup=False)
        else:
            both = "signed by both" if signed.broker is not None else "not signed by the broker yet"
            out.print(f"{path.name[:10]}  {visible(signed.receipt.session_id)}  {both}", markup=False)


@receipts.command("show")
def show_command(visit: Visit, language: InLanguage = Language.EN, state: StateOption = None) -> None:
    """Show a receipt in words. Exit code 1 if something is wrong with it."""
    files, _ = files_and_config(state, None)
    signed, findings = _checked(files, visit)
    for line in _lines(page_of(signed, findings, catalogue(language.value))):
        out.print(line, markup=False)
    raise typer.Exit(EXIT_FAULT if findings else 0)


@receipts.command("export")
def export_command(
    visit: Visit,
    target: Out,
    form: Annotated[Form, typer.Option("--as")] = Form.JSON,
    language: InLanguage = Language.EN,
    state: StateOption = None,
) -> None:
    """Write a receipt to a file: JSON is the receipt itself, which anybody can check; HTML and PDF are for reading."""
    files, _ = files_and_config(state, None)
    signed, findings = _checked(files, visit)
    content = _path(files, visit).read_bytes() if form is Form.JSON else _drawn(signed, findings, form, language)
    try:
        create_private(target, content)
    except OSError as fault:
        raise stop(f"{target} cannot be written: {fault.strerror}", EXIT_WORDS) from None
    out.print(f"{target}: {len(content)} bytes", markup=False)


def _drawn(signed: SignedReceipt, findings: tuple[ReceiptFinding, ...], form: Form, language: Language) -> bytes:
    page = page_of(signed, findings, catalogue(language.value))
    if form is Form.HTML:
        return html_of(page).encode()
    from audit.receipt_pdf import pdf_of  # fonts and tables take a second to load, which no other command has

    return pdf_of(page, signed.receipt.made_at)


# ---- reading


def _path(files: HostFiles, visit: str) -> Path:
    path = find(files.receipts, visit)
    if path is None:
        raise stop(f"there is no receipt of {visible(visit)}", EXIT_WORDS)
    return path


def _checked(files: HostFiles, visit: str) -> tuple[SignedReceipt, tuple[ReceiptFinding, ...]]:
    """The receipt and what is wrong with it, by this host's own key."""
    path = _path(files, visit)
    signed = _read(path)
    if signed is None:
        raise stop(f"{path} cannot be read, or is no receipt", EXIT_FAULT)
    try:
        read_enrolment(files.enrolment)
        key = load_key(files.key).public_key
    except (NotEnrolled, KeyUnreadable, FileExposed, OSError) as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    return signed, check_receipt(path.read_bytes(), key, None, verifies)


def _read(path: Path) -> SignedReceipt | None:
    try:
        with path.open("rb") as file:
            return read_receipt(file.read(RECEIPT_MAX + 1))
    except (OSError, ReceiptInvalid):
        return None


# ---- in words, on a terminal


def _lines(page: Page) -> Iterator[str]:
    yield f"{page.title}  {page.number}"
    yield page.lead
    yield page.verdict
    yield from (f"  ! {each}" for each in page.faults)
    yield from _part(page.headings["visit"], page.visit)
    for party in page.parties:
        yield from _part(f"{party.role}: {party.name}", party.facts)
    for request in page.requests:
        yield from _part(f"{request.number}. {request.title}: {request.verdict}", request.facts)
        if request.shown:
            yield f"  {request.shown}"
            yield from (f"    | {each}" for each in request.prompt)
    if not page.requests:
        yield from ("", page.nothing_asked)
    yield from ("", page.headings["order"])
    yield from (f"  {each.index:>9}  {each.time}  {each.text}" for each in page.lines)
    yield from _part(page.headings["proof"], page.proof)


def _part(heading: str, facts: "tuple[Fact, ...] | list[Fact]") -> Iterator[str]:
    yield from ("", heading)
    yield from (f"  {each.label}: {each.value}" for each in facts)
