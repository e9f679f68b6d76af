"""The policies that signed documents hold, ready to be asked. What cannot be read allows nothing, whoever signed it."""

from policy.language import Document, Party, nothing_said
from policy.reading import PolicyRefused, read_policy
from policy.rulebook import Rulebook, rulebook
from policy.scalars import Zones
from trust.metadata import SITE_POLICY_PATH, VENDOR_POLICY_PATH

_FILE = {Party.VENDOR: VENDOR_POLICY_PATH, Party.SITE: SITE_POLICY_PATH}


def book_of(party: Party, text: str, zone: Zones) -> Rulebook:
    """The rules of this text. Empty, unreadable, of the other party or of an unknown time zone: nothing is allowed."""
    try:
        return rulebook(_document(party, text, zone), zone)
    except (PolicyRefused, KeyError, ValueError, OSError):
        return rulebook(nothing_said(party), zone)


def _document(party: Party, text: str, zone: Zones) -> Document:
    document = read_policy(text, _FILE[party], zone)
    return document if document.party is party else nothing_said(party)


def silent(party: Party) -> Rulebook:
    """Of a party that has no documents of its own here: it is not asked, and restricts nothing by itself."""
    return Rulebook(party, nothing_said(party), ())
