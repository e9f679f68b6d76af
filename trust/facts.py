"""What policy needs to know of technicians and hosts, from the signed directory. The one place where these facts are made.

Nothing is decided here. Training is not in this directory's format: who is listed counts as trained until it expires.
"""

from policy.facts import EVERYWHERE, InstrumentFacts, Training, VisitorFacts
from trust.directory import host_of, person_of
from wire.messages.documents import Directory


def visitor_facts(directory: Directory, technician_id: str) -> VisitorFacts | None:
    """The technician of this id; None for one who is not listed, or stopped."""
    person = person_of(directory, technician_id)
    if person is None or not person.active:
        return None
    return VisitorFacts(person.id, person.company, frozenset(person.groups), (Training(EVERYWHERE, directory.expires),))


def instrument_facts(directory: Directory, host_id: str, *, phi_stated: bool = False) -> InstrumentFacts:
    """The host of this id. One that is not listed counts as one with health data. `phi_stated`: what the host itself says."""
    host = host_of(directory, host_id)
    if host is None:
        return InstrumentFacts(host_id, "", "", "", "", listed=False, phi=True)
    profile = host.profile
    return InstrumentFacts(host.id, host.group, host.site, profile.model, profile.region, listed=True, phi=profile.phi or phi_stated)
