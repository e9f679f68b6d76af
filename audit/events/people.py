"""What the broker records of how people prove themselves: passwords, second factors, recovery codes, and guessing."""

from audit.events.shape import Address, Id, Name, Outcome, Small, event
from policy.decision import Reason


@event("account_stopped", Outcome.ENDED)
class AccountStopped:
    """So many wrong sign-ins in a row: from here on the account opens for its recognised devices alone."""

    technician_id: Id
    failures: Small


@event("account_stop_cleared")
class AccountStopCleared:
    """An administrator lets the account be signed in to again."""

    technician_id: Id
    by: Name


@event("password_changed")
class PasswordChanged:
    """A technician changed the password; every other sign-in of theirs is over."""

    technician_id: Id
    address: Address


@event("recovery_codes_made")
class RecoveryCodesMade:
    """A technician has new recovery codes; the earlier ones are worth nothing."""

    technician_id: Id


@event("recovery_code_used")
class RecoveryCodeUsed:
    """A recovery code stood in for the second factor. `left` is how many there are yet."""

    technician_id: Id
    address: Address
    left: Small


@event("factor_replaced")
class FactorReplaced:
    """A technician, with password and second factor, took another authenticator app."""

    technician_id: Id
    address: Address


@event("guessing_braked", Outcome.REFUSED)
class GuessingBraked:
    """Somebody guesses faster than people mistype. `address` is None when it comes from everywhere."""

    address: Address | None
    reason: Reason
    seconds: Small
