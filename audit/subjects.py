"""What an entry is about: the subjects under which it is filed, and under which somebody finds it who may read about them.

A subject is a word such as `host:h-1`. What is filed under a subject is shown to whoever reaches that subject, so what a stranger
claimed about somebody's account is filed under it, and what an account asked for about another is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from audit.events import accounts, broker, evidence, people, trail, visit
from audit.events.shape import Event, bounded, name_of
from policy.trail import Reach
from wire.schema import fields_of

BROKER = "broker"
"""What the broker records of itself, and of strangers."""
_ACCOUNTS = ("technician_id", "watcher_id", "technician_given", "proposed_by", "by", "subject")
_HOSTS = ("host_id", "host_given", "subject")
_SESSIONS = ("session_id", "watcher_session", "subject")

ADMINISTRATION: frozenset[type] = frozenset(
    {
        *(each for module in (accounts, people, trail) for each in vars(module).values() if isinstance(each, type) and hasattr(each, "by")),
        accounts.BootstrapUsed, accounts.BootstrapRefused, accounts.AdministrationRefused,
        people.AccountStopped, people.PasswordChanged, people.RecoveryCodesMade, people.RecoveryCodeUsed, people.FactorReplaced,
        people.GuessingBraked, trail.Named, trail.Quarantined,
        broker.BrokerStarted, broker.BrokerStopped,
        broker.InvitationMade, broker.InvitationAccepted, broker.InvitationRefused, broker.DeviceRegistered,
        broker.AccountSuspended, broker.AccountRestored, broker.SignedIn, broker.SignInRefused, broker.SignedOut,
        broker.FactorConfirmed, broker.FactorRefused,
        broker.HostEnrolTokenMade, broker.HostEnrolled, broker.EnrolRefused, broker.HostConnectRefused, broker.TechnicianConnectRefused,
        broker.PeersRefused, broker.DocumentsPublished, broker.DocumentsRefused,
        evidence.LogDoubted, evidence.DoubtTold, evidence.DoubtAcknowledged, evidence.WitnessFailed, evidence.LogBegun, evidence.LogFailed,
        evidence.EventUnfit, evidence.DiskLow, evidence.EntriesExpired, evidence.Correction,
        visit.FrameRefused,
    }
)  # fmt: skip
"""How the service is run and who may do what in it. Everything else is of visits and machines, which no administrator reads about."""


def account(account_id: str) -> str:
    """What is about this account."""
    return f"account:{account_id}"


def host(host_id: str) -> str:
    """What is about this host."""
    return f"host:{host_id}"


def session(session_id: str) -> str:
    """What is of this visit."""
    return f"session:{session_id}"


def site(name: str) -> str:
    """What is about any host of this site, or the site."""
    return f"site:{name}"


def company(name: str) -> str:
    """What is about the administration of this company."""
    return f"company:{name}"


def kind(name: str) -> str:
    """Entries of this event."""
    return f"event:{name}"


def named(subject: str) -> str:
    """Where this account or host was given its name."""
    return f"named:{subject}"


@dataclass(frozen=True, slots=True)
class About:
    """What one event names by itself."""

    accounts: frozenset[str]
    hosts: frozenset[str]
    sessions: frozenset[str]
    sites: frozenset[str]
    administration: bool
    further: frozenset[str] = field(default=frozenset())

    def subjects(self, sites: Mapping[str, str], companies: Mapping[str, str]) -> frozenset[str]:
        """Everything it is filed under, given the site of each host and the company of each account as far as they are known."""
        found = {*map(account, self.accounts), *map(host, self.hosts), *map(session, self.sessions), *map(site, self.sites), *self.further}
        found |= {site(sites[each]) for each in self.hosts & sites.keys()}
        if self.administration:
            found |= {company(companies[each]) for each in self.accounts & companies.keys()}
        if not self.accounts and (self.administration or not (self.hosts or self.sessions)):
            found.add(BROKER)
        return frozenset(found)


def about(happened: Event) -> About:
    """What this event names, as its entry says it. An id is told by how it begins; an address, or the name of an account at the
    machine, is none.
    """
    return about_bounded(bounded(happened))


def about_bounded(happened: Event) -> About:
    """The same of an event that is inside its bounds."""
    further = {kind(name_of(happened))}
    if isinstance(happened, trail.Named):
        further.add(named(happened.subject))
    return About(
        _ids(happened, _ACCOUNTS, "t-"),
        _ids(happened, _HOSTS, "h-"),
        _ids(happened, _SESSIONS, "s-"),
        frozenset({happened.site} - {""}) if isinstance(happened, (broker.HostEnrolTokenMade, broker.DocumentsPublished)) else frozenset(),
        type(happened) in ADMINISTRATION,
        frozenset(further),
    )


def _ids(happened: Event, fields: tuple[str, ...], begins: str) -> frozenset[str]:
    given = [getattr(happened, each) for each in _among(type(happened), fields)]
    return frozenset([each for each in given if isinstance(each, str) and each.startswith(begins)])


@cache
def _among(cls: type, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Which of these the events of a class have: every append asks."""
    return tuple(each for each in fields if each in fields_of(cls))


def scope(reach: Reach) -> frozenset[str]:
    """The subjects that this reach reaches: an entry is there if it is filed under any of them."""
    found = {account(reach.account_id), *map(account, reach.accounts), *map(host, reach.hosts), *map(site, reach.sites)}
    if reach.company:
        found.add(company(reach.company))
    if reach.vendor:
        found.add(BROKER)
    return frozenset(found)
