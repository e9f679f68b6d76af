"""One entry as one message for a SIEM: RFC 5424 with structured data, or CEF inside it. Pure.

    <PRI>1 TIME HOSTNAME chaperone-broker - EVENT [chaperone@32473 log="l-.." entry="12" outcome="done" field="value"] sentence
    <PRI>1 TIME HOSTNAME chaperone-broker - EVENT - CEF:0|Chaperone|broker|1|EVENT|sentence|SEVERITY|rt=... outcome=... cs1=...

Every character outside printable ASCII is spelled out as \\uXXXX before it is escaped: a message is one line whatever stands in
an entry. 32473 is the number that RFC 5612 keeps for examples: a site that has its own says so.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from audit.entry import Entry
from audit.events.shape import Outcome, name_of, outcome_of
from audit.log import Side

ENTERPRISE = "chaperone@32473"
FACILITY = 13
"""Log audit (RFC 5424, table 1)."""
SEVERITIES = {Outcome.DONE: 6, Outcome.ENDED: 5, Outcome.REFUSED: 4}
CEF_SEVERITIES = {Outcome.DONE: 2, Outcome.ENDED: 3, Outcome.REFUSED: 6}
ALARMS = frozenset({"log_doubted", "doubt_told", "log_failed", "log_begun"})
ALARM, CEF_ALARM = 1, 10
VALUE_MAX = 1024
"""Characters of one value: a receiver cuts whole messages where it likes, so that this side cuts each value instead."""
_PLAIN_NAME = re.compile(r"[^!-~]|[=\]\"]")


class SiemFormat(StrEnum):
    """How an entry is written."""

    RFC5424 = "rfc5424"
    CEF = "cef"


def ascii_line(text: str) -> str:
    """Printable ASCII; everything else as \\uXXXX."""
    return "".join(each if " " <= each <= "~" else f"\\u{ord(each):04x}" for each in text)


def cut(text: str) -> str:
    """Not longer than a value may be."""
    return text if len(text) <= VALUE_MAX else f"{text[: VALUE_MAX - 3]}..."


def message(
    form: SiemFormat, side: Side, log_id: str, hostname: str, index: int, entry: Entry, fields: Mapping[str, object], sentence: str
) -> bytes:
    """The message of one entry, without framing. `fields` are plain values; `sentence` says what happened."""
    name, outcome = name_of(entry.event), outcome_of(entry.event)
    severity = ALARM if name in ALARMS else SEVERITIES[outcome]
    head = f"<{FACILITY * 8 + severity}>1 {_time(entry.at.utc_ms)} {_header(hostname, 255)} chaperone-{side.value} - {_header(name, 32)}"
    own = {
        "log": log_id,
        "entry": index,
        "outcome": outcome.value,
        **({"clockSuspect": "true"} if entry.at.clock_suspect else {}),
    }
    # An event may have a field of such a name: which entry this is stays what this log says.
    values = {**own, **{f"its_{each}" if each in own else each: value for each, value in fields.items()}}
    if form is SiemFormat.RFC5424:
        inside = "".join(f' {_param(each)}="{_sd(value)}"' for each, value in values.items())
        line = f"{head} [{ENTERPRISE}{inside}] {ascii_line(cut(sentence))}"
    else:
        line = f"{head} - {_cef(side, name, outcome, entry.at.utc_ms, values, sentence)}"
    return line.encode("ascii")


def _time(utc_ms: int) -> str:
    try:
        return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    except (OverflowError, ValueError):
        return "-"


def _header(text: str, longest: int) -> str:
    """A header field: printable without blanks; `-` for none."""
    return "".join(each for each in text if "!" <= each <= "~")[:longest] or "-"


def _param(name: str) -> str:
    return _PLAIN_NAME.sub("", name)[:32] or "field"


def _plain(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return " / ".join(str(each) for each in value)
    return str(value)


def _sd(value: object) -> str:
    r"""RFC 5424, 6.3.3: `"`, `\` and `]` are escaped. Spelled-out characters come first, and their backslash is escaped with the rest."""
    return re.sub(r'(["\\\]])', r"\\\1", ascii_line(cut(_plain(value))))


# ---- CEF


def _cef(side: Side, name: str, outcome: Outcome, utc_ms: int, values: Mapping[str, object], sentence: str) -> str:
    severity = CEF_ALARM if name in ALARMS else CEF_SEVERITIES[outcome]
    head = "|".join(_cef_header(each) for each in ("Chaperone", side.value, "1", name, cut(sentence), str(severity)))
    extension = {"rt": utc_ms, **values}
    return f"CEF:0|{head}|" + " ".join(f"{_key(each)}={_cef_value(value)}" for each, value in extension.items())


def _key(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "", name) or "field"


def _cef_header(text: str) -> str:
    return ascii_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _cef_value(value: object) -> str:
    return ascii_line(cut(_plain(value))).replace("\\", "\\\\").replace("=", "\\=")
