"""`chaperone-audit verify`: one log by itself, or against the other side's log or a receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from audit import cli_common as common
from audit.against_receipt import ReceiptCompared, against_receipt
from audit.cli_common import KeyFrom
from audit.facts import Facts
from audit.log import KnownHead, Side
from audit.receipt_form import RECEIPT_MAX
from audit.show import finding_line, tail_line, unfit_line
from audit.stores import OpenLog, open_stored
from audit.verify import Report, Watch
from audit.verify_against import Compared, Keys, Whole, compare
from runtime.catalogues import Catalogue, catalogue
from trust.keys import fingerprint
from trust.signatures import ed25519_verifies, verifies
from wire.statements import Algorithm

_P256_BYTES = 65
Devices = Annotated[list[str] | None, typer.Option("--device-key", help="Public key of a technician's device; may be said again.")]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Everything that was found, for people and for programs."""

    opened: OpenLog
    report: Report
    key_from: KeyFrom
    other: "tuple[OpenLog, Report, KeyFrom] | None" = None
    compared: Compared | None = None
    receipt: ReceiptCompared | None = None

    @property
    def found(self) -> int:
        """How many things are wrong."""
        reports = [self.report, *([self.other[1]] if self.other else [])]
        unfit = [each for each in self.compared.unfit if not each.explained] if self.compared else []
        return sum(len(each.findings) for each in reports) + len(unfit) + (len(self.receipt.lines) if self.receipt else 0)

    @property
    def unclosed(self) -> bool:
        """Is there a visit that is not closed?"""
        return bool(self.compared.tails if self.compared else self.report.unclosed)


