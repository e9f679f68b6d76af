"""`chaperone-policy`: write, check and understand a policy, on any machine. It changes nothing and talks to nobody."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from policy.decision import Deny, Reason
from policy.direct import terms_for, words_of
from policy.effective import STEP, Explanation, Finding, explain, until_change
from policy.facts import InstrumentFacts
from policy.json_schema import json_schema
from policy.language import Document, Party
from policy.permissions import Permission
from policy.reading import Fault, PolicyRefused, read_policy
from policy.rulebook import Rulebook, rulebook
from runtime.catalogues import Catalogue, catalogue
from runtime.version import VersionOption
from trust.desk import fail, say
from trust.keys import KeyUnreadable
from trust.metadata import VENDOR_POLICY_PATH
from trust.policy_facts import Unknown, load_view, unknown_names
from trust.refused import DocumentRefused
from trust.view import View, instrument_facts, visitor_facts

EXAMPLE = Path(__file__).with_name("policy_example.toml")

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Language(StrEnum):
    """Languages of the sentences."""

    EN = "en"
    FR = "fr"


class PolicyUnreadable(Exception):
    """A file or argument cannot be read. The message is for the person at the terminal."""


InLanguage = Annotated[Language, typer.Option("--language", help="Language of the sentences.")]
DocumentsAt = Annotated[Path, typer.Option(help="The vendor's signed documents: a folder `published`, or a host's documents/vendor.json.")]
RootFile = Annotated[Path | None, typer.Option(help="The vendor's 1.root.json as it was given to you; else the one with the documents.")]


@app.callback()
def policy(version: VersionOption = False) -> None:
    """Say who may help where and when, and find out why somebody may not.

    A site and the vendor each write one document, in TOML. A visit needs both: what the site does not allow, the vendor
    cannot. Begin with `chaperone-policy example > site.toml`, change it, and `check` it after each change.

    Exit codes: 0 sound, or allowed; 1 something is wrong with a document, or refused; 2 wrong usage, or a file that
    cannot be read.
    """


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy documents.")],
    documents: Annotated[Path | None, typer.Option(help="The vendor's signed documents: also report names that they do not have.")] = None,
    language: InLanguage = Language.EN,
) -> None:
    """Find every mistake in these documents, with file, line and rule.

    Keys that do not exist, wrong types, hours that end before they begin, unknown time zones and names that stand twice
    are refused, because a rule that is read otherwise than it was meant may let somebody in. With --documents, a name
    that fits nobody is reported too: a slip of the pen in a [[deny]] denies nothing.
    """
    words, known = catalogue(language.value), load_view(documents, None) if documents is not None else None
    wrong = False
    for file in files:
        try:
            document = _read(file)
        except PolicyRefused as refused:
            wrong = True
            _tell_faults(refused, words)
            continue
        unknown = list(unknown_names(document, known)) if known is not None else []
        for each in unknown:
            say(_unknown_line(each, words))
        wrong = wrong or bool(unknown)
        say(_summary(document))
    raise typer.Exit(1 if wrong else 0)


@app.command("explain")
def explain_command(
    technician: Annotated[str, typer.Argument(metavar="TECHNICIAN", help="Id of a technician, such as t-ana.")],
    host: Annotated[str, typer.Argument(metavar="HOST", help="Id of a host, such as h-lab-3.")],
    permission: Annotated[Permission, typer.Argument(metavar="PERMISSION", help=f"One of: {', '.join(Permission)}.")],
    site: Annotated[Path, typer.Option(help="The site's policy.")],
    documents: DocumentsAt,
    vendor: Annotated[Path | None, typer.Option(help="The vendor's policy; the signed one, if left out.")] = None,
    root: RootFile = None,
    at: Annotated[str, typer.Option(metavar="TIME", help="Such as 2027-03-01T09:30, by the clock of the site; now, if left out.")] = "",
    language: InLanguage = Language.EN,
) -> None:
    """Say whether a technician may ask for a permission at a host, and which rule decided, in plain words.

    Every check is shown under the number of its step of admission, also those behind the first that refuses. What the
    person at the instrument answers comes after all of this, and so does the technician's second factor.
    """
    words, facts = catalogue(language.value), load_view(documents, root)
    site_document, vendor_document = _read_as(site, Party.SITE), _vendors(vendor, facts)
    zone = ZoneInfo(site_document.zone)
    moment = _moment(at, zone)
    if root is None:
        say("Checked from the root that is with the documents; say --root FILE to check from the one you were given.")
    say(_asked(words, technician, host, permission, moment, site_document.zone))
    visitor = visitor_facts(facts, technician)
    if visitor is None:
        say(_concluded(Deny(Reason.NOT_ASSIGNED), words))
        raise typer.Exit(1)
    books = rulebook(vendor_document, ZoneInfo), rulebook(site_document, ZoneInfo)
    question = (permission, visitor, instrument_facts(facts, host), moment, *books)
    said = explain(*question)
    for line in _explained(said, words):
        say(line)
    for book in books:
        for mask in book.pages[0].masks(instrument_facts(facts, host)):
            say(words.text("policy-mask", rule=mask.name, file=book.pages[0].document.file, line=str(mask.line)))
    for line in _carried(instrument_facts(facts, host), *books, words):
        say(line)
    if isinstance(said.decision, Deny):
        raise typer.Exit(1)
    change = until_change(*question)
    if change is not None:
        say(words.text("policy-until", moment=_clock(change, zone, site_document.zone)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a policy, for an editor that completes and checks while you type."""
    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def example() -> None:
    """Print a policy with comments, to begin with."""
    typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)


