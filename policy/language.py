"""The policy language: one readable document for a site, one for a vendor, of the same form (docs/policy.md).

These dataclasses are its only description: the reader (`reading.py`) and the JSON Schema (`json_schema.py`) walk them.
What a document decides is in `rulebook.py` and `effective.py`. A key that is left out of `who`, `where` or `when`
narrows nothing; a document without an `allow` allows nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from policy.carrier import Direct
from policy.networks import Network
from policy.permissions import Permission
from policy.shape import Edge, File, Hours, Line, Number, RangeText, Says, Text, ZoneName

DOCUMENT_MAX = 1024 * 1024
"""Longest document, in characters."""
RULES_MAX = 1000
"""Most rules and black-outs of a document, together."""
MASKS_MAX = 40
"""Most masks of a document."""
PIXEL_MAX = 16384
"""Longest side of a picture."""
RANGES_MAX = 32
"""Most ranges of addresses of a document."""
PROMPT_SECONDS = 60
VISIT_MINUTES = 60
IDLE_MINUTES = 10

Id = Annotated[str, Text(64)]
Name = Annotated[str, Text(120)]


class Party(StrEnum):
    """Whose rules these are. Neither can loosen the other's."""

    VENDOR = "vendor"
    SITE = "site"


class Weekday(StrEnum):
    """Days of the week; the order is that of `datetime.weekday`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class FilesAsk(StrEnum):
    """May the person at the instrument allow all files of a visit at once?"""

    EACH = "each"
    SESSION = "session"


class Chat(StrEnum):
    """May the two people write to each other? `no_health_data`: at instruments without such data."""

    NEVER = "never"
    NO_HEALTH_DATA = "no_health_data"
    ALWAYS = "always"


class Passwords(StrEnum):
    """Which passwords technicians need. `classic` asks for four classes of characters and a change every 90 days."""

    LONG = "long"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class Who:
    """Which technicians. Every key that is there must fit; of each, one value."""

    technicians: Annotated[frozenset[Id] | None, Says("Ids of technicians.")] = None
    companies: Annotated[frozenset[Name] | None, Says("Companies of technicians, as the signed directory writes them.")] = None
    groups: Annotated[frozenset[Name] | None, Says("Groups; a technician may be in several.")] = None


@dataclass(frozen=True, slots=True)
class Where:
    """Which instruments. Every key that is there must fit; of each, one value."""

    hosts: Annotated[frozenset[Id] | None, Says("Ids of hosts.")] = None
    groups: Annotated[frozenset[Name] | None, Says("Groups of hosts.")] = None
    sites: Annotated[frozenset[Name] | None, Says("Sites, as the signed documents write them.")] = None
    models: Annotated[frozenset[Name] | None, Says("Models; case, blanks and hyphens do not matter.")] = None
    regions: Annotated[frozenset[Annotated[str, Text(16)]] | None, Says("Regions, such as `FR`.")] = None


@dataclass(frozen=True, slots=True)
class When:
    """Which moments, by the wall clock of the zone. Every key that is there must fit; of each, one value."""

    weekdays: Annotated[frozenset[Weekday] | None, Says("Days of the week.")] = None
    hours: Annotated[frozenset[Hours] | None, Says("Parts of the day, such as `08:00-18:00`; `24:00` is the end of the day.")] = None
    begins: Annotated[datetime | None, Edge(last=False), Says("First day, or first minute.")] = None
    ends: Annotated[datetime | None, Edge(last=True), Says("Last day, with all of it; or the first minute after.")] = None
    zone: Annotated[str | None, ZoneName(), Says("Time zone of this rule, if it is not the document's.")] = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. In `allow` it allows what it fits; in `deny` it denies that, whatever allows it."""

    line: Line
    name: Annotated[str, Text(80), Says("What explanations and errors call this rule. No two have the same.")]
    permissions: Annotated[frozenset[Permission], Says("The permissions this rule is about.")]
    who: Annotated[Who, Says("Which technicians; all that the directory lists, if left out.")] = field(default_factory=Who)
    where: Annotated[Where, Says("At which instruments; at all of them, if left out.")] = field(default_factory=Where)
    when: Annotated[When, Says("When; always, if left out.")] = field(default_factory=When)


