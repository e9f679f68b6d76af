"""New rules of the site's file take effect: what they close is closed now, what they open is open once it is recorded (`site_rules.py`)."""

from collections.abc import Callable

from audit.events import host
from host_client.core.commands import Note, Record, Talk
from host_client.core.site_rules import SiteFile, may_follow, rules_of
from host_client.core.trusted import Trusted
from policy.decision import Deny
from policy.instant import Instant


def follow(trusted: Trusted, read: SiteFile | None, recheck: Callable[[Instant], Talk], now: Instant) -> Talk:
    """The file was read. `recheck` has whoever may no longer be here leave."""
    new = rules_of(read)
    decision = may_follow(trusted.site, read)
    if isinstance(decision, Deny):
        yield Note(host.Refusal(session_id="", about="site_policy", reason=decision.reason))
        return
    trusted.site = trusted.site.with_also(new)
    yield from recheck(now)
    if read is None or read.page is None:
        trusted.site = new
        if read is not None:
            yield Note(host.SitePolicyBroken(digest=read.digest))
        return
    recorded = yield Record((host.SitePolicyAccepted(version=new.version, digest=read.digest),))
    if recorded:
        trusted.site = new
        yield from recheck(now)
