"""Every audit event. Import this package and EVENTS is whole; construct events as `broker.SignedIn(...)`, `visit.Asked(...)`.

`broker` holds what only the broker sees, `host` what only the host sees, `visit` what both sides record.
"""

from audit.events import broker, host, visit
from audit.events.shape import EVENTS

__all__ = ["EVENTS", "broker", "host", "visit"]