@dataclass(frozen=True, slots=True)
class BlackOut:
    """A time in which there are no visits at all, such as while samples are running."""

    line: Line
    name: Annotated[str, Text(80), Says("What explanations and errors call this black-out. No two rules have the same name.")]
    text: Annotated[str, Text(200), Says("Why, in words for the technician who is refused.")]
    when: Annotated[When, Says("Daily hours, or from when until when.")]
    where: Annotated[Where, Says("At which instruments; at all of them, if left out.")] = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the picture of all monitors together, in pixels from its upper left corner."""

    left: Annotated[int, Number(0, PIXEL_MAX), Says("Pixels from the left edge.")]
    top: Annotated[int, Number(0, PIXEL_MAX), Says("Pixels from the upper edge.")]
    width: Annotated[int, Number(1, PIXEL_MAX), Says("How many pixels it is wide.")]
    height: Annotated[int, Number(1, PIXEL_MAX), Says("How many pixels it is high.")]


@dataclass(frozen=True, slots=True)
class Mask:
    """What no technician sees of the screen, whoever allowed what: windows, of which every key that is there must fit, or a region."""

    line: Line
    name: Annotated[str, Text(80), Says("What explanations and errors call this mask. No two rules have the same name.")]
    title: Annotated[str, Text(200), Says("Windows of this title; `*` and `?` stand for anything, case does not matter.")] = ""
    window_class: Annotated[str, Text(200), Says("Windows of this class (X11: WM_CLASS), in the same way.")] = ""
    program: Annotated[str, Text(200), Says("Windows of programs whose file has this name, in the same way.")] = ""
    region: Annotated[Region | None, Says("A region of the picture instead of windows.")] = None
    where: Annotated[Where, Says("At which instruments; at all of them, if left out.")] = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Visits:
    """What holds for every visit. Of two documents, the smaller number and the narrower choice count."""

    limit_minutes: Annotated[int, Number(5, 480), Says("After so many minutes the person is asked again.")] = VISIT_MINUTES
    idle_minutes: Annotated[int, Number(1, 120), Says("A visit in which nothing happens ends after so many minutes.")] = IDLE_MINUTES
    files_ask: Annotated[FilesAsk, Says("Ask for each file, or offer `all files of this visit` too.")] = FilesAsk.EACH
    prompt_seconds: Annotated[
        Mapping[Permission, Annotated[int, Number(10, 300)]], Says("How long the question waits for an answer, by permission.")
    ] = field(default_factory=dict)
    chat: Annotated[Chat, Says("May the two people write to each other? With health data both parties must say `always`.")] = (
        Chat.NO_HEALTH_DATA
    )


@dataclass(frozen=True, slots=True)
class SignIn:
    """What signing in asks of technicians who come here."""

    passwords: Annotated[Passwords, Says("`classic` also asks for four classes of characters and a change every 90 days.")] = Passwords.LONG


@dataclass(frozen=True, slots=True)
class HealthData:
    """Where health data are. There, files, clipboard and recording are closed whatever any rule allows."""

    models: Annotated[frozenset[Name] | None, Says("Models that hold health data, besides those that always do.")] = None
    hosts: Annotated[frozenset[Id] | None, Says("Ids of hosts that hold health data.")] = None


@dataclass(frozen=True, slots=True)
class RelayOnly:
    """Where content goes over the relay alone, whatever a site says of the direct path."""

    models: Annotated[frozenset[Name] | None, Says("Models; case, blanks and hyphens do not matter.")] = None
    hosts: Annotated[frozenset[Id] | None, Says("Ids of hosts.")] = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document, read and sound."""

    file: File
    party: Annotated[Party, Says("Whose rules these are.")]
    version: Annotated[int, Number(1, 2**31 - 1), Says("Rises with every change; an older one is never taken after a newer.")]
    zone: Annotated[str, ZoneName(), Says("Time zone of every hour and date in this document.")]
    visits: Annotated[Visits, Says("What holds for every visit.")] = field(default_factory=Visits)
    sign_in: Annotated[SignIn, Says("What signing in asks.")] = field(default_factory=SignIn)
    phi: Annotated[HealthData, Says("Where health data are.")] = field(default_factory=HealthData)
    direct: Annotated[Direct, Says("May content go straight to the technician's browser, inside the site? A site's word alone.")] = (
        Direct.NEVER
    )
    direct_ranges: Annotated[
        frozenset[Annotated[Network, RangeText()]] | None,
        Says("Between which addresses, such as `10.0.0.0/8`; the private ones, if left out."),
    ] = None
    relay_only: Annotated[RelayOnly, Says("Where content goes over the relay alone.")] = field(default_factory=RelayOnly)
    allow: Annotated[tuple[Rule, ...], Says("What is allowed. Nothing else is.")] = ()
    deny: Annotated[tuple[Rule, ...], Says("What is denied, whatever is allowed.")] = ()
    black_out: Annotated[tuple[BlackOut, ...], Says("When there are no visits at all.")] = ()
    mask: Annotated[tuple[Mask, ...], Says("What no technician sees of the screen.")] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """Several documents of one party and version that are in force at once, because nobody knows which is the right one."""

    documents: tuple[Document, ...]


Policy = Document | Merged
"""What one party says."""


def documents_of(policy: Policy) -> tuple[Document, ...]:
    """Every document that has to agree."""
    return policy.documents if isinstance(policy, Merged) else (policy,)


def stricter(one: Policy, other: Policy) -> Policy:
    """Two racing documents of the same party and version: what both allow is allowed, what either denies is denied.

    Raises ValueError for two parties or two versions; of two versions the higher counts, and that is not decided here.
    """
    both = (*documents_of(one), *documents_of(other))
    if len({(each.party, each.version) for each in both}) != 1:
        raise ValueError("only documents of one party and one version race")
    distinct = tuple(each for place, each in enumerate(both) if each not in both[:place])
    return distinct[0] if len(distinct) == 1 else Merged(distinct)


@dataclass(frozen=True, slots=True)
class TermsInForce:
    """What holds for a visit when every document has been asked. Minutes and seconds; `prompt_seconds` names every permission."""

    limit_minutes: int
    idle_minutes: int
    files_ask: FilesAsk
    classic_passwords: bool
    prompt_seconds: Mapping[Permission, int]


def terms_in_force(vendor: Policy, site: Policy) -> TermsInForce:
    """The narrowest of each. A document that is silent has said the default, so that nobody loosens it alone."""
    every = (*documents_of(vendor), *documents_of(site))
    visits = [each.visits for each in every]
    return TermsInForce(
        limit_minutes=min(each.limit_minutes for each in visits),
        idle_minutes=min(each.idle_minutes for each in visits),
        files_ask=FilesAsk.SESSION if all(each.files_ask is FilesAsk.SESSION for each in visits) else FilesAsk.EACH,
        classic_passwords=any(each.sign_in.passwords is Passwords.CLASSIC for each in every),
        prompt_seconds={
            permission: min(each.prompt_seconds.get(permission, PROMPT_SECONDS) for each in visits) for permission in Permission
        },
    )


def nothing_said(party: Party) -> Document:
    """What counts where a party has signed nothing: no."""
    return Document(File(""), party, 1, "UTC")
