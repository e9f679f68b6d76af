"""The order of a visit, as one table. Both ends' cores and the broker's call `advance()`; nothing else decides order.

Rules for editors
    1. Everything that changes what may come next is a row of TRANSITIONS. A missing row is a refusal.
    2. This file does not know which side it runs on, what time it is, or what is granted (that is `consent.py`).
    3. No row leads from a state before SEALED to ASKING: nobody is asked before both ends have proven themselves.
"""

from enum import StrEnum

from policy.decision import Deny, Reason


class SessionState(StrEnum):
    """Where a visit stands (docs/protocol.md, section 6)."""

    IDLE = "idle"
    OFFERED = "offered"
    """A code is shown."""
    ADMITTED = "admitted"
    """The broker's half was right and its admission steps passed."""
    SEALED = "sealed"
    """Key agreement and both session signatures stand."""
    ASKING = "asking"
    """The first request, for view, is before the person."""
    VIEWING = "viewing"
    ENDED = "ended"


class SessionEvent(StrEnum):
    """What can happen to a visit."""

    CODE_SHOWN = "code_shown"
    CODE_WITHDRAWN = "code_withdrawn"
    CLAIMED = "claimed"
    AGREEMENT_FAILED = "agreement_failed"
    IDENTITIES_PROVEN = "identities_proven"
    VIEW_ASKED = "view_asked"
    VIEW_ALLOWED = "view_allowed"
    VIEW_REFUSED = "view_refused"
    MORE_ASKED = "more_asked"
    MORE_ANSWERED = "more_answered"
    ENDED = "ended"


class EndCause(StrEnum):
    """Why a visit ended; `end-<value>` in the catalogues. Names are never reused."""

    HOST_ENDED = "host_ended"
    TECHNICIAN_ENDED = "technician_ended"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    CODE_BURNT = "code_burnt"
    CODE_EXPIRED = "code_expired"
    CONNECTION_LOST = "connection_lost"
    """A socket closed or the lease ran out; nobody says which cable."""
    LEASE_EXPIRED = "lease_expired"
    PEER_MISBEHAVED = "peer_misbehaved"
    IDENTITY_NOT_PROVEN = "identity_not_proven"
    POLICY = "policy"
    IDLE = "idle"
    TIME_LIMIT = "time_limit"
    DESK_LOST = "desk_lost"
    """The window process at the host died or hung."""
    LOG_UNAVAILABLE = "log_unavailable"
    LOG_DOUBTED = "log_doubted"
    """What one side showed of its log does not fit to what the other holds."""
    BROKER_STOPPED = "broker_stopped"
    SIGNED_OUT = "signed_out"
    RESTARTING = "restarting"
    """The PC restarts, as the person allowed."""
    FAILED_INSIDE = "failed_inside"
    WATCHED_VISIT_OVER = "watched_visit_over"
    """Of whoever only watched: the visit that he watched is over, or its line was cut."""


_S, _E = SessionState, SessionEvent

TRANSITIONS: dict[tuple[SessionState, SessionEvent], SessionState] = {
    (_S.IDLE, _E.CODE_SHOWN): _S.OFFERED,
    (_S.OFFERED, _E.CODE_WITHDRAWN): _S.ENDED,
    (_S.OFFERED, _E.CLAIMED): _S.ADMITTED,
    (_S.OFFERED, _E.ENDED): _S.ENDED,
    (_S.ADMITTED, _E.AGREEMENT_FAILED): _S.ADMITTED,
    (_S.ADMITTED, _E.IDENTITIES_PROVEN): _S.SEALED,
    (_S.ADMITTED, _E.ENDED): _S.ENDED,
    (_S.SEALED, _E.VIEW_ASKED): _S.ASKING,
    (_S.SEALED, _E.ENDED): _S.ENDED,
    (_S.ASKING, _E.VIEW_ALLOWED): _S.VIEWING,
    (_S.ASKING, _E.VIEW_REFUSED): _S.ENDED,
    (_S.ASKING, _E.ENDED): _S.ENDED,
    (_S.VIEWING, _E.MORE_ASKED): _S.VIEWING,
    (_S.VIEWING, _E.MORE_ANSWERED): _S.VIEWING,
    (_S.VIEWING, _E.ENDED): _S.ENDED,
}


def advance(state: SessionState, event: SessionEvent) -> SessionState | Deny:
    """The next state, or Deny: SESSION_OVER after the end, WRONG_MOMENT for anything the table does not name."""
    if state is SessionState.ENDED:
        return Deny(Reason.SESSION_OVER)
    return TRANSITIONS.get((state, event), Deny(Reason.WRONG_MOMENT))