def verify(
    log: common.Log,
    against: Annotated[Path | None, typer.Option(help="The other side's log, or a receipt of a visit.")] = None,
    key: common.KeyOption = "",
    other_key: Annotated[str, typer.Option(help="Public key of the other side.")] = "",
    device_key: Devices = None,
    head: Annotated[str, typer.Option(help="A head noted down before, INDEX:HASH as `verify` prints it.")] = "",
    closed: Annotated[bool, typer.Option(help="Exit code 3 if a visit is not closed and nothing else is wrong.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Check every entry, the chain, the tree and every signed checkpoint, and name each entry that is wrong.

    With --against also what both sides must have said alike. Exit codes: 0 nothing is wrong, 1 something was found, 2 wrong
    usage or a log that cannot be read, 3 (with --closed) nothing is wrong but a visit is not closed. What is explained (a cut
    line, a killed program, retention) is told and is no finding.
    """
    known = _head(head) if head else None
    opened = open_stored(log)
    words = catalogue(language.value)
    if against is None:
        verdict = _alone(log, opened, key, known)
    else:
        verdict = _beside(_Brought(log, opened, against, key, other_key, device_key or [], known), words)
    if as_json:
        typer.echo(json.dumps(_as_json(verdict, words), indent=1, ensure_ascii=True))
    else:
        _tell(verdict, words)
    code = common.FINDINGS if verdict.found else common.UNCLOSED if closed and verdict.unclosed else common.FINE
    raise typer.Exit(code)


def examine(opened: OpenLog, key: bytes | None, known: KnownHead | None, facts: Facts | None, held: list[int]) -> tuple[Report, Watch]:
    """Read a whole log once. What it says of visits goes to `facts`. Raises LogUnreadable."""
    with opened.reading() as (beside, rows):
        watch = Watch(opened.empty(), beside, key, ed25519_verifies, known, held)
        for row in common.with_progress(rows, opened.count, f"the {opened.side.value}'s log"):
            entry = watch.look(row)
            if facts is not None:
                facts.look(row, entry)
        return watch.end(), watch


def _alone(log: Path, opened: OpenLog, text: str, known: KnownHead | None) -> _Verdict:
    key, key_from = common.key_of(opened, text, log)
    return _Verdict(opened, examine(opened, key, known, None, [])[0], key_from)


@dataclass(frozen=True, slots=True)
class _Brought:
    """What the auditor brought for a comparison."""

    log: Path
    opened: OpenLog
    other: Path
    key: str
    other_key: str
    devices: list[str]
    known: KnownHead | None


def _beside(brought: _Brought, words: Catalogue) -> _Verdict:
    opened, log, other = brought.opened, brought.log, brought.other
    if _is_receipt(other):
        own, key_from = common.key_of(opened, brought.key, log)
        its = common.given_key(brought.other_key) if brought.other_key else None
        report, _ = examine(opened, own, brought.known, None, [])
        return _Verdict(opened, report, key_from, receipt=against_receipt(opened, own, its, other.read_bytes(), words))
    second = open_stored(other)
    if second.side is opened.side:
        common.fail(f"both are logs of a {opened.side.value}: give the log of a broker and that of a host")
    (own, own_from), (its, its_from) = common.key_of(opened, brought.key, log, other), common.key_of(second, brought.other_key, other, log)
    sides = {opened.side: (opened, own, brought.known), second.side: (second, its, None)}
    reports, compared = both_checked(sides, _devices(brought.devices))
    return _Verdict(opened, reports[opened.side], own_from, (second, reports[second.side], its_from), compared)


def _is_receipt(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > RECEIPT_MAX:
        return False
    with path.open("rb") as file:
        return file.read(10) == b'{"broker":'


Sides = Mapping[Side, tuple[OpenLog, bytes | None, KnownHead | None]]


def both_checked(sides: Sides, devices: dict[str, tuple[Algorithm, bytes]]) -> tuple[dict[Side, Report], Compared]:
    """The host's log is read first for what it says, because a broker's holds the visits of all hosts; then both are checked."""
    host_log, host_key, host_known = sides[Side.HOST]
    broker_log, broker_key, broker_known = sides[Side.BROKER]
    host = Facts(Side.HOST)
    examine(host_log, None, None, host, [])
    broker = Facts(Side.BROKER, host.host_id, host.visits.keys())
    held = [head.size for _, head in host.heads]
    broker_report, broker_watch = examine(broker_log, broker_key, broker_known, broker, held)
    held = [head.size for _, head in broker.heads]
    host_report, host_watch = examine(host_log, host_key, host_known, None, held)
    compared = compare(
        Whole(host, host_log.log_id, host_report.chain.size, host_key, host_watch.roots),
        Whole(broker, broker_log.log_id, broker_report.chain.size, broker_key, broker_watch.roots),
        Keys(verifies, devices),
    )
    return {Side.HOST: host_report, Side.BROKER: broker_report}, compared


def _devices(texts: list[str]) -> dict[str, tuple[Algorithm, bytes]]:
    found = {}
    for text in texts:
        key = common.given_device_key(text)
        alg = Algorithm.P256 if len(key) == _P256_BYTES else Algorithm.ED25519
        found[fingerprint(alg, key)] = alg, key
    return found


# ---- for people


def _tell(verdict: _Verdict, words: Catalogue) -> None:
    console = common.screen()
    _tell_log(console, verdict.opened, verdict.report, verdict.key_from, words)
    if verdict.other:
        _tell_log(console, *verdict.other, words)
    if verdict.compared:
        _tell_compared(console, verdict.compared, verdict.found, words)
    else:
        for each in verdict.report.unclosed:
            console.print(f"Visit {each.session_id} is not closed: unclosed tail from entry {each.since}.", markup=False)
    if verdict.receipt:
        _tell_receipt(console, verdict.receipt)
    if verdict.report.findings or verdict.found:
        return
    chain = verdict.report.chain
    console.print(f"Head: {chain.size}:{chain.head.hex()}", markup=False)


def _tell_log(console: Console, opened: OpenLog, report: Report, key_from: KeyFrom, words: Catalogue) -> None:
    for finding in report.findings:
        console.print(finding_line(finding, words), style="bold red", markup=False)
    for finding in report.explained:
        line = f"Acknowledged by a named person: {finding_line(finding, words)}"
        console.print(line, style="yellow", markup=False)
    style, verdict = ("bold red", f"{len(report.findings)} found") if report.findings else ("bold green", "nothing is wrong")
    console.print(f"Log {opened.log_id} of a {opened.side.value}, {report.rows} entries: {verdict}.", style=style, markup=False)
    if report.expired:
        gone = ", ".join(f"{first} to {last}" for first, last in report.expired)
        console.print(f"Let go by retention, as entries say: {gone}.", markup=False)
    if not report.keyed:
        console.print("No key was given, so no signature of a checkpoint was checked: use --key.", style="yellow", markup=False)
    elif report.notes:
        rest = report.chain.size - report.signed
        behind = f"; {rest} newer entries are not under one yet" if rest else ""
        line = f"{report.notes} signed checkpoints, up to entry {report.signed}{behind}. Checked with {key_from.value}."
        console.print(line, markup=False)


def _tell_compared(console: Console, compared: Compared, found: int, words: Catalogue) -> None:
    for each in sorted(compared.unfit, key=lambda each: (not each.explained, each.index)):
        if each.explained:
            console.print(f"Explained: {unfit_line(each, words)}", style="dim", markup=False)
        else:
            console.print(unfit_line(each, words), style="bold red", markup=False)
    for tail in compared.tails:
        console.print(tail_line(tail, words), style="yellow", markup=False)
    verdict = words.text("compared-wrong", count=found) if found else words.text("compared-same")
    line = words.text("compared", visits=compared.visits, signatures=compared.signatures, verdict=verdict)
    console.print(line, style="bold red" if found else "bold green", markup=False)


def _tell_receipt(console: Console, receipt: ReceiptCompared) -> None:
    for line in receipt.lines:
        console.print(line, style="bold red", markup=False)
    style, verdict = ("bold red", f"{len(receipt.lines)} found") if receipt.lines else ("bold green", "it fits to this log")
    console.print(f"Receipt of visit {receipt.session_id}: {verdict}.", style=style, markup=False)


# ---- for programs


def _as_json(verdict: _Verdict, words: Catalogue) -> dict[str, object]:
    body: dict[str, object] = {"found": verdict.found, "log": _log_json(verdict.opened, verdict.report, verdict.key_from, words)}
    if verdict.other:
        body["other"] = _log_json(*verdict.other, words)
    if verdict.compared:
        body["compared"] = {
            "visits": verdict.compared.visits,
            "signatures": verdict.compared.signatures,
            "differences": [
                {
                    "what": each.what.value,
                    "explained": each.explained,
                    "side": each.side.value,
                    "entry": each.index,
                    "other_entry": each.other,
                    "session": each.session_id,
                    "says": unfit_line(each, words),
                }
                for each in verdict.compared.unfit
            ],
            "unclosed": [{"session": each.session_id, "side": each.side.value, "since": each.since} for each in verdict.compared.tails],
        }
    if verdict.receipt:
        body["receipt"] = {"session": verdict.receipt.session_id, "findings": list(verdict.receipt.lines)}
    return body


def _log_json(opened: OpenLog, report: Report, key_from: KeyFrom, words: Catalogue) -> dict[str, object]:
    return {
        "id": opened.log_id,
        "side": opened.side.value,
        "entries": report.rows,
        "head": f"{report.chain.size}:{report.chain.head.hex()}",
        "root": report.root.hex(),
        "signed": report.signed,
        "signatures": key_from.name.lower(),
        "findings": [
            {"fault": each.fault.value, "first": each.index, "last": each.last, "says": finding_line(each, words)}
            for each in report.findings
        ],
        "acknowledged": [{"first": each.index, "last": each.last} for each in report.explained],
        "let_go": [{"first": first, "last": last} for first, last in report.expired],
        "unclosed": [{"session": each.session_id, "since": each.since} for each in report.unclosed],
    }


def _head(text: str) -> KnownHead:
    index, _, digest = text.partition(":")
    try:
        return KnownHead(int(index), bytes.fromhex(digest))
    except ValueError:
        common.fail(f"{text} is no head such as 12:9f86d081...")
