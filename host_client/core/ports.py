"""What the cores are given from outside: facts of this host, a signer, entropy, and texts in the person's language."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from wire.messages.ledger import Answer
from wire.statements import Label, Statement

FILES_MOST = 4 * 1024**3
Entropy = Callable[[int], bytes]
"""So many bytes that nobody can guess."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the host knows of itself and its broker since enrolment. `phi` is the local administrator's word."""

    host_id: str
    name: str
    model: str
    phi: bool
    broker_id: str
    broker_key: bytes


class Signer(Protocol):
    """The host's key. It never leaves the guardian."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which others check."""

    def sign(self, label: Label, part: object) -> Statement:
        """A statement of this @part."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file or folder as a prompt names it. `name` and `kind`, its ending, are harmless already; `digest` is hexadecimal."""

    name: str
    folder: bool
    files: int
    size: int
    digest: str
    kind: str


@dataclass(frozen=True, slots=True)
class PromptFacts:
    """All that a prompt says. `name` and `company` are verified; `words` are the technician's own and already harmless."""

    permission: Permission
    name: str
    company: str
    instrument: str
    purpose: Purpose
    case_reference: str
    words: str
    file: FileFacts | None = None
    left_out: int = 0
    """What is in a folder that was picked, and is no plain file."""
    restart_seconds: int = 0
    """How long the PC waits, where a restart is asked for."""
    watched: str = ""
    """Whom they want to watch, where they ask for nothing else."""


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """All that the goodbye says. `answers` in the order they were given."""

    name: str
    company: str
    cause: EndCause
    seconds: int
    answers: tuple[tuple[Permission, Answer], ...]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """All that a request to be called says. `name` and `company` are verified."""

    name: str
    company: str
    purpose: Purpose
    case_reference: str


class Texts(Protocol):
    """Renders what the person reads, from the catalogue of their language."""

    def prompt(self, facts: PromptFacts, language: str) -> tuple[str, ...]:
        """The lines of a prompt, headline first."""

    def summary(self, facts: SummaryFacts, language: str) -> tuple[str, ...]:
        """The lines of the goodbye."""

    def call(self, facts: CallFacts, language: str) -> str:
        """One request to be called."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything together."""

    entropy: Entropy
    signer: Signer
    texts: Texts
    fingerprint: Callable[[StrEnum, bytes], str]
    """Of a key, as people compare it."""
    files_most: int = FILES_MOST
    """Bytes of files that one visit may move."""
    restart_seconds: int | None = None
    """Between a yes to a restart and the restart; None: this PC's administrator did not say how it is restarted."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at the desk, as the system states it, and the screen that can be shown (0 x 0: none)."""

    language: str
    account: str
    login_session: str
    width: int
    height: int

    @property
    def has_screen(self) -> bool:
        """Is there anything to show?"""
        return self.width > 0 and self.height > 0
