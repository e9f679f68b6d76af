"""What only the host records: what the person saw and did, and what was captured and injected. Never the code itself."""

from audit.events.shape import Fingerprint, Id, Lines, Name, Outcome, Salt, Small, TicketText, event
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from wire.messages.documents import Repository
from wire.schema import Hash, Seconds

# ---- the program


@event("host_started")
class HostStarted:
    """The guardian runs. `host_id` is empty before enrolment."""

    host_id: Id
    version: Id


@event("host_stopped", Outcome.ENDED)
class HostStopped:
    """The guardian was told to stop, and stops."""

    host_id: Id


@event("log_repaired")
class LogRepaired:
    """The last line of the log was half written when the machine stopped; so many bytes of it were cut away."""

    segment: Id
    bytes_cut: Small


@event("late_entries", Outcome.ENDED)
class LateEntries:
    """So many narrowings could not be recorded when they happened; their entries follow this one."""

    count: Small


@event("terms_accepted")
class TermsAccepted:
    """A named administrator accepted the terms, the list of data and the one egress target."""

    by: Name
    terms_version: Id
    egress_target: Name


@event("enrolled")
class Enrolled:
    """The broker knows this host's key now."""

    host_id: Id
    broker_id: Id
    fingerprint: Fingerprint


@event("broker_connected")
class BrokerConnected:
    """The broker proved its key on the control socket, and this host its own."""

    broker_id: Id
    listed: bool


@event("broker_disconnected", Outcome.ENDED)
class BrokerDisconnected:
    """The control socket is gone."""

    broker_id: Id


@event("broker_refused", Outcome.REFUSED)
class BrokerRefused:
    """The broker could not prove its key, or did not let this host in."""

    broker_id: Id
    reason: Reason


@event("documents_accepted")
class DocumentsAccepted:
    """Newer signed documents stand at this host. `version` is their snapshot's; `digest` names all that is in force from now on, the
    vendor's and the site's (`trust.view.digest`).
    """

    repository: Repository
    version: Seconds
    digest: Hash


@event("documents_refused_here", Outcome.REFUSED)
class DocumentsRefusedHere:
    """The broker sent documents that this host did not take."""

    repository: Repository | None
    reason: Reason


@event("site_root_pinned")
class SiteRootPinned:
    """An administrator of this PC said whose word counts for the site. `digest` is SHA-256 of the root's file."""

    digest: Hash


@event("site_policy_accepted")
class SitePolicyAccepted:
    """The site's own rules of this version stand at this host. `digest` is SHA-256 of the file."""

    version: Seconds
    digest: Hash


@event("site_policy_broken", Outcome.REFUSED)
class SitePolicyBroken:
    """The site's file cannot be used: nobody is let in until it is mended. `digest` is SHA-256 of what was read of it."""

    digest: Hash


@event("refusal", Outcome.REFUSED)
class Refusal:
    """Something was refused at this host. `about` is the type of what was asked; `session_id` is empty outside a visit."""

    session_id: Id
    about: Id
    reason: Reason


# ---- the code


@event("help_pressed")
class HelpPressed:
    """Somebody pressed *Get help*, logged in under this account."""

    account: Name
    login_session: Id


@event("code_shown")
class CodeShown:
    """A code is on the screen. Its ticket is known to the broker anyway; the rest of it is in no log."""

    ticket: TicketText
    seconds: Seconds


@event("return_opened")
class ReturnOpened:
    """The PC was restarted, and this technician may come back for so many seconds, without a code that is read out."""

    ticket: TicketText
    technician_id: Id
    seconds: Small


@event("return_over", Outcome.ENDED)
class ReturnOver:
    """A way back was there after the start, and leads nowhere: nobody can come back."""

    technician_id: Id
    reason: Reason


@event("code_tried", Outcome.REFUSED)
class CodeTried:
    """Somebody entered a wrong code."""

    ticket: TicketText
    tries_left: Small


@event("code_over", Outcome.ENDED)
class CodeOver:
    """The code is worth nothing any more. `reason` is None when the person took it back."""

    ticket: TicketText
    reason: Reason | None


@event("session_offered")
class SessionOffered:
    """The broker says that this technician entered the first half of the code."""

    session_id: Id
    ticket: TicketText
    technician_id: Id
    purpose: Purpose
    case_reference: Id


@event("agreement_run")
class AgreementRun:
    """One run of the key agreement. `reason` is None when it was confirmed."""

    session_id: Id
    run: Small
    reason: Reason | None


@event("identity_proven")
class IdentityProven:
    """The technician's device signed this session, and the directory says whose device it is."""

    session_id: Id
    technician_id: Id
    name: Name
    company: Name
    fingerprint: Fingerprint


# ---- a second person who only watches (docs/adr/0011)