def _read(file: Path) -> Document:
    """Raises PolicyRefused, PolicyUnreadable, OSError."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PolicyUnreadable(f"{file} is no UTF-8 text") from None
    return read_policy(text, str(file), ZoneInfo)


def _read_as(file: Path, party: Party) -> Document:
    document = _read(file)
    if document.party is not party:
        raise PolicyUnreadable(f"{file} is the policy of the {document.party.value}, and --{party.value} needs that of the {party.value}")
    return document


def _vendors(file: Path | None, view: View) -> Document:
    if file is not None:
        return _read_as(file, Party.VENDOR)
    if not view.vendor_policy:
        raise PolicyUnreadable("the vendor has signed no policy, so nobody may do anything; say --vendor FILE to try one")
    return read_policy(view.vendor_policy, VENDOR_POLICY_PATH, ZoneInfo)


def _moment(at: str, zone: ZoneInfo) -> float:
    if not at:
        return time.time()
    try:
        told = datetime.fromisoformat(at)
    except ValueError:
        raise PolicyUnreadable(f"{at} is no time such as 2027-03-01T09:30") from None
    return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).timestamp()


def _clock(moment: float, zone: ZoneInfo, name: str) -> str:
    return f"{datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M} ({name})"


def _asked(words: Catalogue, technician: str, host: str, permission: Permission, moment: float, zone: str) -> str:
    asked = words.text(f"permission-{permission.value}")
    when = _clock(moment, ZoneInfo(zone), zone)
    return words.text("policy-asked", technician=technician, host=host, permission=asked, moment=when)


def _explained(said: Explanation, words: Catalogue) -> list[str]:
    return [*(_step(finding, words) for finding in said.findings), _concluded(said.decision, words)]


def _carried(instrument: InstrumentFacts, vendor: Rulebook, site: Rulebook, words: Catalogue) -> Iterator[str]:
    """By which way content of this instrument travels, and who said so."""
    terms = terms_for(instrument, vendor, site)
    mode = "no_way" if terms.no_way else terms.mode.value
    yield words.text("policy-direct", mode=mode, ranges=", ".join(map(str, terms.ranges)))
    for word in words_of(instrument, vendor, site):
        yield f"  {words.text('policy-direct-word', says=word.says, file=word.file)}"


def _step(finding: Finding, words: Catalogue) -> str:
    sign = "!" if isinstance(finding.decision, Deny) else "+"
    what = words.text(finding.message, file=finding.file, rule=finding.rule, line=str(finding.line), text=finding.text)
    return f"{STEP[finding.check]} {sign} {what}"


def _concluded(decision: object, words: Catalogue) -> str:
    if isinstance(decision, Deny):
        return words.text("policy-conclusion-denied", reason=words.text(f"reason-{decision.reason.value}"))
    return words.text("policy-conclusion-allowed")


def _summary(document: Document) -> str:
    counts = f"{len(document.allow)} allow, {len(document.deny)} deny, {len(document.black_out)} black_out, {len(document.mask)} mask"
    return f"{document.file}: {document.party.value}, version {document.version}: {counts}"


def _tell_faults(refused: PolicyRefused, words: Catalogue) -> None:
    for fault in refused.faults:
        say(fault_line(fault, words))


def fault_line(fault: Fault, words: Catalogue) -> str:
    """One mistake in words, with file, line and rule."""
    what = words.text(f"policy-fault-{fault.kind.value}", key=fault.key, found=fault.found, wanted=fault.wanted)
    message = "policy-fault-in-rule" if fault.rule else "policy-fault"
    return words.text(message, file=fault.file, line=str(fault.line), rule=fault.rule, what=what)


def _unknown_line(unknown: Unknown, words: Catalogue) -> str:
    return words.text("policy-unknown", file=unknown.file, line=str(unknown.line), rule=unknown.rule, found=unknown.found)


def main(arguments: list[str] | None = None) -> None:
    """The program. Ends the process with the exit codes of `--help`."""
    try:
        app(arguments)
    except PolicyRefused as refused:
        fail(2, "\n".join(fault_line(fault, catalogue("en")) for fault in refused.faults))
    except DocumentRefused as fault:
        fail(2, f"{catalogue('en').text(f'reason-{fault.reason.value}')} ({fault})")
    except (PolicyUnreadable, KeyUnreadable) as fault:
        fail(2, str(fault))
    except (OSError, UnicodeDecodeError) as fault:
        fail(2, f"cannot be read: {fault}")


if __name__ == "__main__":
    main()
