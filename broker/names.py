"""Names stand beside the log, which commits to them: an entry about somebody who was removed can still be read with the name."""

from collections.abc import Iterable
from secrets import token_bytes

from audit.events.trail import Named
from broker.storage.accounts import Account
from broker.storage.log import AuditLog
from broker.storage.registry import EnrolledHost
from broker.storage.store import Store
from broker.storage.trail import KnownName, TrailStore, committed_text
from policy.roles import VENDOR_ROLES
from wire.commitments import KEY_BYTES, commitment

_AT_ONCE = 500


def name_of_account(account: Account) -> KnownName:
    """A site's people belong to no company of the vendor's side, whatever theirs is called."""
    return KnownName(account.name, account.company if account.role in VENDOR_ROLES else "")


def name_of_host(host: EnrolledHost) -> KnownName:
    """As it enrolled."""
    return KnownName(host.name, host.site)


async def introduce(trail: TrailStore, subject: str, known: KnownName, utc: float) -> Named:
    """Keep the name; the event that gives it, to be recorded before anything else is done with this id."""
    key = token_bytes(KEY_BYTES)
    committed = commitment(key, committed_text(known))
    await trail.keep_name(subject, committed, key, known, utc)
    return Named(subject=subject, commitment=committed)


async def introduce_all(store: Store, log: AuditLog, utc: float) -> None:
    """Whoever was here before names were kept. Nothing when everybody has one. Raises LogUnavailable."""
    known = {each.technician_id: name_of_account(each) for each in await store.accounts.all()}
    known |= {each.host_id: name_of_host(each) for each in await store.registry.hosts()}
    for some in _pieces(sorted(known)):
        missing = sorted(await store.trail.nameless(some))
        if missing:
            await log.record(*[await introduce(store.trail, each, known[each], utc) for each in missing])


def _pieces(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
