"""`chaperone-audit verify`: a log or a receipt by itself, or a log against the other side's log or a receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from audit import cli_common as common
from audit.against_receipt import against_receipt, receipt_alone
from audit.cli_verdict import Judged, Verdict, as_json, tell
from audit.facts import Facts
from audit.log import KnownHead, Side
from audit.receipt_form import RECEIPT_MAX
from audit.stores import OpenLog, open_stored
from audit.verify import Report, Watch
from audit.verify_against import Compared, Keys, Whole, compare
from runtime.catalogues import Catalogue, catalogue
from trust.keys import fingerprint
from trust.signatures import ed25519_verifies, verifies
from wire.statements import Algorithm

_P256_BYTES = 65
Devices = Annotated[list[str] | None, typer.Option("--device-key", help="Public key of a technician's device; may be said again.")]


LogOrReceipt = Annotated[
    Path,
    typer.Argument(
        metavar="LOG", help="The broker's SQLite file, a host's log folder, the state folder of either, an export, or a receipt."
    ),
]


def verify(
    log: LogOrReceipt,
    against: Annotated[Path | None, typer.Option(help="The other side's log, or a receipt of a visit.")] = None,
    key: common.KeyOption = "",
    other_key: Annotated[str, typer.Option(help="Public key of the other side.")] = "",
    device_key: Devices = None,
    head: Annotated[str, typer.Option(help="A head noted down before, INDEX:HASH as `verify` prints it.")] = "",
    closed: Annotated[bool, typer.Option(help="Exit code 3 if a visit is not closed and nothing else is wrong.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Check every entry, the chain, the tree and every signed checkpoint, and name each entry that is wrong.

    With --against also what both sides must have said alike. A receipt is checked with the key of either side, or of both
    (--key and --other-key, in any order). Exit codes: 0 nothing is wrong, 1 something was found, 2 wrong
    usage or a log that cannot be read, 3 (with --closed) nothing is wrong but a visit is not closed. What is explained (a cut
    line, a killed program, retention) is told and is no finding.
    """
    known = _head(head) if head else None
    words = catalogue(language.value)
    if _is_receipt(log):
        verdict = _receipt(log, against, (key, other_key), words)
    elif against is None:
        verdict = _alone(log, open_stored(log), key, known)
    else:
        verdict = _beside(_Brought(log, open_stored(log), against, key, other_key, device_key or [], known), words)
    if json_wanted:
        typer.echo(json.dumps(as_json(verdict, words), indent=1, ensure_ascii=True))
    else:
        tell(verdict, words)
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


def _receipt(path: Path, against: Path | None, keys: tuple[str, ...], words: Catalogue) -> Verdict:
    if against is not None:
        common.fail("give the log first, and the receipt with --against")
    given = tuple(common.given_key(text) for text in keys if text)
    return Verdict((), receipt=receipt_alone(path.read_bytes(), given, words))


def _alone(log: Path, opened: OpenLog, text: str, known: KnownHead | None) -> Verdict:
    key, key_from = common.key_of(opened, text, log)
    return Verdict((Judged(opened, examine(opened, key, known, None, [])[0], key_from),))


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


def _beside(brought: _Brought, words: Catalogue) -> Verdict:
    opened, log, other = brought.opened, brought.log, brought.other
    if _is_receipt(other):
        own, key_from = common.key_of(opened, brought.key, log)
        keys = {opened.side: own} if own else {}
        if brought.other_key:
            keys[Side.BROKER if opened.side is Side.HOST else Side.HOST] = common.given_key(brought.other_key)
        report, _ = examine(opened, own, brought.known, None, [])
        return Verdict((Judged(opened, report, key_from),), receipt=against_receipt(opened, keys, other.read_bytes(), words))
    second = open_stored(other)
    if second.side is opened.side:
        common.fail(f"both are logs of a {opened.side.value}: give the log of a broker and that of a host")
    (own, own_from), (its, its_from) = common.key_of(opened, brought.key, log, other), common.key_of(second, brought.other_key, other, log)
    sides = {opened.side: (opened, own, brought.known), second.side: (second, its, None)}
    reports, compared = both_checked(sides, _devices(brought.devices))
    judged = (Judged(opened, reports[opened.side], own_from), Judged(second, reports[second.side], its_from))
    return Verdict(judged, compared)


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


def _head(text: str) -> KnownHead:
    index, _, digest = text.partition(":")
    try:
        return KnownHead(int(index), bytes.fromhex(digest))
    except ValueError:
        common.fail(f"{text} is no head such as 12:9f86d081...")
