"""Every audit event. Import this package and EVENTS is whole; construct events as `broker.SignedIn(...)`, `visit.Asked(...)`.

`broker`, `people`, `accounts` and `trail` hold what only the broker sees, `host` and `files` what only the host sees, `visit` and
`evidence` what both sides record.
"""

from audit.events import accounts, broker, evidence, files, host, people, trail, visit
from audit.events.shape import EVENTS

__all__ = ["EVENTS", "accounts", "broker", "evidence", "files", "host", "people", "trail", "visit"]