@event("watch_asked")
class WatchAsked:
    """The person at the PC wants a code for somebody who watches this visit, logged in under this account."""

    session_id: Id
    account: Name
    login_session: Id


@event("watch_begun")
class WatchBegun:
    """From now on somebody else sees what the technician of this visit sees, in a visit of his own, `watcher_session`."""

    session_id: Id
    watcher_session: Id
    watcher_id: Id
    name: Name
    company: Name


@event("watch_over", Outcome.ENDED)
class WatchOver:
    """He sees nothing any more."""

    session_id: Id
    watcher_session: Id
    watcher_id: Id


# ---- prompts, capture, input


@event("prompt_shown")
class PromptShown:
    """What the person was asked, word for word. `prompt_key` opens the commitment of the answer."""

    session_id: Id
    ask: Small
    permission: Permission
    language: Id
    prompt: Lines
    prompt_key: Salt


@event("injector_blocked", Outcome.REFUSED)
class InjectorBlocked:
    """An *Allow* came from a program, not from a person's mouse or keyboard, and was not counted."""

    session_id: Id
    ask: Small


@event("capture_started")
class CaptureStarted:
    """The screen is captured under this grant."""

    session_id: Id
    ask: Small
    width: Small
    height: Small


@event("clipboard_opened")
class ClipboardOpened:
    """Text may go one way between the two clipboards under this grant. What was in this PC's before is no part of that."""

    session_id: Id
    ask: Small
    permission: Permission


@event("clipboard_passed")
class ClipboardPassed:
    """One text goes: so many bytes of it, and never a word."""

    session_id: Id
    ask: Small
    permission: Permission
    size: Small


@event("clipboard_closed", Outcome.ENDED)
class ClipboardClosed:
    """No more text goes. `reason` is None when the grant simply ended."""

    session_id: Id
    ask: Small
    permission: Permission
    reason: Reason | None


@event("visit_suspended")
class VisitSuspended:
    """The broker was not heard for as long as the lease: nothing is captured or injected until it is, or the visit ends."""

    session_id: Id


@event("visit_resumed")
class VisitResumed:
    """It is heard again, and everybody may still be here."""

    session_id: Id


@event("visit_paused")
class VisitPaused:
    """The person pressed *Pause*: nothing is captured or injected until *Continue*."""

    session_id: Id


@event("visit_unpaused")
class VisitUnpaused:
    """The person pressed *Continue*."""

    session_id: Id


@event("remote_input_waited")
class RemoteInputWaited:
    """So many times the person used mouse or keyboard, and the technician's waited."""

    session_id: Id
    count: Small


@event("capture_stopped", Outcome.ENDED)
class CaptureStopped:
    """The screen is captured no more. `reason` is None when the grant simply ended."""

    session_id: Id
    ask: Small
    reason: Reason | None


@event("capture_paused")
class CapturePaused:
    """The screen is not captured, and nothing is injected, for this reason; what was granted stands."""

    session_id: Id
    ask: Small
    reason: Reason


@event("capture_resumed")
class CaptureResumed:
    """What paused it is over."""

    session_id: Id
    ask: Small


@event("input_started")
class InputStarted:
    """The technician's mouse and keyboard reach this PC under this grant."""

    session_id: Id
    ask: Small


@event("input_stopped", Outcome.ENDED)
class InputStopped:
    """The technician's mouse and keyboard reach this PC no more; held keys were released."""

    session_id: Id
    ask: Small


@event("input_dropped", Outcome.REFUSED)
class InputDropped:
    """So many input records were not carried out."""

    session_id: Id
    count: Small
    reason: Reason


# ---- requests to be called


@event("call_shown")
class CallShown:
    """The person can read that this technician asks to be called. Name and company are those of the signed directory."""

    technician_id: Id
    name: Name
    company: Name
    purpose: Purpose
    case_reference: Id


@event("calls_put_away", Outcome.ENDED)
class CallsPutAway:
    """The person has read them, or pressed *Get help*."""

    count: Small


@event("restart_begun")
class RestartBegun:
    """The person allowed a restart of the PC: it is done in so many seconds, unless somebody stops it."""

    session_id: Id
    ask: Small
    seconds: Small


@event("restart_not_waiting", Outcome.ENDED)
class RestartNotWaiting:
    """The time before the restart is over: the PC restarts, or somebody stopped it, or the visit ended before."""

    session_id: Id
    ask: Small
    reason: Reason | None


@event("restart_ordered")
class RestartOrdered:
    """The system is told to restart now, and the technician may come back for so many seconds after."""

    session_id: Id
    ask: Small
    technician_id: Id
    seconds: Small


@event("restart_failed", Outcome.REFUSED)
class RestartFailed:
    """The system did not restart; the way back is gone."""

    session_id: Id
    ask: Small
    reason: Reason
