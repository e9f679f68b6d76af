"""Policies, people and instruments for the tests of the policy language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from policy.facts import EVERYWHERE, InstrumentFacts, Training, VisitorFacts
from policy.language import BlackOut, Document, HealthData, Party, Rule, Weekday, When, Where, Who
from policy.permissions import Permission
from policy.reading import read_policy
from policy.rulebook import Rulebook, rulebook
from policy.shape import File, Hours, Line

HEAD = 'party = "{party}"\nversion = 1\nzone = "Europe/Paris"\n'
ALL = '[[allow]]\nname = "all"\npermissions = ["view", "control", "restart", "file_to_host", "clipboard_to_host"]\n'
NEVER_EXPIRES = 2**40
ANA = VisitorFacts("t-ana", "Acme", frozenset({"north"}), (Training(EVERYWHERE, NEVER_EXPIRES),))
LAB = InstrumentFacts("h-lab", "north", "Lyon", "AU 680", "FR", listed=True, phi=False)


def document(rules: str = ALL, party: Party = Party.SITE, head: str = HEAD) -> Document:
    """The document of these rules."""
    return read_policy(head.format(party=party.value) + rules, f"{party.value}.toml", ZoneInfo)


def book(rules: str = ALL, party: Party = Party.SITE) -> Rulebook:
    """The same, ready to be asked."""
    return rulebook(document(rules, party), ZoneInfo)


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> float:
    """A moment, by the wall clock in Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"), fold=fold).timestamp()


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    """A moment, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()


# ---- everything that can be said, from few words so that rules meet

FEW = ("a", "b")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC")
BEGIN, END = int(utc(2026, 3, 20)), int(utc(2026, 4, 10))
"""Three weeks with a change to summer time in Europe, and one in America shortly before."""


def _some() -> st.SearchStrategy[frozenset[str] | None]:
    return st.sampled_from((None, None, None, frozenset(), frozenset({"a"}), frozenset({"a", "b"})))


def whens() -> st.SearchStrategy[When]:
    """Hours, days and dates around a change to summer time."""
    minutes = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])
    readings = st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)).map(lambda at: at.replace(second=0, microsecond=0))  # noqa: DTZ001 - by the wall
    return st.builds(
        When,
        weekdays=st.none() | st.frozensets(st.sampled_from(Weekday)),
        hours=st.none() | st.frozensets(minutes.map(lambda pair: Hours(*pair)), max_size=2),
        begins=st.none() | readings,
        ends=st.none() | readings,
        zone=st.none() | st.sampled_from(ZONES),
    )


def wheres() -> st.SearchStrategy[Where]:
    return st.just(Where()) | st.builds(Where, hosts=_some(), groups=_some(), sites=_some(), models=_some(), regions=_some())


def rules() -> st.SearchStrategy[Rule]:
    who = st.just(Who()) | st.builds(Who, technicians=_some(), companies=_some(), groups=_some())
    some = (frozenset(Permission), frozenset({Permission.VIEW}), frozenset({Permission.CONTROL, Permission.FILE_TO_HOST}))
    permissions = st.sampled_from(some)
    return st.builds(Rule, st.just(Line(1)), st.just("rule"), permissions, who, wheres(), st.just(When()) | whens())


EVERYTHING = (Rule(Line(1), "everything", frozenset(Permission)),)


def documents(party: Party = Party.SITE) -> st.SearchStrategy[Document]:
    """Documents of which many allow much, so that there is something to narrow."""
    black_outs = st.builds(BlackOut, st.just(Line(1)), st.just("black-out"), st.just("words"), whens(), wheres())
    several = st.lists(rules(), max_size=2).map(tuple)
    return st.builds(
        Document,
        st.just(File(f"{party.value}.toml")),
        st.just(party),
        st.just(1),
        st.sampled_from(ZONES),
        phi=st.just(HealthData()) | st.builds(HealthData, models=_some(), hosts=_some()),
        allow=st.just(EVERYTHING) | several,
        deny=st.just(()) | st.just(()) | several,
        black_out=st.just(()) | st.just(()) | st.tuples(black_outs),
    )


def visitors() -> st.SearchStrategy[VisitorFacts]:
    few = st.sampled_from(FEW)
    always = Training(EVERYWHERE, NEVER_EXPIRES)
    trained = st.builds(Training, st.sampled_from((EVERYWHERE, *FEW)), st.integers(BEGIN, END))
    groups = st.sampled_from((frozenset(FEW), frozenset(FEW), frozenset(FEW), frozenset({"a"})))
    return st.builds(VisitorFacts, few, few, groups, st.just((always,)) | st.just((always,)) | st.tuples(trained))


def instruments() -> st.SearchStrategy[InstrumentFacts]:
    few = st.sampled_from(FEW)
    return st.builds(InstrumentFacts, few, few, few, few, few, st.integers(0, 9).map(bool), st.booleans())


def moments() -> st.SearchStrategy[int]:
    return st.integers(BEGIN, END)
