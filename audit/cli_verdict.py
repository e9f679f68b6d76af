"""What `chaperone-audit verify` found, told to a person in sentences or to a program as one JSON object."""

from dataclasses import dataclass

from rich.console import Console

from audit import cli_common as common
from audit.against_receipt import ReceiptCompared
from audit.cli_common import KeyFrom
from audit.log import Side
from audit.show import finding_line, tail_line, unfit_line
from audit.stores import OpenLog
from audit.verify import Report
from audit.verify_against import Compared
from audit.visible import visible
from runtime.catalogues import Catalogue

_BAD, _GOOD, _MIND = "bold red", "bold green", "yellow"


@dataclass(frozen=True, slots=True)
class Judged:
    """One log: what is wrong with it by itself, and where the key came from that its signatures were checked with."""

    opened: OpenLog
    report: Report
    key_from: KeyFrom


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found. `logs`: the one that was asked about, then the one it was compared with; none for a receipt alone."""

    logs: tuple[Judged, ...]
    compared: Compared | None = None
    receipt: ReceiptCompared | None = None

    @property
    def found(self) -> int:
        """How many things are wrong."""
        unfit = [each for each in self.compared.unfit if not each.explained] if self.compared else []
        return sum(len(each.report.findings) for each in self.logs) + len(unfit) + (len(self.receipt.lines) if self.receipt else 0)

    @property
    def unclosed(self) -> bool:
        """Is there a visit that is not closed?"""
        return bool(self.compared.tails if self.compared else [each for one in self.logs for each in one.report.unclosed])


def tell(verdict: Verdict, words: Catalogue) -> None:
    """For people."""
    console = common.screen()
    for each in verdict.logs:
        _tell_log(console, each, words)
    if verdict.compared:
        _tell_compared(console, verdict.compared, verdict.found, words)
    else:
        for tail in (each for one in verdict.logs for each in one.report.unclosed):
            line = words.text("verify-unclosed", session=visible(tail.session_id), since=str(tail.since))
            console.print(line, style=_MIND, markup=False)
    if verdict.receipt:
        _tell_receipt(console, verdict.receipt, words, alone=not verdict.logs)
    if verdict.logs and not verdict.found:
        console.print(words.text("verify-head", head=_head(verdict.logs[0].report)), markup=False)


def _tell_log(console: Console, judged: Judged, words: Catalogue) -> None:
    report = judged.report
    for finding in report.findings:
        console.print(finding_line(finding, words), style=_BAD, markup=False)
    for finding in report.explained:
        console.print(words.text("verify-acknowledged", finding=finding_line(finding, words)), style=_MIND, markup=False)
    verdict = words.text("verify-found", count=len(report.findings)) if report.findings else words.text("verify-fine")
    line = words.text("verify-log", log=visible(judged.opened.log_id), side=judged.opened.side.value, count=report.rows, verdict=verdict)
    console.print(line, style=_BAD if report.findings else _GOOD, markup=False)
    for first, last in report.expired:
        console.print(words.text("verify-let_go", index=str(first), last=str(last), count=last - first + 1), markup=False)
    if not report.keyed:
        console.print(words.text("key-from-nowhere"), style=_MIND, markup=False)
    elif report.notes:
        _tell_signed(console, judged, words)


def _tell_signed(console: Console, judged: Judged, words: Catalogue) -> None:
    report = judged.report
    line = words.text("verify-signed", count=report.notes, index=str(report.signed))
    newer = report.chain.size - report.signed
    behind = f" {words.text('verify-newer', count=newer)}" if newer else ""
    style = _MIND if judged.key_from is KeyFrom.BESIDE else ""
    console.print(f"{line}{behind} {words.text(f'key-from-{judged.key_from.value}')}", style=style, markup=False)


def _tell_compared(console: Console, compared: Compared, found: int, words: Catalogue) -> None:
    for each in sorted(compared.unfit, key=lambda each: (not each.explained, each.index)):
        line = unfit_line(each, words)
        if each.explained:
            console.print(words.text("verify-explained", difference=line), style="dim", markup=False)
        else:
            console.print(line, style=_BAD, markup=False)
    for tail in compared.tails:
        console.print(tail_line(tail, words), style=_MIND, markup=False)
    verdict = words.text("compared-wrong", count=found) if found else words.text("compared-same")
    line = words.text("compared", visits=compared.visits, signatures=compared.signatures, verdict=verdict)
    console.print(line, style=_BAD if found else _GOOD, markup=False)


def _tell_receipt(console: Console, receipt: ReceiptCompared, words: Catalogue, *, alone: bool) -> None:
    for line in receipt.lines:
        console.print(line, style=_BAD, markup=False)
    good = words.text("verify-receipt-sound" if alone else "verify-receipt-fits")
    verdict = words.text("verify-found", count=len(receipt.lines)) if receipt.lines else good
    named = words.text("verify-receipt", session=visible(receipt.session_id), known="yes" if receipt.session_id else "no", verdict=verdict)
    console.print(named, style=_BAD if receipt.lines else _GOOD, markup=False)
    if alone:
        keys = "both" if len(receipt.sides) > 1 else next((each.value for each in receipt.sides), "none")
        console.print(words.text("verify-receipt-key", keys=keys), style="" if receipt.sides else _MIND, markup=False)


# ---- for programs


def as_json(verdict: Verdict, words: Catalogue) -> dict[str, object]:
    """For programs: names that stay, and the same sentences."""
    body: dict[str, object] = {"found": verdict.found}
    for name, judged in zip(("log", "other"), verdict.logs, strict=False):
        body[name] = _log_json(judged, words)
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
        keys = [side.value for side in Side if side in verdict.receipt.sides]
        body["receipt"] = {"session": verdict.receipt.session_id, "keys": keys, "findings": list(verdict.receipt.lines)}
    return body


def _log_json(judged: Judged, words: Catalogue) -> dict[str, object]:
    opened, report = judged.opened, judged.report
    return {
        "id": opened.log_id,
        "side": opened.side.value,
        "entries": report.rows,
        "head": _head(report),
        "root": report.root.hex(),
        "signed": report.signed,
        "signatures": judged.key_from.value,
        "findings": [
            {"fault": each.fault.value, "first": each.index, "last": each.last, "says": finding_line(each, words)}
            for each in report.findings
        ],
        "acknowledged": [{"first": each.index, "last": each.last} for each in report.explained],
        "let_go": [{"first": first, "last": last} for first, last in report.expired],
        "unclosed": [{"session": each.session_id, "since": each.since} for each in report.unclosed],
    }


def _head(report: Report) -> str:
    return f"{report.chain.size}:{report.chain.head.hex()}"
