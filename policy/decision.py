"""Allow, or Deny with a Reason. The only list of reasons there is; each is a message id in the catalogues."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused. The catalogues hold `reason-<value>` for each, in words a person can act on."""

    # Who is there
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_PAUSED = "sign_in_paused"
    NOT_SIGNED_IN = "not_signed_in"
    SECOND_FACTOR_STALE = "second_factor_stale"
    SECOND_FACTOR_WRONG = "second_factor_wrong"
    INVITATION_INVALID = "invitation_invalid"
    PASSWORD_TOO_WEAK = "password_too_weak"
    PASSWORD_COMMON = "password_common"
    PASSWORD_CLASSES = "password_classes"
    PASSWORD_SAME = "password_same"
    PASSWORD_DUE = "password_due"
    DEVICE_NOT_RECOGNISED = "device_not_recognised"
    ENROLMENT_INVALID = "enrolment_invalid"
    BOOTSTRAP_INVALID = "bootstrap_invalid"
    HOST_NOT_LISTED = "host_not_listed"
    IDENTITY_NOT_PROVEN = "identity_not_proven"
    ORIGIN_REFUSED = "origin_refused"
    # Whose account
    ROLE_DENIES = "role_denies"
    ACCOUNT_UNKNOWN = "account_unknown"
    ACCOUNT_EXISTS = "account_exists"
    OWN_ACCOUNT = "own_account"
    LAST_ADMINISTRATOR = "last_administrator"
    SECOND_PERSON_NEEDED = "second_person_needed"
    PROPOSAL_UNKNOWN = "proposal_unknown"
    PROPOSAL_DECIDED = "proposal_decided"
    PROPOSAL_EXPIRED = "proposal_expired"
    PROPOSAL_CHANGED = "proposal_changed"
    TOO_MANY_PROPOSALS = "too_many_proposals"
    RECEIPT_UNKNOWN = "receipt_unknown"
    # What was asked
    NOT_ASSIGNED = "not_assigned"
    TRAINING_EXPIRED = "training_expired"
    OUTSIDE_HOURS = "outside_hours"
    BLACK_OUT = "black_out"
    VENDOR_POLICY = "vendor_policy"
    SITE_POLICY = "site_policy"
    PERMISSION_NOT_OFFERED = "permission_not_offered"
    PHI_POLICY = "phi_policy"
    NOT_GRANTED = "not_granted"
    REQUIRES_VIEW = "requires_view"
    REASON_MISSING = "reason_missing"
    ALREADY_ASKED = "already_asked"
    VIEW_ONLY = "view_only"
    SAME_PERSON = "same_person"
    # The code
    CODE_WRONG = "code_wrong"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    CODE_BURNT = "code_burnt"
    TOO_MANY_TRIES = "too_many_tries"
    CODE_RESERVED = "code_reserved"
    AGREEMENT_FAILED = "agreement_failed"
    # The person at the host
    REFUSED_BY_PERSON = "refused_by_person"
    NO_ANSWER = "no_answer"
    NOBODY_LOGGED_IN = "nobody_logged_in"
    SCREEN_LOCKED = "screen_locked"
    SESSION_AWAY = "session_away"
    NO_SCREEN = "no_screen"
    MASK_NOT_PLACED = "mask_not_placed"
    MASKED = "masked"
    INPUT_UNAVAILABLE = "input_unavailable"
    NO_CLIPBOARD = "no_clipboard"
    VISIT_PAUSED = "visit_paused"
    DESK_HUNG = "desk_hung"
    CAPTURE_HUNG = "capture_hung"
    # A file
    FILE_STOPPED_AT_HOST = "file_stopped_at_host"
    FILE_STOPPED_BY_TECHNICIAN = "file_stopped_by_technician"
    FILE_DIFFERS = "file_differs"
    FILE_CHANGED = "file_changed"
    FILE_NOT_PLAIN = "file_not_plain"
    FILE_UNREADABLE = "file_unreadable"
    FILE_CUT = "file_cut"
    FILES_TOO_LARGE = "files_too_large"
    FOLDER_UNUSABLE = "folder_unusable"
    DISK_FULL = "disk_full"
    # A restart
    RESTART_NOT_SET_UP = "restart_not_set_up"
    RESTART_NOT_ALLOWED = "restart_not_allowed"
    RESTART_FAILED = "restart_failed"
    RESTART_STOPPED = "restart_stopped"
    RETURN_INVALID = "return_invalid"
    RETURN_NOT_YOURS = "return_not_yours"
    # The machinery
    HOST_OFFLINE = "host_offline"
    HOST_BUSY = "host_busy"
    WRONG_MOMENT = "wrong_moment"
    DOCUMENT_INVALID = "document_invalid"
    DOCUMENT_STALE = "document_stale"
    PASS_INVALID = "pass_invalid"
    SIGNATURE_INVALID = "signature_invalid"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    TOO_BUSY = "too_busy"
    VERSION_NOT_SPOKEN = "version_not_spoken"
    LOG_UNAVAILABLE = "log_unavailable"
    LOG_DOUBTED = "log_doubted"
    SESSION_OVER = "session_over"
    TAKEN_OVER = "taken_over"
    LINE_CUT = "line_cut"


@dataclass(frozen=True, slots=True)
class Allow:
    """It may happen, and nothing more than what was asked."""


@dataclass(frozen=True, slots=True)
class Deny:
    """It may not happen, for this reason. A value, not an exception: refusals are expected."""

    reason: Reason


Decision = Allow | Deny
