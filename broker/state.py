"""The state folder and the clocks: what the server and every command begin with. No database and no socket is opened here,
so that commands that need neither start quickly (a health check runs twice a minute).
"""

import time
from hashlib import sha256

from broker.config import BrokerConfig
from policy.instant import Instant
from trust.keys import load_key
from trust.signatures import Ed25519Signer


class NotInitialised(Exception):
    """`chaperone-broker init` has not been run for this state folder."""


def read_clock() -> Instant:
    """Both clocks, taken together."""
    return Instant(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME))


def signer_of(config: BrokerConfig) -> Ed25519Signer:
    """The broker's own key. Raises NotInitialised, and what key files raise."""
    require_state(config)
    return load_key(config.broker_key)


def require_state(config: BrokerConfig) -> None:
    """Raises NotInitialised if `init` was never run."""
    if not config.broker_key.exists():
        raise NotInitialised(f"{config.state} has no broker key; run: chaperone-broker init")


def broker_id_of(signer: Ed25519Signer) -> str:
    """The broker's id follows from its key, so that two brokers never share one."""
    return f"b-{sha256(signer.public_key).hexdigest()[:16]}"
