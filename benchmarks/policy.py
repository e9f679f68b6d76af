"""Time and memory of policy decisions for a whole vendor: `python -m benchmarks policy`.

10,000 technicians, 14,000 hosts, 200 rules in the vendor's document and 200 in the site's, half of them with hours, a
tenth of them deny. Decisions are of random pairs that share a group: others end at that check, sooner.
"""

import time
import tracemalloc
from collections.abc import Callable
from random import Random
from statistics import quantiles
from zoneinfo import ZoneInfo

from benchmarks.results import keep
from policy.decision import Allow
from policy.effective import decide, explain, until_change
from policy.facts import EVERYWHERE, InstrumentFacts, Training, VisitorFacts
from policy.language import Document, Party
from policy.permissions import Permission
from policy.reading import read_policy
from policy.rulebook import Rulebook, rulebook

NOON = 1_804_845_600
GROUPS, SITES, COMPANIES = 400, 700, 12
REGIONS = ("FR", "DE", "US", "JP")
MODELS = ("AU 680", "AU 5800", "DxH 900", "DxI 9000", "Navios EX", "Access 2")
Question = tuple[Permission, VisitorFacts, InstrumentFacts]
ASKED = (Permission.VIEW, Permission.CONTROL)


def facts(technicians: int, hosts: int, chance: Random) -> tuple[list[VisitorFacts], list[InstrumentFacts]]:
    """People and instruments, with groups, companies, sites, models and regions spread over them."""
    people = [
        VisitorFacts(
            f"t-{number}",
            f"Company {number % COMPANIES}",
            frozenset(f"group {chance.randrange(GROUPS)}" for _ in range(8)),
            (Training(EVERYWHERE, NOON * 2),),
        )
        for number in range(technicians)
    ]
    instruments = [
        InstrumentFacts(
            f"h-{number}",
            f"group {number % GROUPS}",
            f"Site {number % SITES}",
            chance.choice(MODELS),
            chance.choice(REGIONS),
            listed=True,
            phi=False,
        )
        for number in range(hosts)
    ]
    return people, instruments


def document(party: Party, rules: int, chance: Random) -> str:
    """A document as long as a large vendor's: companies by regions, persons by hosts, some of them denied."""
    lines = [f'party = "{party.value}"', "version = 1", 'zone = "Europe/Paris"']
    for number in range(rules):
        lines += ["[[deny]]" if number % 10 == 9 else "[[allow]]", f'name = "rule {number}"']
        lines.append('permissions = ["restart"]' if number % 10 == 9 else 'permissions = ["view", "control"]')
        lines.append(_who(number, chance))
        lines.append(_where(number, chance))
        if number % 2:
            lines.append('when = { weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"], hours = ["07:00-19:00"] }')
    return "\n".join(lines) + "\n"


def _who(number: int, chance: Random) -> str:
    if number % 3:
        return f'who = {{ companies = ["Company {number % COMPANIES}"] }}'
    named = sorted({f"t-{chance.randrange(10_000)}" for _ in range(40)})
    return f"who = {{ technicians = {named} }}".replace("'", '"')


def _where(number: int, chance: Random) -> str:
    if number % 4:
        return f'where = {{ regions = ["{REGIONS[number // COMPANIES % len(REGIONS)]}"] }}'
    named = sorted({f"h-{chance.randrange(14_000)}" for _ in range(70)})
    return f"where = {{ hosts = {named} }}".replace("'", '"')


def books(rules: int, chance: Random) -> tuple[Rulebook, Rulebook, dict[str, object]]:
    """Both documents, read and ready; with the time this takes, and the memory that stays."""
    texts = [document(party, rules, chance) for party in Party]
    began = time.perf_counter()
    read: list[Document] = [read_policy(text, party.value, ZoneInfo) for text, party in zip(texts, Party, strict=True)]
    reading = time.perf_counter() - began
    tracemalloc.start()
    began = time.perf_counter()
    vendor, site = (rulebook(each, ZoneInfo) for each in read)
    indexing = time.perf_counter() - began
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    figures: dict[str, object] = {
        "rules_in_each_document": rules,
        "reading_both_ms": round(reading * 1000, 1),
        "indexing_both_ms": round(indexing * 1000, 1),
        "index_of_both_kib": round(held / 1024),
    }
    return vendor, site, figures


def _timed(ask: list[Question], vendor: Rulebook, site: Rulebook) -> tuple[list[float], int]:
    taken, allowed = [], 0
    for permission, visitor, instrument in ask:
        began = time.perf_counter()
        decision = decide(permission, visitor, instrument, NOON, vendor, site)
        taken.append(time.perf_counter() - began)
        allowed += decision == Allow()
    return taken, allowed


def _mean(asking: Callable[..., object], ask: list[Question], vendor: Rulebook, site: Rulebook) -> float:
    began = time.perf_counter()
    for question in ask:
        asking(*question, NOON, vendor, site)
    return (time.perf_counter() - began) / len(ask)


def run(technicians: int = 10_000, hosts: int = 14_000, rules: int = 200, decisions: int = 100_000) -> None:
    """Decide for random pairs of technicians and hosts."""
    chance = Random(7)  # noqa: S311 - the same figures on every run
    tracemalloc.start()
    people, instruments = facts(technicians, hosts, chance)
    facts_held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    vendor, site, figures = books(rules, chance)
    by_group: dict[str, list[InstrumentFacts]] = {}
    for instrument in instruments:
        by_group.setdefault(instrument.group, []).append(instrument)
    ask: list[Question] = []
    for _ in range(decisions):
        visitor = chance.choice(people)
        ask.append((chance.choice(ASKED), visitor, chance.choice(by_group[chance.choice(sorted(visitor.groups))])))
    taken, allowed = _timed(ask, vendor, site)
    cuts = quantiles(taken, n=100)
    explaining, changing = _mean(explain, ask[:2000], vendor, site), _mean(until_change, ask[:2000], vendor, site)
    keep(
        "policy",
        {
            "technicians": technicians,
            "hosts": hosts,
            **figures,
            "facts_of_all_mib": round(facts_held / 2**20, 1),
            "decisions": decisions,
            "allowed_percent": round(allowed / decisions * 100, 1),
            "decision_us_mean": round(sum(taken) / len(taken) * 1e6, 1),
            "decision_us_p50": round(cuts[49] * 1e6, 1),
            "decision_us_p99": round(cuts[98] * 1e6, 1),
            "explanation_us_mean": round(explaining * 1e6, 1),
            "until_change_us_mean": round(changing * 1e6, 1),
        },
    )
