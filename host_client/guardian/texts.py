"""Prompts and summaries in the person's language. Every word is the catalogue's; nothing is put together here but lines."""

from host_client.core.ports import CallFacts, FileFacts, PromptFacts, SummaryFacts
from policy.permissions import Permission
from runtime.catalogues import Catalogue, catalogue

NOT_ALLOWED: dict[Permission, tuple[str, ...]] = {
    Permission.VIEW: ("prompt-not-control",),
    Permission.CONTROL: ("prompt-not-files", "prompt-not-prompts"),
    Permission.FILE_TO_HOST: ("prompt-not-run", "prompt-not-read"),
    Permission.FILE_FROM_HOST: ("prompt-not-other-files",),
    Permission.CLIPBOARD_TO_HOST: ("prompt-not-clipboard",),
    Permission.CLIPBOARD_FROM_HOST: ("prompt-not-clipboard",),
    Permission.RESTART: ("prompt-not-see-again",),
}
"""What saying yes does *not* allow, as messages of the catalogue."""


PROGRAMS = frozenset(
    [
        "app",
        "bat",
        "cmd",
        "com",
        "cpl",
        "desktop",
        "dll",
        "exe",
        "hta",
        "jar",
        "js",
        "lnk",
        "msi",
        "msix",
        "pif",
        "ps1",
        "py",
        "reg",
        "scr",
        "sh",
        "sys",
        "url",
        "vbs",
        "wsf",
        "docm",
        "xlsm",
        "pptm",
    ]
)
"""Endings of what a PC may run when somebody opens it: a prompt says so."""


class CatalogueTexts:
    """Texts from runtime/locale."""

    def prompt(self, facts: PromptFacts, language: str) -> tuple[str, ...]:
        """Who, what, where, why, and what not. Raises MessageMissing rather than showing a hole."""
        words = catalogue(language)
        asks = words.text(f"prompt-{facts.permission.value}", name=facts.name, company=facts.company)
        watches = words.text("prompt-watch", name=facts.name, company=facts.company, technician=facts.watched)
        lines = [
            watches if facts.watched else asks,
            words.text("prompt-who", name=facts.name, company=facts.company),
            words.text("prompt-instrument", instrument=facts.instrument),
            words.text("prompt-why", purpose=words.text(f"purpose-{facts.purpose.value}"), case=facts.case_reference),
        ]
        if facts.file is not None:
            lines += _file_lines(facts.file, words)
        if facts.words:
            lines.append(words.text("prompt-words", words=facts.words))
        picking = facts.permission is Permission.FILE_FROM_HOST and facts.file is None
        if facts.left_out:
            lines.append(words.text("prompt-file-left-out", count=facts.left_out))
        means = "prompt-pick-file_from_host" if picking else f"prompt-means-{'watch' if facts.watched else facts.permission.value}"
        lines.append(words.text(means, seconds=facts.restart_seconds))
        lines += [words.text(each) for each in NOT_ALLOWED.get(facts.permission, ())]
        lines.append(words.text("prompt-end-any-time"))
        return tuple(lines)

    def summary(self, facts: SummaryFacts, language: str) -> tuple[str, ...]:
        """Who was here, how long, what was answered, how it ended."""
        words = catalogue(language)
        minutes, seconds = divmod(facts.seconds, 60)
        lines = [
            words.text("summary-who", name=facts.name, company=facts.company),
            words.text("summary-duration", minutes=minutes, seconds=f"{seconds:02d}"),
        ]
        for permission, answer in facts.answers:
            what = words.text(f"permission-{permission.value}")
            lines.append(words.text("summary-answer", permission=what, answer=words.text(f"answer-{answer.value}")))
        lines += [words.text_at_host(f"end-{facts.cause.value}"), words.text("summary-log")]
        return tuple(lines)

    def call(self, facts: CallFacts, language: str) -> str:
        """Who asks to be called, and why."""
        words = catalogue(language)
        purpose = words.text(f"purpose-{facts.purpose.value}")
        return words.text("desk-call", name=facts.name, company=facts.company, purpose=purpose, case=facts.case_reference)


def _file_lines(file: FileFacts, words: Catalogue) -> list[str]:
    kind = words.text("prompt-file-folder", files=file.files) if file.folder else words.text("prompt-file-kind", kind=file.kind or "-")
    lines = [
        words.text("prompt-file-name", name=file.name),
        kind,
        words.text("prompt-file-size", size=size_text(file.size), bytes=f"{file.size:,}".replace(",", "\u202f")),
        words.text("prompt-file-digest", digest=file.digest),
    ]
    if file.kind in PROGRAMS:
        lines.append(words.text("prompt-file-program", kind=file.kind))
    return lines


def size_text(count: int) -> str:
    """A size as people read it, in powers of ten."""
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= worth:
            return f"{count / worth:.1f} {unit}"
    return f"{count} B"
