"""Every sentence a person reads comes from here: Fluent catalogues in `locale/`, one file per language.

A message that is missing, or one whose argument is, raises: a prompt must never be shown with a hole in it.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk

from audit.sentence import Argument, Message, Sentence

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = tuple(sorted(path.stem for path in LOCALE.glob("*.ftl")))
FALLBACK = "en"


class MessageMissing(Exception):
    """The catalogue has no such message, or the message cannot be said with these arguments. A local mistake."""


class CatalogueBroken(Exception):
    """This is no catalogue. A local mistake."""


class Catalogue:
    """The messages of one language. Immutable; safe to share between threads once built."""

    def __init__(self, language: str, source: str) -> None:
        """Raises CatalogueBroken if any part of the source is not Fluent."""
        self.language = language
        self.version = sha256(source.encode()).hexdigest()[:16]
        """Says which words were used when a prompt was recorded."""
        parsed = FluentParser().parse(source)
        for entry in parsed.body:
            if isinstance(entry, Junk):
                raise CatalogueBroken(f"{language}: not understood: {(entry.content or '').strip().splitlines()[0]}")
        # No isolation marks: these texts go to terminals, logs and commitments, where every code point counts.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(parsed)

    def has(self, message_id: str) -> bool:
        """Is there such a message?"""
        return self._bundle.has_message(message_id)

    def text(self, message_id: str, **arguments: str | int) -> str:
        """The message in words. Raises MessageMissing."""
        if not self._bundle.has_message(message_id):
            raise MessageMissing(f"{self.language} has no {message_id}")
        value = self._bundle.get_message(message_id).value
        if value is None:
            raise MessageMissing(f"{self.language}: {message_id} says nothing")
        words, faults = self._bundle.format_pattern(value, arguments)
        if faults or not isinstance(words, str):
            raise MessageMissing(f"{self.language}: {message_id} cannot be said: {faults}")
        return words

    def text_at_host(self, message_id: str, **arguments: str | int) -> str:
        """The message as the person at the host reads it: `<id>-host` if there is one. Raises MessageMissing."""
        own = f"{message_id}-host"
        return self.text(own if self.has(own) else message_id, **arguments)

    def sentence(self, sentence: Sentence) -> str:
        """An audit event in words. Raises MessageMissing."""
        return self.text(sentence.id, **self._resolved(sentence.arguments))

    def _resolved(self, arguments: Mapping[str, Argument]) -> dict[str, str | int]:
        return {name: self.text(value.id) if isinstance(value, Message) else _plain_number(value) for name, value in arguments.items()}


def _plain_number(value: str | int) -> str | int:
    # Numbers up to 999 stay numbers so that plurals work; longer ones are versions and bytes, which take no separators.
    return value if isinstance(value, str) or value < 1000 else str(value)


def catalogue(language: str) -> Catalogue:
    """The catalogue of a language such as `fr`, `fr-CA` or `fr_FR.UTF-8`; English for a language there is none of."""
    wanted = language.replace("_", "-").split("-")[0].split(".")[0].lower()
    known = wanted if wanted in LANGUAGES else FALLBACK
    return _read(known)


@cache
def _read(language: str) -> Catalogue:
    return Catalogue(language, (LOCALE / f"{language}.ftl").read_text(encoding="utf-8"))
