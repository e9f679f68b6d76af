// Written by `make gen` from the Python rooms policy/ and wire/. Do not edit; `make test` compares.
//
// How to read it
//   Permission, Reason, ...  closed lists: a const object and the union type of its values, under one name. ENUMS holds all.
//   Hello, Person, ...       what a message or part looks like in memory. bytes are Bytes, absent values are null, and
//                            names are those of the wire.
//   SHAPES                   the same at run time, for one strict reader and writer. Messages stand under their `type`
//                            (MESSAGE_NAMES lists these), parts under their class name. A field is one of
//        {kind: "bool"}                       true or false
//        {kind: "int", low, high}             an integer within these, both included
//        {kind: "str", low, high}             a string; its length is counted in code points, and no half surrogate is in it
//        {kind: "bytes", low, high}           base64url without padding; its length is counted in bytes
//        {kind: "enum", name}                 one of the values of ENUMS[name]
//        {kind: "list", most, item}           a list of at most `most` fields like `item`
//        {kind: "part", name}                 an object with exactly the fields of SHAPES[name] and no `type`
//      each with `optional: true` when null may stand in its place. The field itself is never left out.
//   A message is the fields of SHAPES[type] and `type`, nothing more, written as docs/protocol.md, section 2 says.
/* eslint-disable */

/** Bytes in memory of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** One thing that the person at the host can allow. Each is asked for by itself (product behaviour 5). */
export const Permission = {
  VIEW: "view",
  CONTROL: "control",
  FILE_TO_HOST: "file_to_host",
  FILE_FROM_HOST: "file_from_host",
  CLIPBOARD_TO_HOST: "clipboard_to_host",
  CLIPBOARD_FROM_HOST: "clipboard_from_host",
  RESTART: "restart",
} as const;
export type Permission = (typeof Permission)[keyof typeof Permission];

/** One stream of sealed records (docs/protocol.md, section 5). The number crosses the wire. */
export const Lane = {
  SCREEN: 1,
  INPUT: 2,
  FILE_TO_HOST: 3,
  FILE_FROM_HOST: 4,
  CLIPBOARD_TO_HOST: 5,
  CLIPBOARD_FROM_HOST: 6,
  CONTROL: 7,
  CHAT: 8,
  RESTART: 9,
} as const;
export type Lane = (typeof Lane)[keyof typeof Lane];

/** Which way a lane carries its content; the other way carries only short acknowledgements. */
export const Direction = {
  TO_HOST: "to_host",
  TO_TECHNICIAN: "to_technician",
} as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** Why something was refused. The catalogues hold `reason-<value>` for each, in words a person can act on. */
export const Reason = {
  SIGN_IN_FAILED: "sign_in_failed",
  SIGN_IN_PAUSED: "sign_in_paused",
  NOT_SIGNED_IN: "not_signed_in",
  SECOND_FACTOR_STALE: "second_factor_stale",
  SECOND_FACTOR_WRONG: "second_factor_wrong",
  INVITATION_INVALID: "invitation_invalid",
  PASSWORD_TOO_WEAK: "password_too_weak",
  PASSWORD_COMMON: "password_common",
  PASSWORD_CLASSES: "password_classes",
  PASSWORD_SAME: "password_same",
  PASSWORD_DUE: "password_due",
  DEVICE_NOT_RECOGNISED: "device_not_recognised",
  ENROLMENT_INVALID: "enrolment_invalid",
  BOOTSTRAP_INVALID: "bootstrap_invalid",
  HOST_NOT_LISTED: "host_not_listed",
  IDENTITY_NOT_PROVEN: "identity_not_proven",
  ORIGIN_REFUSED: "origin_refused",
  ROLE_DENIES: "role_denies",
  ACCOUNT_UNKNOWN: "account_unknown",
  ACCOUNT_EXISTS: "account_exists",
  OWN_ACCOUNT: "own_account",
  LAST_ADMINISTRATOR: "last_administrator",
  SECOND_PERSON_NEEDED: "second_person_needed",
  PROPOSAL_UNKNOWN: "proposal_unknown",
  PROPOSAL_DECIDED: "proposal_decided",
  PROPOSAL_EXPIRED: "proposal_expired",
  PROPOSAL_CHANGED: "proposal_changed",
  TOO_MANY_PROPOSALS: "too_many_proposals",
  RECEIPT_UNKNOWN: "receipt_unknown",
  NOT_ASSIGNED: "not_assigned",
  TRAINING_EXPIRED: "training_expired",
  OUTSIDE_HOURS: "outside_hours",
  BLACK_OUT: "black_out",
  VENDOR_POLICY: "vendor_policy",
  SITE_POLICY: "site_policy",
  PERMISSION_NOT_OFFERED: "permission_not_offered",
  PHI_POLICY: "phi_policy",
  NOT_GRANTED: "not_granted",
  REQUIRES_VIEW: "requires_view",
  REASON_MISSING: "reason_missing",
  ALREADY_ASKED: "already_asked",
  VIEW_ONLY: "view_only",
  SAME_PERSON: "same_person",
  CODE_WRONG: "code_wrong",
  CODE_EXPIRED: "code_expired",
  CODE_USED: "code_used",
  CODE_BURNT: "code_burnt",
  TOO_MANY_TRIES: "too_many_tries",
  CODE_RESERVED: "code_reserved",
  AGREEMENT_FAILED: "agreement_failed",
  REFUSED_BY_PERSON: "refused_by_person",
  NO_ANSWER: "no_answer",
  NOBODY_LOGGED_IN: "nobody_logged_in",
  SCREEN_LOCKED: "screen_locked",
  SESSION_AWAY: "session_away",
  NO_SCREEN: "no_screen",
  MASK_NOT_PLACED: "mask_not_placed",
  MASKED: "masked",
  INPUT_UNAVAILABLE: "input_unavailable",
  NO_CLIPBOARD: "no_clipboard",
  VISIT_PAUSED: "visit_paused",
  DESK_HUNG: "desk_hung",
  CAPTURE_HUNG: "capture_hung",
  FILE_STOPPED_AT_HOST: "file_stopped_at_host",
  FILE_STOPPED_BY_TECHNICIAN: "file_stopped_by_technician",
  FILE_DIFFERS: "file_differs",
  FILE_CHANGED: "file_changed",
  FILE_NOT_PLAIN: "file_not_plain",
  FILE_UNREADABLE: "file_unreadable",
  FILE_CUT: "file_cut",
  FILES_TOO_LARGE: "files_too_large",
  FOLDER_UNUSABLE: "folder_unusable",
  DISK_FULL: "disk_full",
  RESTART_NOT_SET_UP: "restart_not_set_up",
  RESTART_NOT_ALLOWED: "restart_not_allowed",
  RESTART_FAILED: "restart_failed",
  RESTART_STOPPED: "restart_stopped",
  RETURN_INVALID: "return_invalid",
  RETURN_NOT_YOURS: "return_not_yours",
  HOST_OFFLINE: "host_offline",
  HOST_BUSY: "host_busy",
  WRONG_MOMENT: "wrong_moment",
  DOCUMENT_INVALID: "document_invalid",
  DOCUMENT_STALE: "document_stale",
  PASS_INVALID: "pass_invalid",
  SIGNATURE_INVALID: "signature_invalid",
  MALFORMED: "malformed",
  TOO_LARGE: "too_large",
  TOO_FAST: "too_fast",
  TOO_BUSY: "too_busy",
  VERSION_NOT_SPOKEN: "version_not_spoken",
  LOG_UNAVAILABLE: "log_unavailable",
  LOG_DOUBTED: "log_doubted",
  SESSION_OVER: "session_over",
  TAKEN_OVER: "taken_over",
  LINE_CUT: "line_cut",
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Catalogue reason of a visit; `purpose-<value>` in the catalogues. Free words travel only inside the seals. */
export const Purpose = {
  FAULT: "fault",
  RESULTS: "results",
  MAINTENANCE: "maintenance",
  UPDATE: "update",
  TRAINING: "training",
  OTHER: "other",
} as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/** Where a visit stands (docs/protocol.md, section 6). */
export const SessionState = {
  IDLE: "idle",
  OFFERED: "offered",
  ADMITTED: "admitted",
  SEALED: "sealed",
  ASKING: "asking",
  VIEWING: "viewing",
  ENDED: "ended",
} as const;
export type SessionState = (typeof SessionState)[keyof typeof SessionState];

/** What can happen to a visit. */
export const SessionEvent = {
  CODE_SHOWN: "code_shown",
  CODE_WITHDRAWN: "code_withdrawn",
  CLAIMED: "claimed",
  AGREEMENT_FAILED: "agreement_failed",
  IDENTITIES_PROVEN: "identities_proven",
  VIEW_ASKED: "view_asked",
  VIEW_ALLOWED: "view_allowed",
  VIEW_REFUSED: "view_refused",
  MORE_ASKED: "more_asked",
  MORE_ANSWERED: "more_answered",
  ENDED: "ended",
} as const;
export type SessionEvent = (typeof SessionEvent)[keyof typeof SessionEvent];

/** Why a visit ended; `end-<value>` in the catalogues. Names are never reused. */
export const EndCause = {
  HOST_ENDED: "host_ended",
  TECHNICIAN_ENDED: "technician_ended",
  REFUSED: "refused",
  NO_ANSWER: "no_answer",
  CODE_BURNT: "code_burnt",
  CODE_EXPIRED: "code_expired",
  CONNECTION_LOST: "connection_lost",
  LEASE_EXPIRED: "lease_expired",
  PEER_MISBEHAVED: "peer_misbehaved",
  IDENTITY_NOT_PROVEN: "identity_not_proven",
  POLICY: "policy",
  IDLE: "idle",
  TIME_LIMIT: "time_limit",
  DESK_LOST: "desk_lost",
  LOG_UNAVAILABLE: "log_unavailable",
  LOG_DOUBTED: "log_doubted",
  BROKER_STOPPED: "broker_stopped",
  SIGNED_OUT: "signed_out",
  RESTARTING: "restarting",
  FAILED_INSIDE: "failed_inside",
  WATCHED_VISIT_OVER: "watched_visit_over",
} as const;
export type EndCause = (typeof EndCause)[keyof typeof EndCause];

/** What an account is for. */
export const Role = {
  TECHNICIAN: "technician",
  SUPERVISOR: "supervisor",
  SECURITY_OFFICER: "security_officer",
  ADMINISTRATOR: "administrator",
  SITE_ADMINISTRATOR: "site_administrator",
  AUDITOR: "auditor",
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** How far a right reaches, from the account that has it. */
export const Scope = {
  OWN_ACCOUNT: "own_account",
  OWN_COMPANY: "own_company",
  OWN_SITES: "own_sites",
  OWN_GROUPS: "own_groups",
} as const;
export type Scope = (typeof Scope)[keyof typeof Scope];

/** Everything that can be asked of a broker. */
export const Operation = {
  BOOTSTRAP_USE: "bootstrap_use",
  INVITATION_USE: "invitation_use",
  SIGN_IN: "sign_in",
  SIGN_OUT: "sign_out",
  HOST_ENROL: "host_enrol",
  DOCUMENTS_PUBLISH: "documents_publish",
  HEALTH: "health",
  HOST_CONNECT: "host_connect",
  TICKET_KEEP: "ticket_keep",
  LEASE_RENEW: "lease_renew",
  CALL_SHOW: "call_show",
  LOG_COMPARE: "log_compare",
  OWN_SEE: "own_see",
  OWN_PROVE: "own_prove",
  OWN_CHANGE: "own_change",
  OWN_SIGN_OUT_EVERYWHERE: "own_sign_out_everywhere",
  CONSOLE_CONNECT: "console_connect",
  TICKET_CLAIM: "ticket_claim",
  CALL_ASK: "call_ask",
  VISIT_JOIN: "visit_join",
  HEAD_SEE: "head_see",
  ACCOUNTS_SEE: "accounts_see",
  ACCOUNT_INVITE: "account_invite",
  ACCOUNT_SUSPEND: "account_suspend",
  ACCOUNT_RESUME: "account_resume",
  ACCOUNT_CHANGE_ROLE: "account_change_role",
  ACCOUNT_CLEAR_STOP: "account_clear_stop",
  ACCOUNT_DELETE: "account_delete",
  ACCOUNT_SIGN_OUT: "account_sign_out",
  PROPOSALS_SEE: "proposals_see",
  PROPOSAL_APPROVE: "proposal_approve",
  PROPOSAL_DECLINE: "proposal_decline",
  AUDIT_READ: "audit_read",
  AUDIT_EXPORT: "audit_export",
  AUDIT_FETCH: "audit_fetch",
  RECEIPTS_SEE: "receipts_see",
  RECEIPT_FETCH: "receipt_fetch",
} as const;
export type Operation = (typeof Operation)[keyof typeof Operation];

/** How one comes to an operation. */
export const Entry = {
  STRANGER: "stranger",
  MACHINE: "machine",
  SIGNED_IN: "signed_in",
  END: "end",
} as const;
export type Entry = (typeof Entry)[keyof typeof Entry];

/** May content go straight from the PC to the technician's browser, inside the site's own network? */
export const Direct = {
  NEVER: "never",
  ALLOW: "allow",
  ONLY: "only",
} as const;
export type Direct = (typeof Direct)[keyof typeof Direct];

/** What carries content now. */
export const Carrier = {
  RELAY: "relay",
  DIRECT: "direct",
} as const;
export type Carrier = (typeof Carrier)[keyof typeof Carrier];

/** Why content goes directly no more; `direct-over-<value>` in the catalogues. */
export const DirectCause = {
  STALLED: "stalled",
  SLOWER: "slower",
  FAILED: "failed",
  NOT_AS_AGREED: "not_as_agreed",
  POLICY: "policy",
  CUT: "cut",
  TURNED_OFF: "turned_off",
} as const;
export type DirectCause = (typeof DirectCause)[keyof typeof DirectCause];

/** First byte of every frame. */
export const FrameKind = {
  CONTROL: 1,
  LEDGER: 2,
  HANDSHAKE: 3,
  SEALED: 4,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** What a signature is for. Names are never reused. */
export const Label = {
  BROKER_HELLO: "chaperone broker hello",
  HOST_HELLO: "chaperone host hello",
  DEVICE_HELLO: "chaperone device hello",
  DEVICE_SIGN_IN: "chaperone device sign-in",
  DEVICE_REGISTRATION: "chaperone device registration",
  HOST_ENROLMENT: "chaperone host enrolment",
  DIRECTORY: "chaperone directory",
  SESSION_HOST: "chaperone session host",
  SESSION_TECHNICIAN: "chaperone session technician",
  ASKED: "chaperone asked",
  ANSWERED: "chaperone answered",
  WITHDRAWN: "chaperone withdrawn",
  ENDED: "chaperone ended",
  CALL_WANTED: "chaperone call wanted",
  DIRECT_HOST: "chaperone direct host",
  DIRECT_TECHNICIAN: "chaperone direct technician",
  RECEIPT_HOST: "chaperone receipt host",
  RECEIPT_BROKER: "chaperone receipt broker",
  RETURN_TICKET: "chaperone return ticket",
} as const;
export type Label = (typeof Label)[keyof typeof Label];

/** How a statement is signed; the type of the authenticator in the directory must be the same. */
export const Algorithm = {
  ED25519: "ed25519",
  P256: "p256",
} as const;
export type Algorithm = (typeof Algorithm)[keyof typeof Algorithm];

/** Kinds of technician keys. `webauthn` is in the format so that hardware keys need no new one; nothing makes it yet. */
export const AuthenticatorType = {
  P256: "p256",
  ED25519: "ed25519",
  WEBAUTHN: "webauthn",
} as const;
export type AuthenticatorType = (typeof AuthenticatorType)[keyof typeof AuthenticatorType];

/** Whose documents these are. Each has a root of its own, and neither root names the other. */
export const Repository = {
  VENDOR: "vendor",
  SITE: "site",
} as const;
export type Repository = (typeof Repository)[keyof typeof Repository];

/** Whose word lets a signed program update in. */
export const Updates = {
  VENDOR: "vendor",
  SITE_APPROVED: "site-approved",
} as const;
export type Updates = (typeof Updates)[keyof typeof Updates];

/** How an account stands. */
export const AccountState = {
  INVITED: "invited",
  ACTIVE: "active",
  STOPPED: "stopped",
  SUSPENDED: "suspended",
  DELETED: "deleted",
} as const;
export type AccountState = (typeof AccountState)[keyof typeof AccountState];

/** What is done once it is approved. */
export const ProposalKind = {
  INVITE: "invite",
  CHANGE_ROLE: "change_role",
} as const;
export type ProposalKind = (typeof ProposalKind)[keyof typeof ProposalKind];

/** How a copy is written. */
export const ExportForm = {
  JSONL: "jsonl",
  CSV: "csv",
  HTML: "html",
  PDF: "pdf",
} as const;
export type ExportForm = (typeof ExportForm)[keyof typeof ExportForm];

/** Which end a control socket belongs to. */
export const EndRole = {
  HOST: "host",
  CONSOLE: "console",
} as const;
export type EndRole = (typeof EndRole)[keyof typeof EndRole];

/** What a technician sees of an instrument in the list. */
export const HostState = {
  OFFLINE: "offline",
  READY: "ready",
  CALLING: "calling",
  VISITED: "visited",
} as const;
export type HostState = (typeof HostState)[keyof typeof HostState];

/** Why a head of the other side was not believed; `doubt-<value>` in the catalogues. Names are never reused. */
export const Doubt = {
  NOT_SIGNED: "not_signed",
  OTHER_LOG: "other_log",
  ROLLED_BACK: "rolled_back",
  FORKED: "forked",
  END_NOT_SHOWN: "end_not_shown",
  OWN_LOG: "own_log",
} as const;
export type Doubt = (typeof Doubt)[keyof typeof Doubt];

/** How a request was answered at the host. */
export const Answer = {
  ALLOW: "allow",
  REFUSE: "refuse",
  NO_ANSWER: "no_answer",
  POLICY: "policy",
} as const;
export type Answer = (typeof Answer)[keyof typeof Answer];

/** How far a *yes* to a file reaches (product behaviour 6). */
export const FileScope = {
  THIS: "this",
  SESSION: "session",
} as const;
export type FileScope = (typeof FileScope)[keyof typeof FileScope];

/** Which end signs a session identity; part of what is signed, so a signature cannot be reflected. */
export const SessionRole = {
  HOST: "host",
  TECHNICIAN: "technician",
} as const;
export type SessionRole = (typeof SessionRole)[keyof typeof SessionRole];

/** What a host may tell the console beside the ledger; `notice-<value>` in the catalogues. */
export const Notice = {
  NO_SCREEN: "no_screen",
  SCREEN_PAUSED: "screen_paused",
  SCREEN_LOCKED: "screen_locked",
  SESSION_AWAY: "session_away",
  MASK_NOT_PLACED: "mask_not_placed",
  SCREEN_RESUMED: "screen_resumed",
  SUSPENDED: "suspended",
  PAUSED_BY_PERSON: "paused_by_person",
  LOCAL_INPUT: "local_input",
  LOCAL_QUIET: "local_quiet",
  IDLE_WARNED: "idle_warned",
  IDLE_OVER: "idle_over",
  INPUT_STALE: "input_stale",
  INPUT_DROPPED_PROMPT: "input_dropped_prompt",
  INPUT_MASKED: "input_masked",
  PROMPT_SHOWN: "prompt_shown",
  PROMPT_GONE: "prompt_gone",
} as const;
export type Notice = (typeof Notice)[keyof typeof Notice];

/** First byte of every plaintext of a file lane. */
export const FileMessage = {
  DATA: 1,
  ACK: 2,
} as const;
export type FileMessage = (typeof FileMessage)[keyof typeof FileMessage];

/** What became of a PUT. */
export const PutOutcome = {
  DONE: 0,
  REFUSED: 1,
} as const;
export type PutOutcome = (typeof PutOutcome)[keyof typeof PutOutcome];

/** Why nothing was sent; `clipboard-missing-<name>` in the catalogues. */
export const ClipboardMissing = {
  NOTHING_COPIED: 1,
  NOT_TEXT: 2,
  TOO_LONG: 3,
  NOT_SENT: 4,
} as const;
export type ClipboardMissing = (typeof ClipboardMissing)[keyof typeof ClipboardMissing];

/** First byte of each message from the host. */
export const ScreenMessage = {
  LAYOUT: 1,
  PIECE: 2,
  FRAME_END: 3,
  COPY: 4,
  CURSOR: 16,
  POINTER: 17,
  MONITORS: 18,
} as const;
export type ScreenMessage = (typeof ScreenMessage)[keyof typeof ScreenMessage];

/** How the pixels of a piece are written. */
export const Codec = {
  PNG: 1,
  JPEG: 2,
  RAW: 3,
  FILL: 4,
  WEBP: 5,
} as const;
export type Codec = (typeof Codec)[keyof typeof Codec];

/** First byte of each event. */
export const InputEvent = {
  MOVE: 1,
  BUTTON: 2,
  WHEEL: 3,
  CHARACTER: 4,
  KEY: 5,
} as const;
export type InputEvent = (typeof InputEvent)[keyof typeof InputEvent];

export const ENUMS = {
  Permission,
  Lane,
  Direction,
  Reason,
  Purpose,
  SessionState,
  SessionEvent,
  EndCause,
  Role,
  Scope,
  Operation,
  Entry,
  Direct,
  Carrier,
  DirectCause,
  FrameKind,
  Label,
  Algorithm,
  AuthenticatorType,
  Repository,
  Updates,
  AccountState,
  ProposalKind,
  ExportForm,
  EndRole,
  HostState,
  Doubt,
  Answer,
  FileScope,
  SessionRole,
  Notice,
  FileMessage,
  PutOutcome,
  ClipboardMissing,
  ScreenMessage,
  Codec,
  InputEvent,
} as const;
export type EnumName = keyof typeof ENUMS;

/** A payload and its signature. `label` says how to check it and is itself under the signature. */
export interface Statement {
  readonly label: Label;
  readonly alg: Algorithm;
  readonly payload: Bytes;
  readonly sig: Bytes;
}

/** One recognised device: its type and public key (P-256: 65 bytes uncompressed; Ed25519: 32). */
export interface Authenticator {
  readonly type: AuthenticatorType;
  readonly key: Bytes;
  readonly label: string;
}

/** One technician, as the security officer signed: `groups` are those of the hosts they may see. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly active: boolean;
  readonly groups: readonly string[];
  readonly authenticators: readonly Authenticator[];
}

/** What kind of instrument a host serves. `phi` closes files and clipboard (docs/protocol.md, section 5). */
export interface Profile {
  readonly model: string;
  readonly region: string;
  readonly phi: boolean;
}

/** One host: its Ed25519 key, its site, the group whose technicians may see it. */
export interface ListedHost {
  readonly id: string;
  readonly name: string;
  readonly key: Bytes;
  readonly site: string;
  readonly group: string;
  readonly profile: Profile;
}

/** The broker's online Ed25519 key. */
export interface ListedBroker {
  readonly id: string;
  readonly key: Bytes;
}

/** Payload of a Statement under Label.DIRECTORY. A higher version replaces a lower; a lower is never accepted. */
export interface Directory {
  readonly version: number;
  readonly issued: number;
  readonly expires: number;
  readonly vendor: string;
  readonly broker: ListedBroker;
  readonly console_digest: string;
  readonly persons: readonly Person[];
  readonly hosts: readonly ListedHost[];
}

/** One training: the region it counts for, empty for all of them, and when it is over. */
export interface TrainedFor {
  readonly region: string;
  readonly expires: number;
}

/** One technician, as the security officer signed. Devices are certified by their company, in another document. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly active: boolean;
  readonly groups: readonly string[];
  readonly training: readonly TrainedFor[];
}

/** `persons.json` of the vendor: everybody who may help anywhere. */
export interface PersonsDocument {
  readonly persons: readonly ListedPerson[];
}

/** `vendor.json` of the vendor: its name, the broker, the digest of the console's files, and to whose X25519 key hosts seal a copy of */
export interface VendorDocument {
  readonly vendor: string;
  readonly broker: ListedBroker;
  readonly console_digest: string;
  readonly auditor_key: Bytes;
}

/** One device that its company's supervisor certified, until `expires`. */
export interface CertifiedDevice {
  readonly type: AuthenticatorType;
  readonly key: Bytes;
  readonly label: string;
  readonly expires: number;
}

/** The devices of one person, who must stand in `persons.json` as one of this company. */
export interface PersonDevices {
  readonly person: string;
  readonly devices: readonly CertifiedDevice[];
}

/** `devices/<company>.json` of the vendor. It adds no person and no right. */
export interface DevicesDocument {
  readonly company: string;
  readonly persons: readonly PersonDevices[];
}

/** `hosts/<site>.json` of the vendor: the hosts of one site. */
export interface HostsDocument {
  readonly site: string;
  readonly hosts: readonly ListedHost[];
}

/** `site.json` of a site: which of its hosts hold health data whatever the vendor says, and who witnesses. */
export interface SiteDocument {
  readonly site: string;
  readonly phi_hosts: readonly string[];
  readonly updates: Updates;
  readonly witness: string;
}

/** One file of a repository, as it is published: `metadata/timestamp.json`, `targets/hosts/<hash>.<site>.json`. */
export interface DocumentFile {
  readonly path: string;
  readonly content: Bytes;
}

/** The files of one repository that a reader lacks, or all. `site`: whose; empty for all sites. It proves nothing by itself. */
export interface DocumentsBundle {
  readonly repository: Repository;
  readonly site: string;
  readonly files: readonly DocumentFile[];
}

/** A part of an encoded bundle, small enough for a control socket. Pieces come in order, `number` from 0. */
export interface DocumentsPiece {
  readonly number: number;
  readonly pieces: number;
  readonly content: Bytes;
}

/** Is this invitation still good, and whose is it? Changes nothing. */
export interface InvitationLook {
  readonly token: Bytes;
}

/** What a new password needs: so many characters, so many of the four classes. `days` until it is due, 0 for never. */
export interface PasswordTerms {
  readonly shortest: number;
  readonly classes: number;
  readonly days: number;
}

/** Whose invitation it is. */
export interface InvitationShown {
  readonly technician_id: string;
  readonly sign_in_name: string;
  readonly name: string;
  readonly company: string;
  readonly password_terms: PasswordTerms;
}

/** Choose a password. Answered by a fresh TOTP secret, shown this once. */
export interface InvitationAccept {
  readonly token: Bytes;
  readonly password: string;
}

/** The second factor: base-32 secret and the otpauth address for the QR code. */
export interface TotpIssued {
  readonly secret: string;
  readonly otpauth: string;
}

/** What a new device signs with its own key (Label.DEVICE_REGISTRATION). */
export interface RegistrationPayload {
  readonly technician_id: string;
  readonly type: AuthenticatorType;
  readonly key: Bytes;
  readonly at: number;
}

/** Finish: a code from the authenticator app, and the browser's device key proven by its own signature. */
export interface InvitationConfirm {
  readonly token: Bytes;
  readonly totp: string;
  readonly registration: Statement;
}

/** For the day the authenticator app is lost. Shown this once; the broker keeps keyed hashes alone. */
export interface RecoveryCodes {
  readonly codes: readonly string[];
}

/** For a device that signs at sign-in. Good once, for two minutes. */
export interface SignInNonceIssued {
  readonly nonce: Bytes;
}

/** What a recognised device signs at sign-in (Label.DEVICE_SIGN_IN): the broker's nonce, and which key it is. */
export interface DeviceSignInPayload {
  readonly nonce: Bytes;
  readonly type: AuthenticatorType;
  readonly key: Bytes;
}

/** Name, password and second factor together; the answer never says which of them was wrong. */
export interface SignIn {
  readonly sign_in_name: string;
  readonly password: string;
  readonly totp: string;
  readonly device: Statement | null;
}

/** The same with a recovery code in place of the authenticator app's code. */
export interface SignInRecovering {
  readonly sign_in_name: string;
  readonly password: string;
  readonly recovery_code: string;
  readonly device: Statement | null;
}

/** The same where the password is due: it is changed on the way in. */
export interface SignInRenewing {
  readonly sign_in_name: string;
  readonly password: string;
  readonly totp: string;
  readonly new_password: string;
  readonly device: Statement | null;
}

/** Another password, on a live sign-in with a fresh second factor. Every other sign-in of the technician ends. */
export interface PasswordChange {
  readonly password: string;
  readonly new_password: string;
}

/** Another authenticator app, on a live sign-in with a fresh second factor. The old one counts until the new one gave a code. */
export interface FactorReplace {
  readonly password: string;
}

/** A fresh second factor on a live sign-in (admission step 1 wants one of the last five minutes). */
export interface FactorConfirm {
  readonly totp: string;
}

/** Who is signed in, until when, and how fresh the second factor is (seconds since). */
export interface SignedIn {
  readonly technician_id: string;
  readonly name: string;
  readonly company: string;
  readonly idle_seconds: number;
  readonly factor_age: number;
  readonly recovery_left: number;
  readonly password_terms: PasswordTerms;
  readonly may: readonly Operation[];
}

/** It happened, and there is nothing more to say. */
export type Done = Record<never, never>;

/** What a new host signs with the key it made (Label.HOST_ENROLMENT). `accepted_by` is the named administrator. */
export interface EnrolmentPayload {
  readonly key: Bytes;
  readonly name: string;
  readonly model: string;
  readonly phi: boolean;
  readonly accepted_by: string;
  readonly terms_version: string;
  readonly at: number;
}

/** A host presents its single-use token and its key. */
export interface HostEnrol {
  readonly token: Bytes;
  readonly registration: Statement;
}

/** The host's id. It stays *new* (view only, treated as PHI) until the signed directory lists it. */
export interface HostEnrolled {
  readonly host_id: string;
  readonly broker_id: string;
  readonly broker_key: Bytes;
  readonly site: string;
}

/** One account, as those see it who may. */
export interface AccountEntry {
  readonly account_id: string;
  readonly sign_in_name: string;
  readonly name: string;
  readonly company: string;
  readonly role: Role;
  readonly sites: readonly string[];
  readonly state: AccountState;
}

/** The accounts within the caller's reach, by id, from after the one that was named. `more`: there are further ones. */
export interface AccountList {
  readonly accounts: readonly AccountEntry[];
  readonly more: boolean;
}

/** Which accounts are there? At most 200 at a time, those whose id comes after this one. */
export interface AccountsLook {
  readonly after: string;
}

/** One account. No answer of the broker holds a password, a second factor or a recovery code of somebody else. */
export interface AccountShown {
  readonly account: AccountEntry;
}

/** Which account it is about; what is done to it is the route's name. */
export interface AccountNamed {
  readonly account_id: string;
}

/** Let somebody in: an account of the caller's own company, or of the caller's own sites. The broker chooses the id. */
export interface AccountInvite {
  readonly sign_in_name: string;
  readonly name: string;
  readonly role: Role;
  readonly sites: readonly string[];
}

/** Make an account one for something else. Its sign-ins are over. */
export interface AccountRole {
  readonly account_id: string;
  readonly role: Role;
  readonly sites: readonly string[];
}

/** The invitation's token, shown this once: `#/invitation/<token>` at the console's address is the link. */
export interface InvitationIssued {
  readonly account_id: string;
  readonly token: Bytes;
  readonly seconds: number;
}

/** The secret from the broker's own machine: lets one administrator in. Answered by an invitation. */
export interface BootstrapUse {
  readonly secret: Bytes;
  readonly sign_in_name: string;
  readonly name: string;
  readonly company: string;
}

/** What one person proposed, and somebody else has to approve. `before`: the role it has now, None for a new account. */
export interface ProposalEntry {
  readonly proposal_id: string;
  readonly kind: ProposalKind;
  readonly account_id: string;
  readonly sign_in_name: string;
  readonly name: string;
  readonly company: string;
  readonly before: Role | null;
  readonly role: Role;
  readonly sites: readonly string[];
  readonly proposed_by: string;
  readonly seconds: number;
}

/** The proposals within the caller's reach that wait for a second person, oldest first: about accounts, and copies of the trail. */
export interface ProposalList {
  readonly proposals: readonly ProposalEntry[];
  readonly exports: readonly ExportEntry[];
}

/** It is not done yet: somebody else who may has to approve it within this time. */
export interface ProposalMade {
  readonly proposal_id: string;
  readonly seconds: number;
}

/** Which proposal it is about; what is done with it is the route's name. */
export interface ProposalNamed {
  readonly proposal_id: string;
}

/** It is done. For a new account this is the invitation's token, shown this once, to whoever approved and not to who proposed; for a */
export interface ProposalApproved {
  readonly account_id: string;
  readonly token: Bytes | null;
  readonly seconds: number;
}

/** Which entries: all of this holds. Times are seconds since 1970, `until` is not included; 0 and empty let everything pass. */
export interface TrailFilter {
  readonly since: number;
  readonly until: number;
  readonly host: string;
  readonly technician: string;
  readonly session: string;
  readonly event: string;
}

/** What happened? A page of at most `count` entries that come after the entry `after` (0: from the beginning) in the order given. */
export interface TrailLook {
  readonly wanted: TrailFilter;
  readonly after: number;
  readonly newest_first: boolean;
  readonly count: number;
  readonly language: string;
}

/** One field of an entry, as text. */
export interface TrailField {
  readonly name: string;
  readonly value: string;
}

/** One entry. `index` is its place in the log; where `event` is empty, the stored bytes are not what was hashed, and are not shown. */
export interface TrailEntry {
  readonly index: number;
  readonly utc_ms: number;
  readonly clock_suspect: boolean;
  readonly event: string;
  readonly outcome: string;
  readonly sentence: string;
  readonly fields: readonly TrailField[];
}

/** What an account or host is called, also after it was removed. `belongs`: the company or the site. */
export interface TrailName {
  readonly id: string;
  readonly name: string;
  readonly belongs: string;
}

/** The entries within reach, and the names of those whom they are about. `after`: what to say for the next page; 0: no more. */
export interface TrailPage {
  readonly entries: readonly TrailEntry[];
  readonly names: readonly TrailName[];
  readonly after: number;
}

/** Propose to take a copy of these entries away. A second person has to approve. */
export interface ExportAsk {
  readonly wanted: TrailFilter;
  readonly form: ExportForm;
  readonly language: string;
}

/** A copy that somebody wants to take away, and somebody else has to approve. */
export interface ExportEntry {
  readonly export_id: string;
  readonly form: ExportForm;
  readonly wanted: TrailFilter;
  readonly proposed_by: string;
  readonly name: string;
  readonly seconds: number;
}

/** Which copy to fetch. It is handed out once, to whoever proposed it, within a day of its approval. */
export interface ExportNamed {
  readonly export_id: string;
}

/** A receipt that the broker signed and cannot read. `digest`: SHA-256 of what was signed; `copy_bytes`: of its sealed copy, 0: none. */
export interface ReceiptEntry {
  readonly session_id: string;
  readonly host_id: string;
  readonly digest: Bytes;
  readonly signed: number;
  readonly copy_bytes: number;
}

/** Which receipts are there? At most 200 at a time, by the ids of their visits, those that come after this id. */
export interface ReceiptsLook {
  readonly after: string;
}

/** The receipts within the caller's reach. `more`: there are further ones. */
export interface ReceiptList {
  readonly receipts: readonly ReceiptEntry[];
  readonly more: boolean;
}

/** The sealed copy of which visit's receipt to fetch. */
export interface ReceiptNamed {
  readonly session_id: string;
}

/** First message of an end. `subject` is the host id, or the technician id, that it will prove. What it holds of the vendor's and of */
export interface Hello {
  readonly version: number;
  readonly role: EndRole;
  readonly subject: string;
  readonly nonce: Bytes;
  readonly vendor_holds: readonly string[];
  readonly site_holds: readonly string[];
}

/** What the broker signs (Label.BROKER_HELLO): `end_nonce` is the end's, `leaves` SHA-256 of each certificate served. */
export interface BrokerHelloPayload {
  readonly broker_id: string;
  readonly role: EndRole;
  readonly subject: string;
  readonly end_nonce: Bytes;
  readonly broker_nonce: Bytes;
  readonly leaves: readonly Bytes[];
  readonly at: number;
}

/** The broker's proof. */
export interface BrokerHello {
  readonly version: number;
  readonly statement: Statement;
}

/** What an end signs (Label.HOST_HELLO or DEVICE_HELLO) to prove its key to this broker, now. */
export interface EndProofPayload {
  readonly subject: string;
  readonly broker_id: string;
  readonly broker_nonce: Bytes;
  readonly end_nonce: Bytes;
}

/** The end's proof. Nothing else is accepted before it. */
export interface EndProof {
  readonly statement: Statement;
}

/** The socket is proven. `listed` is False for a host that the signed documents do not name yet. */
export interface Welcome {
  readonly listed: boolean;
  readonly at: number;
}

/** A request failed, for this reason and with no other detail. `about` echoes the request's type. */
export interface Refused {
  readonly about: string;
  readonly reason: Reason;
}

/** Something that vendor or site do not let anybody ask for, or not him. */
export interface Closed {
  readonly permission: Permission;
  readonly reason: Reason;
}

/** One line of *my instruments*. `closed`: only of the instrument that he visits now, what a request would be refused for. */
export interface Instrument {
  readonly host_id: string;
  readonly name: string;
  readonly site: string;
  readonly model: string;
  readonly phi: boolean;
  readonly state: HostState;
  readonly closed: readonly Closed[];
}

/** The technician's instruments with live state; sent after welcome and whenever something changes. */
export interface Instruments {
  readonly items: readonly Instrument[];
}

/** *Get help* was pressed. `first_half_digest` = HMAC-SHA-256(salt, four characters); the last four stay at the host. `ticket`: the */
export interface TicketOpen {
  readonly salt: Bytes;
  readonly first_half_digest: Bytes;
  readonly ticket: string | null;
}

/** *Let a second person watch* was pressed: a code of its own, for somebody who sees what this visit sees and does nothing. */
export interface WatchOpen {
  readonly session_id: string;
  readonly salt: Bytes;
  readonly first_half_digest: Bytes;
}

/** The broker's six digits and how long the code lives. */
export interface TicketOpened {
  readonly ticket: string;
  readonly seconds: number;
}

/** The host takes its code back: withdrawn by the person, or replaced by a new one. */
export interface TicketClose {
  readonly ticket: string;
}

/** Somebody entered a wrong first half; the person at the host sees it. */
export interface TicketTried {
  readonly ticket: string;
  readonly tries_left: number;
}

/** The code is worth nothing any more: expired, burnt or used. */
export interface TicketOver {
  readonly ticket: string;
  readonly reason: Reason;
}

/** A technician enters ticket, first half and reason. The second half never leaves the console. */
export interface TicketClaim {
  readonly ticket: string;
  readonly first_half: string;
  readonly purpose: Purpose;
  readonly case_reference: string;
}

/** The broker's half was right and all its admission steps passed. The pass opens the session socket once. */
export interface TicketAdmitted {
  readonly session_id: string;
  readonly ticket: string;
  readonly host_id: string;
  readonly host_name: string;
  readonly socket_pass: Bytes;
  readonly seconds: number;
}

/** The same, told to the host. It opens its session socket and runs the key agreement; no prompt before that. */
export interface SessionOffered {
  readonly session_id: string;
  readonly ticket: string;
  readonly technician_id: string;
  readonly purpose: Purpose;
  readonly case_reference: string;
  readonly socket_pass: Bytes;
  readonly seconds: number;
}

/** The host says that a key agreement was confirmed with this code: it is used up. */
export interface TicketSpent {
  readonly ticket: string;
  readonly session_id: string;
}

/** The host says that three key agreements failed (or it cannot tell): the code is dead. */
export interface TicketBurnt {
  readonly ticket: string;
  readonly session_id: string;
}

/** A technician asks somebody at this host to call (Label.CALL_WANTED, signed by the device). No free text: it is not sealed. */
export interface CallWanted {
  readonly technician_id: string;
  readonly host_id: string;
  readonly broker_id: string;
  readonly purpose: Purpose;
  readonly case_reference: string;
  readonly at: number;
}

/** Put this where the host finds it. One of each technician waits at each host: a newer one takes its place. */
export interface CallAsk {
  readonly statement: Statement;
}

/** It waits for the host or, with `shown`, stands on its screen. */
export interface CallQueued {
  readonly host_id: string;
  readonly shown: boolean;
}

/** Somebody asks to be called. The host checks who, on its own documents, and shows the name that those give. */
export interface CallAsked {
  readonly technician_id: string;
  readonly statement: Statement;
}

/** It needs to wait no longer: the person can read it, or (`shown` is False) this host does not believe it. */
export interface CallSeen {
  readonly technician_id: string;
  readonly at: number;
  readonly shown: boolean;
}

/** Entry `index` of a log (from 1), and the way from its leaf to the root. */
export interface EntryProof {
  readonly index: number;
  readonly salt: Bytes;
  readonly entry: Bytes;
  readonly path: readonly Bytes[];
}

/** Show me where your log stands. I hold your checkpoint over `known` entries (0: none). With a `session_id`: once that visit is ended */
export interface HeadWanted {
  readonly known: number;
  readonly session_id: string;
}

/** The newest checkpoint of the sender's log, that it continues the known one, and the end of `session_id` where that was wanted. */
export interface Head {
  readonly note: string;
  readonly consistency: readonly Bytes[];
  readonly session_id: string;
  readonly end: EntryProof | null;
}

/** What you showed me does not fit to what I hold. Both notes, as they were signed. */
export interface LogDoubted {
  readonly doubt: Doubt;
  readonly held: string;
  readonly given: string;
}

/** What host and broker sign of a receipt (Label.RECEIPT_HOST, Label.RECEIPT_BROKER). `digest`: SHA-256 of its bytes. */
export interface ReceiptPayload {
  readonly session_id: string;
  readonly host_id: string;
  readonly host_key: Bytes;
  readonly broker_id: string;
  readonly broker_key: Bytes;
  readonly digest: Bytes;
  readonly at: number;
}

/** The host's receipt of a visit that both logs have closed. The broker learns its digest, never a word of it. */
export interface ReceiptOffered {
  readonly statement: Statement;
}

/** The broker has recorded the digest, and signs it. */
export interface ReceiptSigned {
  readonly statement: Statement;
}

/** The technician's copy, sealed to the vendor's auditor key (HPKE, RFC 9180). The broker keeps it unread. */
export interface ReceiptSealed {
  readonly session_id: string;
  readonly content: Bytes;
}

/** The sealed copy is stored. `digest`: SHA-256 of it. */
export interface ReceiptKept {
  readonly session_id: string;
  readonly digest: Bytes;
}

/** First frame of a session socket. Single use, 30 s, bound to session and end; never in a URL. */
export interface SocketPass {
  readonly session_id: string;
  readonly socket_pass: Bytes;
}

/** Both ends have opened their session socket: the host may begin the key agreement. */
export interface PeerPresent {
  readonly session_id: string;
}

/** The host asks for its lease, over the control socket, every LEASE_RENEW_EVERY seconds of a session. */
export interface LeaseRenew {
  readonly session_id: string;
}

/** The broker holds the lease for so many seconds more; without it the host stops by itself. */
export interface LeaseHeld {
  readonly session_id: string;
  readonly seconds: number;
}

/** The broker has closed this session, and why. Unsigned: a narrowing needs no signature. */
export interface SessionOver {
  readonly session_id: string;
  readonly cause: EndCause;
}

/** On the control socket, either end: the line of this visit was cut, and this end is back within RECONNECT_SECONDS. */
export interface ReconnectWanted {
  readonly session_id: string;
}

/** The visit still stands: a new pass for a new session socket. Once both ends are there, the host renews the keys. */
export interface ReconnectOffered {
  readonly session_id: string;
  readonly socket_pass: Bytes;
  readonly seconds: number;
}

/** On the control socket, either end: it does not come back to the visit whose line was cut, or its page is being closed. */
export interface VisitLeft {
  readonly session_id: string;
}

/** On the session socket: a file was allowed, or the bulk socket was lost; open one with this pass, which works once. */
export interface BulkOffered {
  readonly session_id: string;
  readonly bulk_pass: Bytes;
  readonly seconds: number;
}

/** On the session socket: this end's bulk socket was lost while a file moves. */
export interface BulkWanted {
  readonly session_id: string;
}

/** On the bulk socket: both ends are there and the lane of this grant stands open. Before this neither sends a record of it. */
export interface BulkOpened {
  readonly session_id: string;
  readonly ask: number;
}

/** On the session socket, from the host alone: what carries content from here on. The broker records it, and rules nothing by it. */
export interface CarrierReport {
  readonly session_id: string;
  readonly attempt: number;
  readonly carrier: Carrier;
  readonly host_range: string;
  readonly console_range: string;
  readonly cause: DirectCause | null;
  readonly to_technician: number;
  readonly to_host: number;
}

/** The host begins a run. `offered` is bound into the associated data, so striking one out breaks the tags. */
export interface AgreementOpen {
  readonly run: number;
  readonly host_nonce: Bytes;
  readonly offered: readonly string[];
}

/** The console's nonce and public share. `chosen` must be one of those offered. */
export interface ConsoleShare {
  readonly run: number;
  readonly console_nonce: Bytes;
  readonly chosen: string;
  readonly share: Bytes;
}

/** The host's public share. */
export interface HostShare {
  readonly run: number;
  readonly share: Bytes;
}

/** Key confirmation, technician first. */
export interface ConsoleTag {
  readonly run: number;
  readonly tag: Bytes;
}

/** Key confirmation by the host, sent only after it verified the console's. */
export interface HostTag {
  readonly run: number;
  readonly tag: Bytes;
}

/** This run failed; the typed half was wrong, or somebody sits between the ends. At 0 the code is burnt. */
export interface AgreementFailed {
  readonly run: number;
  readonly runs_left: number;
}

/** The host opens the renewal of this visit's keys. `number` counts up from 1 with each try. */
export interface RenewalOpen {
  readonly number: number;
  readonly host_nonce: Bytes;
  readonly share: Bytes;
}

/** The console's share, and the tag that proves that it holds what the last agreement left. */
export interface RenewalShare {
  readonly number: number;
  readonly console_nonce: Bytes;
  readonly share: Bytes;
  readonly tag: Bytes;
}

/** The host's tag, sent only after it verified the console's. */
export interface RenewalTag {
  readonly number: number;
  readonly tag: Bytes;
}

/** A file as the broker may know it: HMAC-SHA-256(key, name), the same of its SHA-256 in hex, and the power of two that its size and */
export interface FileCommitted {
  readonly name_commitment: Bytes;
  readonly hash_commitment: Bytes;
  readonly size_class: number;
}

/** A technician asks for one permission (Label.ASKED, signed by the device). `ask` counts up from 1 in a session. */
export interface Asked {
  readonly session_id: string;
  readonly ask: number;
  readonly technician_id: string;
  readonly host_id: string;
  readonly permission: Permission;
  readonly purpose: Purpose;
  readonly case_reference: string;
  readonly words_commitment: Bytes;
  readonly at: number;
  readonly file: FileCommitted | null;
}

/** Who sat at the host: as the operating system and the person state it, not verified. */
export interface AnsweredBy {
  readonly account: string;
  readonly login_session: string;
  readonly stated_name: string;
}

/** The host's answer (Label.ANSWERED). With ALLOW it is the consent receipt, and `ask` becomes the grant's number. */
export interface Answered {
  readonly session_id: string;
  readonly ask: number;
  readonly technician_id: string;
  readonly host_id: string;
  readonly permission: Permission;
  readonly answer: Answer;
  readonly reason: Reason | null;
  readonly prompt_commitment: Bytes;
  readonly language: string;
  readonly answered_by: AnsweredBy;
  readonly seconds: number;
  readonly at: number;
  readonly scope: FileScope | null;
  readonly under: number;
  readonly file: FileCommitted | null;
}

/** The host takes one grant back (Label.WITHDRAWN). `done`: it has served its purpose, such as a file that arrived. */
export interface Withdrawn {
  readonly session_id: string;
  readonly ask: number;
  readonly host_id: string;
  readonly permission: Permission;
  readonly at: number;
  readonly done: boolean;
}

/** One end closes the visit (Label.ENDED, signed by whoever ended it). */
export interface Ended {
  readonly session_id: string;
  readonly by: string;
  readonly cause: EndCause;
  readonly at: number;
}

/** What each end signs right after the key agreement: the whole transcript, bound to its long-term key. */
export interface SessionIdentityPayload {
  readonly session_id: string;
  readonly role: SessionRole;
  readonly subject: string;
  readonly transcript: Bytes;
}

/** Label SESSION_HOST or SESSION_TECHNICIAN. The host verifies it before it asks the person anything. */
export interface SessionIdentity {
  readonly statement: Statement;
}

/** One file, or one folder with `files` files, `size` bytes together. `digest` is SHA-256 of the file, or of the folder's manifest, */
export interface FileWords {
  readonly name: string;
  readonly folder: boolean;
  readonly files: number;
  readonly size: number;
  readonly manifest: number;
  readonly digest: Bytes;
  readonly key: Bytes;
}

/** The technician's own words for request `ask`, and the key of the commitment in the clear *asked*. `file`: what is to be sent */
export interface AskWords {
  readonly ask: number;
  readonly key: Bytes;
  readonly words: string;
  readonly file: FileWords | null;
}

/** The prompt exactly as the person saw it, and the key of the commitment in the clear *answered*. `file`: what the person */
export interface AnswerWords {
  readonly ask: number;
  readonly key: Bytes;
  readonly prompt: string;
  readonly file: FileWords | null;
}

/** One notice. */
export interface HostNotice {
  readonly notice: Notice;
}

/** To the technician: who watches too; an empty name: nobody any more. To whoever only watches (`view_only`), before the person is */
export interface SecondPerson {
  readonly view_only: boolean;
  readonly name: string;
  readonly company: string;
}

/** The technician is there, though nobody has done anything for a while. */
export type StillHere = Record<never, never>;

/** The line was cut before the answer to this request came: whatever was allowed is not taken up, and the host takes it back. */
export interface AnswerLost {
  readonly ask: number;
}

/** Both ends are back and proven anew. `grants` are the numbers of what still stands; every other right is gone. */
export interface VisitRejoined {
  readonly grants: readonly number[];
}

/** The file of grant `ask` is over: it arrived whole and is kept (`reason` is None), or it is stopped and nothing is left of it. */
export interface FileOver {
  readonly ask: number;
  readonly reason: Reason | null;
}

/** The chat lane is open from now on, or shut for this reason. It opens once, before the first answer, and never again. */
export interface ChatStanding {
  readonly reason: Reason | null;
}

/** A piece of the stream. */
export interface Data {
  readonly offset: number;
  readonly content: Bytes;
}

/** Everything before `offset` is written down; so many bytes beyond may be sent. */
export interface Ack {
  readonly offset: number;
  readonly window: number;
}

/** One file of a folder. `path` is its place below the folder, with / between the names; `digest` its SHA-256. */
export interface FileEntry {
  readonly path: string;
  readonly size: number;
  readonly digest: Bytes;
}

/** The files of a folder, in the order of the stream. */
export interface Manifest {
  readonly entries: readonly FileEntry[];
}

/** Who may come back, with which device, and until when. The secret is known to the two ends alone. */
export interface ReturnPayload {
  readonly session_id: string;
  readonly host_id: string;
  readonly technician_id: string;
  readonly device: Authenticator;
  readonly secret: Bytes;
  readonly at: number;
  readonly seconds: number;
}

/** The PC is about to restart. The console keeps it in memory, the host in a file of its own. */
export interface ReturnTicket {
  readonly statement: Statement;
}

/** Where the host waits: an address of its own and a UDP port that it opened for this visit. */
export interface DirectCandidate {
  readonly address: string;
  readonly port: number;
  readonly priority: number;
}

/** One end of the channel. `fingerprint` is SHA-256 of its certificate there, `ufrag` and `pwd` are those of ICE (RFC 8839). */
export interface DirectDescription {
  readonly session_id: string;
  readonly attempt: number;
  readonly fingerprint: Bytes;
  readonly ufrag: string;
  readonly pwd: string;
  readonly candidates: readonly DirectCandidate[];
  readonly only: boolean;
}

/** `only`: from here on no content goes over the relay; False takes that back. Until it is said, content may. */
export interface DirectOnly {
  readonly only: boolean;
}

/** Label DIRECT_HOST over a DirectDescription. `attempt` rises within the visit. */
export interface DirectOffer {
  readonly statement: Statement;
}

/** Label DIRECT_TECHNICIAN over a DirectDescription of the same attempt. */
export interface DirectAnswer {
  readonly statement: Statement;
}

/** What this end sends from here on goes over the channel of this attempt. */
export interface DirectTurn {
  readonly attempt: number;
}

/** The channel of this attempt is over, or never was. Each end says it once, and answers the other's with its own. */
export interface DirectOver {
  readonly attempt: number;
  readonly received: number;
  readonly cause: DirectCause;
}

/** From a name in SHAPES to what it looks like in memory. */
export interface Values {
  statement: Statement;
  Authenticator: Authenticator;
  Person: Person;
  Profile: Profile;
  ListedHost: ListedHost;
  ListedBroker: ListedBroker;
  Directory: Directory;
  TrainedFor: TrainedFor;
  ListedPerson: ListedPerson;
  PersonsDocument: PersonsDocument;
  VendorDocument: VendorDocument;
  CertifiedDevice: CertifiedDevice;
  PersonDevices: PersonDevices;
  DevicesDocument: DevicesDocument;
  HostsDocument: HostsDocument;
  SiteDocument: SiteDocument;
  DocumentFile: DocumentFile;
  documents_bundle: DocumentsBundle;
  documents_piece: DocumentsPiece;
  invitation_look: InvitationLook;
  PasswordTerms: PasswordTerms;
  invitation_shown: InvitationShown;
  invitation_accept: InvitationAccept;
  totp_issued: TotpIssued;
  RegistrationPayload: RegistrationPayload;
  invitation_confirm: InvitationConfirm;
  recovery_codes: RecoveryCodes;
  sign_in_nonce: SignInNonceIssued;
  DeviceSignInPayload: DeviceSignInPayload;
  sign_in: SignIn;
  sign_in_recovering: SignInRecovering;
  sign_in_renewing: SignInRenewing;
  password_change: PasswordChange;
  factor_replace: FactorReplace;
  factor_confirm: FactorConfirm;
  signed_in: SignedIn;
  done: Done;
  EnrolmentPayload: EnrolmentPayload;
  host_enrol: HostEnrol;
  host_enrolled: HostEnrolled;
  AccountEntry: AccountEntry;
  account_list: AccountList;
  accounts_look: AccountsLook;
  account_shown: AccountShown;
  account_named: AccountNamed;
  account_invite: AccountInvite;
  account_role: AccountRole;
  invitation_issued: InvitationIssued;
  bootstrap_use: BootstrapUse;
  ProposalEntry: ProposalEntry;
  proposal_list: ProposalList;
  proposal_made: ProposalMade;
  proposal_named: ProposalNamed;
  proposal_approved: ProposalApproved;
  TrailFilter: TrailFilter;
  trail_look: TrailLook;
  TrailField: TrailField;
  TrailEntry: TrailEntry;
  TrailName: TrailName;
  trail_page: TrailPage;
  export_ask: ExportAsk;
  ExportEntry: ExportEntry;
  export_named: ExportNamed;
  ReceiptEntry: ReceiptEntry;
  receipts_look: ReceiptsLook;
  receipt_list: ReceiptList;
  receipt_named: ReceiptNamed;
  hello: Hello;
  BrokerHelloPayload: BrokerHelloPayload;
  broker_hello: BrokerHello;
  EndProofPayload: EndProofPayload;
  end_proof: EndProof;
  welcome: Welcome;
  refused: Refused;
  Closed: Closed;
  Instrument: Instrument;
  instruments: Instruments;
  ticket_open: TicketOpen;
  watch_open: WatchOpen;
  ticket_opened: TicketOpened;
  ticket_close: TicketClose;
  ticket_tried: TicketTried;
  ticket_over: TicketOver;
  ticket_claim: TicketClaim;
  ticket_admitted: TicketAdmitted;
  session_offered: SessionOffered;
  ticket_spent: TicketSpent;
  ticket_burnt: TicketBurnt;
  CallWanted: CallWanted;
  call_ask: CallAsk;
  call_queued: CallQueued;
  call_asked: CallAsked;
  call_seen: CallSeen;
  EntryProof: EntryProof;
  head_wanted: HeadWanted;
  head: Head;
  log_doubted: LogDoubted;
  ReceiptPayload: ReceiptPayload;
  receipt_offered: ReceiptOffered;
  receipt_signed: ReceiptSigned;
  receipt_sealed: ReceiptSealed;
  receipt_kept: ReceiptKept;
  socket_pass: SocketPass;
  peer_present: PeerPresent;
  lease_renew: LeaseRenew;
  lease_held: LeaseHeld;
  session_over: SessionOver;
  reconnect_wanted: ReconnectWanted;
  reconnect_offered: ReconnectOffered;
  visit_left: VisitLeft;
  bulk_offered: BulkOffered;
  bulk_wanted: BulkWanted;
  bulk_opened: BulkOpened;
  carrier_report: CarrierReport;
  agreement_open: AgreementOpen;
  console_share: ConsoleShare;
  host_share: HostShare;
  console_tag: ConsoleTag;
  host_tag: HostTag;
  agreement_failed: AgreementFailed;
  renewal_open: RenewalOpen;
  renewal_share: RenewalShare;
  renewal_tag: RenewalTag;
  FileCommitted: FileCommitted;
  Asked: Asked;
  AnsweredBy: AnsweredBy;
  Answered: Answered;
  Withdrawn: Withdrawn;
  Ended: Ended;
  SessionIdentityPayload: SessionIdentityPayload;
  session_identity: SessionIdentity;
  FileWords: FileWords;
  ask_words: AskWords;
  answer_words: AnswerWords;
  host_notice: HostNotice;
  second_person: SecondPerson;
  still_here: StillHere;
  answer_lost: AnswerLost;
  visit_rejoined: VisitRejoined;
  file_over: FileOver;
  chat_standing: ChatStanding;
  Data: Data;
  Ack: Ack;
  FileEntry: FileEntry;
  Manifest: Manifest;
  ReturnPayload: ReturnPayload;
  return_ticket: ReturnTicket;
  DirectCandidate: DirectCandidate;
  DirectDescription: DirectDescription;
  direct_only: DirectOnly;
  direct_offer: DirectOffer;
  direct_answer: DirectAnswer;
  direct_turn: DirectTurn;
  direct_over: DirectOver;
}

export type ShapeName = keyof Values;

export const MESSAGE_NAMES = [
  "statement",
  "documents_bundle",
  "documents_piece",
  "invitation_look",
  "invitation_shown",
  "invitation_accept",
  "totp_issued",
  "invitation_confirm",
  "recovery_codes",
  "sign_in_nonce",
  "sign_in",
  "sign_in_recovering",
  "sign_in_renewing",
  "password_change",
  "factor_replace",
  "factor_confirm",
  "signed_in",
  "done",
  "host_enrol",
  "host_enrolled",
  "account_list",
  "accounts_look",
  "account_shown",
  "account_named",
  "account_invite",
  "account_role",
  "invitation_issued",
  "bootstrap_use",
  "proposal_list",
  "proposal_made",
  "proposal_named",
  "proposal_approved",
  "trail_look",
  "trail_page",
  "export_ask",
  "export_named",
  "receipts_look",
  "receipt_list",
  "receipt_named",
  "hello",
  "broker_hello",
  "end_proof",
  "welcome",
  "refused",
  "instruments",
  "ticket_open",
  "watch_open",
  "ticket_opened",
  "ticket_close",
  "ticket_tried",
  "ticket_over",
  "ticket_claim",
  "ticket_admitted",
  "session_offered",
  "ticket_spent",
  "ticket_burnt",
  "call_ask",
  "call_queued",
  "call_asked",
  "call_seen",
  "head_wanted",
  "head",
  "log_doubted",
  "receipt_offered",
  "receipt_signed",
  "receipt_sealed",
  "receipt_kept",
  "socket_pass",
  "peer_present",
  "lease_renew",
  "lease_held",
  "session_over",
  "reconnect_wanted",
  "reconnect_offered",
  "visit_left",
  "bulk_offered",
  "bulk_wanted",
  "bulk_opened",
  "carrier_report",
  "agreement_open",
  "console_share",
  "host_share",
  "console_tag",
  "host_tag",
  "agreement_failed",
  "renewal_open",
  "renewal_share",
  "renewal_tag",
  "session_identity",
  "ask_words",
  "answer_words",
  "host_notice",
  "second_person",
  "still_here",
  "answer_lost",
  "visit_rejoined",
  "file_over",
  "chat_standing",
  "return_ticket",
  "direct_only",
  "direct_offer",
  "direct_answer",
  "direct_turn",
  "direct_over",
] as const;
export type MessageName = (typeof MESSAGE_NAMES)[number];

/** A message as it is read and written: its fields and its `type`. */
export type Message<N extends MessageName = MessageName> = { [K in N]: { readonly type: K } & Values[K] }[N];

export type Field = (
  | { readonly kind: "bool" }
  | { readonly kind: "int" | "str" | "bytes"; readonly low: number; readonly high: number }
  | { readonly kind: "enum"; readonly name: EnumName }
  | { readonly kind: "list"; readonly most: number; readonly item: Field }
  | { readonly kind: "part"; readonly name: ShapeName }
) & { readonly optional?: true };

export const SHAPES: { readonly [N in ShapeName]: { readonly [F in keyof Values[N]]: Field } } = {
  statement: {
    label: { kind: "enum", name: "Label" },
    alg: { kind: "enum", name: "Algorithm" },
    payload: { kind: "bytes", low: 0, high: 196608 },
    sig: { kind: "bytes", low: 64, high: 64 },
  },
  Authenticator: {
    type: { kind: "enum", name: "AuthenticatorType" },
    key: { kind: "bytes", low: 32, high: 256 },
    label: { kind: "str", low: 0, high: 120 },
  },
  Person: {
    id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 1, high: 120 },
    company: { kind: "str", low: 1, high: 120 },
    active: { kind: "bool" },
    groups: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
    authenticators: { kind: "list", most: 16, item: { kind: "part", name: "Authenticator" } },
  },
  Profile: {
    model: { kind: "str", low: 1, high: 120 },
    region: { kind: "str", low: 0, high: 16 },
    phi: { kind: "bool" },
  },
  ListedHost: {
    id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 1, high: 120 },
    key: { kind: "bytes", low: 32, high: 32 },
    site: { kind: "str", low: 1, high: 120 },
    group: { kind: "str", low: 1, high: 120 },
    profile: { kind: "part", name: "Profile" },
  },
  ListedBroker: {
    id: { kind: "str", low: 1, high: 64 },
    key: { kind: "bytes", low: 32, high: 32 },
  },
  Directory: {
    version: { kind: "int", low: 1, high: 9007199254740991 },
    issued: { kind: "int", low: 0, high: 9007199254740991 },
    expires: { kind: "int", low: 0, high: 9007199254740991 },
    vendor: { kind: "str", low: 1, high: 120 },
    broker: { kind: "part", name: "ListedBroker" },
    console_digest: { kind: "str", low: 0, high: 64 },
    persons: { kind: "list", most: 4096, item: { kind: "part", name: "Person" } },
    hosts: { kind: "list", most: 4096, item: { kind: "part", name: "ListedHost" } },
  },
  TrainedFor: {
    region: { kind: "str", low: 0, high: 16 },
    expires: { kind: "int", low: 0, high: 9007199254740991 },
  },
  ListedPerson: {
    id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 1, high: 120 },
    company: { kind: "str", low: 1, high: 120 },
    active: { kind: "bool" },
    groups: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
    training: { kind: "list", most: 32, item: { kind: "part", name: "TrainedFor" } },
  },
  PersonsDocument: {
    persons: { kind: "list", most: 20000, item: { kind: "part", name: "ListedPerson" } },
  },
  VendorDocument: {
    vendor: { kind: "str", low: 1, high: 120 },
    broker: { kind: "part", name: "ListedBroker" },
    console_digest: { kind: "str", low: 0, high: 64 },
    auditor_key: { kind: "bytes", low: 0, high: 32 },
  },
  CertifiedDevice: {
    type: { kind: "enum", name: "AuthenticatorType" },
    key: { kind: "bytes", low: 32, high: 256 },
    label: { kind: "str", low: 0, high: 120 },
    expires: { kind: "int", low: 0, high: 9007199254740991 },
  },
  PersonDevices: {
    person: { kind: "str", low: 1, high: 64 },
    devices: { kind: "list", most: 16, item: { kind: "part", name: "CertifiedDevice" } },
  },
  DevicesDocument: {
    company: { kind: "str", low: 1, high: 120 },
    persons: { kind: "list", most: 20000, item: { kind: "part", name: "PersonDevices" } },
  },
  HostsDocument: {
    site: { kind: "str", low: 1, high: 120 },
    hosts: { kind: "list", most: 4096, item: { kind: "part", name: "ListedHost" } },
  },
  SiteDocument: {
    site: { kind: "str", low: 1, high: 120 },
    phi_hosts: { kind: "list", most: 4096, item: { kind: "str", low: 1, high: 64 } },
    updates: { kind: "enum", name: "Updates" },
    witness: { kind: "str", low: 0, high: 200 },
  },
  DocumentFile: {
    path: { kind: "str", low: 1, high: 200 },
    content: { kind: "bytes", low: 0, high: 4194304 },
  },
  documents_bundle: {
    repository: { kind: "enum", name: "Repository" },
    site: { kind: "str", low: 0, high: 120 },
    files: { kind: "list", most: 4096, item: { kind: "part", name: "DocumentFile" } },
  },
  documents_piece: {
    number: { kind: "int", low: 0, high: 255 },
    pieces: { kind: "int", low: 1, high: 256 },
    content: { kind: "bytes", low: 1, high: 131072 },
  },
  invitation_look: {
    token: { kind: "bytes", low: 32, high: 32 },
  },
  PasswordTerms: {
    shortest: { kind: "int", low: 1, high: 256 },
    classes: { kind: "int", low: 0, high: 4 },
    days: { kind: "int", low: 0, high: 3660 },
  },
  invitation_shown: {
    technician_id: { kind: "str", low: 1, high: 64 },
    sign_in_name: { kind: "str", low: 1, high: 120 },
    name: { kind: "str", low: 0, high: 120 },
    company: { kind: "str", low: 0, high: 120 },
    password_terms: { kind: "part", name: "PasswordTerms" },
  },
  invitation_accept: {
    token: { kind: "bytes", low: 32, high: 32 },
    password: { kind: "str", low: 1, high: 256 },
  },
  totp_issued: {
    secret: { kind: "str", low: 16, high: 64 },
    otpauth: { kind: "str", low: 0, high: 400 },
  },
  RegistrationPayload: {
    technician_id: { kind: "str", low: 1, high: 64 },
    type: { kind: "enum", name: "AuthenticatorType" },
    key: { kind: "bytes", low: 32, high: 256 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  invitation_confirm: {
    token: { kind: "bytes", low: 32, high: 32 },
    totp: { kind: "str", low: 6, high: 6 },
    registration: { kind: "part", name: "statement" },
  },
  recovery_codes: {
    codes: { kind: "list", most: 10, item: { kind: "str", low: 19, high: 19 } },
  },
  sign_in_nonce: {
    nonce: { kind: "bytes", low: 32, high: 64 },
  },
  DeviceSignInPayload: {
    nonce: { kind: "bytes", low: 32, high: 64 },
    type: { kind: "enum", name: "AuthenticatorType" },
    key: { kind: "bytes", low: 32, high: 256 },
  },
  sign_in: {
    sign_in_name: { kind: "str", low: 1, high: 120 },
    password: { kind: "str", low: 1, high: 256 },
    totp: { kind: "str", low: 6, high: 6 },
    device: { kind: "part", name: "statement", optional: true },
  },
  sign_in_recovering: {
    sign_in_name: { kind: "str", low: 1, high: 120 },
    password: { kind: "str", low: 1, high: 256 },
    recovery_code: { kind: "str", low: 19, high: 19 },
    device: { kind: "part", name: "statement", optional: true },
  },
  sign_in_renewing: {
    sign_in_name: { kind: "str", low: 1, high: 120 },
    password: { kind: "str", low: 1, high: 256 },
    totp: { kind: "str", low: 6, high: 6 },
    new_password: { kind: "str", low: 1, high: 256 },
    device: { kind: "part", name: "statement", optional: true },
  },
  password_change: {
    password: { kind: "str", low: 1, high: 256 },
    new_password: { kind: "str", low: 1, high: 256 },
  },
  factor_replace: {
    password: { kind: "str", low: 1, high: 256 },
  },
  factor_confirm: {
    totp: { kind: "str", low: 6, high: 6 },
  },
  signed_in: {
    technician_id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 0, high: 120 },
    company: { kind: "str", low: 0, high: 120 },
    idle_seconds: { kind: "int", low: 0, high: 9007199254740991 },
    factor_age: { kind: "int", low: 0, high: 9007199254740991 },
    recovery_left: { kind: "int", low: 0, high: 10 },
    password_terms: { kind: "part", name: "PasswordTerms" },
    may: { kind: "list", most: 64, item: { kind: "enum", name: "Operation" } },
  },
  done: {
  },
  EnrolmentPayload: {
    key: { kind: "bytes", low: 32, high: 32 },
    name: { kind: "str", low: 1, high: 120 },
    model: { kind: "str", low: 1, high: 120 },
    phi: { kind: "bool" },
    accepted_by: { kind: "str", low: 1, high: 120 },
    terms_version: { kind: "str", low: 1, high: 32 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  host_enrol: {
    token: { kind: "bytes", low: 32, high: 32 },
    registration: { kind: "part", name: "statement" },
  },
  host_enrolled: {
    host_id: { kind: "str", low: 1, high: 64 },
    broker_id: { kind: "str", low: 1, high: 64 },
    broker_key: { kind: "bytes", low: 32, high: 32 },
    site: { kind: "str", low: 0, high: 120 },
  },
  AccountEntry: {
    account_id: { kind: "str", low: 1, high: 64 },
    sign_in_name: { kind: "str", low: 1, high: 120 },
    name: { kind: "str", low: 0, high: 120 },
    company: { kind: "str", low: 0, high: 120 },
    role: { kind: "enum", name: "Role" },
    sites: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
    state: { kind: "enum", name: "AccountState" },
  },
  account_list: {
    accounts: { kind: "list", most: 200, item: { kind: "part", name: "AccountEntry" } },
    more: { kind: "bool" },
  },
  accounts_look: {
    after: { kind: "str", low: 0, high: 64 },
  },
  account_shown: {
    account: { kind: "part", name: "AccountEntry" },
  },
  account_named: {
    account_id: { kind: "str", low: 1, high: 64 },
  },
  account_invite: {
    sign_in_name: { kind: "str", low: 1, high: 120 },
    name: { kind: "str", low: 1, high: 120 },
    role: { kind: "enum", name: "Role" },
    sites: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
  },
  account_role: {
    account_id: { kind: "str", low: 1, high: 64 },
    role: { kind: "enum", name: "Role" },
    sites: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
  },
  invitation_issued: {
    account_id: { kind: "str", low: 1, high: 64 },
    token: { kind: "bytes", low: 32, high: 32 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  bootstrap_use: {
    secret: { kind: "bytes", low: 32, high: 32 },
    sign_in_name: { kind: "str", low: 1, high: 120 },
    name: { kind: "str", low: 1, high: 120 },
    company: { kind: "str", low: 1, high: 120 },
  },
  ProposalEntry: {
    proposal_id: { kind: "str", low: 1, high: 64 },
    kind: { kind: "enum", name: "ProposalKind" },
    account_id: { kind: "str", low: 1, high: 64 },
    sign_in_name: { kind: "str", low: 1, high: 120 },
    name: { kind: "str", low: 0, high: 120 },
    company: { kind: "str", low: 0, high: 120 },
    before: { kind: "enum", name: "Role", optional: true },
    role: { kind: "enum", name: "Role" },
    sites: { kind: "list", most: 64, item: { kind: "str", low: 1, high: 120 } },
    proposed_by: { kind: "str", low: 1, high: 64 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  proposal_list: {
    proposals: { kind: "list", most: 200, item: { kind: "part", name: "ProposalEntry" } },
    exports: { kind: "list", most: 200, item: { kind: "part", name: "ExportEntry" } },
  },
  proposal_made: {
    proposal_id: { kind: "str", low: 1, high: 64 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  proposal_named: {
    proposal_id: { kind: "str", low: 1, high: 64 },
  },
  proposal_approved: {
    account_id: { kind: "str", low: 1, high: 64 },
    token: { kind: "bytes", low: 32, high: 32, optional: true },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  TrailFilter: {
    since: { kind: "int", low: 0, high: 9007199254740991 },
    until: { kind: "int", low: 0, high: 9007199254740991 },
    host: { kind: "str", low: 0, high: 64 },
    technician: { kind: "str", low: 0, high: 64 },
    session: { kind: "str", low: 0, high: 64 },
    event: { kind: "str", low: 0, high: 64 },
  },
  trail_look: {
    wanted: { kind: "part", name: "TrailFilter" },
    after: { kind: "int", low: 0, high: 9007199254740991 },
    newest_first: { kind: "bool" },
    count: { kind: "int", low: 1, high: 100 },
    language: { kind: "str", low: 0, high: 16 },
  },
  TrailField: {
    name: { kind: "str", low: 1, high: 64 },
    value: { kind: "str", low: 0, high: 25000 },
  },
  TrailEntry: {
    index: { kind: "int", low: 0, high: 9007199254740991 },
    utc_ms: { kind: "int", low: 0, high: 9007199254740991 },
    clock_suspect: { kind: "bool" },
    event: { kind: "str", low: 0, high: 64 },
    outcome: { kind: "str", low: 0, high: 16 },
    sentence: { kind: "str", low: 0, high: 25000 },
    fields: { kind: "list", most: 32, item: { kind: "part", name: "TrailField" } },
  },
  TrailName: {
    id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 0, high: 120 },
    belongs: { kind: "str", low: 0, high: 120 },
  },
  trail_page: {
    entries: { kind: "list", most: 100, item: { kind: "part", name: "TrailEntry" } },
    names: { kind: "list", most: 1000, item: { kind: "part", name: "TrailName" } },
    after: { kind: "int", low: 0, high: 9007199254740991 },
  },
  export_ask: {
    wanted: { kind: "part", name: "TrailFilter" },
    form: { kind: "enum", name: "ExportForm" },
    language: { kind: "str", low: 0, high: 16 },
  },
  ExportEntry: {
    export_id: { kind: "str", low: 1, high: 64 },
    form: { kind: "enum", name: "ExportForm" },
    wanted: { kind: "part", name: "TrailFilter" },
    proposed_by: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 0, high: 120 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  export_named: {
    export_id: { kind: "str", low: 1, high: 64 },
  },
  ReceiptEntry: {
    session_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    digest: { kind: "bytes", low: 32, high: 32 },
    signed: { kind: "int", low: 0, high: 9007199254740991 },
    copy_bytes: { kind: "int", low: 0, high: 9007199254740991 },
  },
  receipts_look: {
    after: { kind: "str", low: 0, high: 64 },
  },
  receipt_list: {
    receipts: { kind: "list", most: 200, item: { kind: "part", name: "ReceiptEntry" } },
    more: { kind: "bool" },
  },
  receipt_named: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  hello: {
    version: { kind: "int", low: 1, high: 1000 },
    role: { kind: "enum", name: "EndRole" },
    subject: { kind: "str", low: 1, high: 64 },
    nonce: { kind: "bytes", low: 16, high: 32 },
    vendor_holds: { kind: "list", most: 512, item: { kind: "str", low: 1, high: 200 } },
    site_holds: { kind: "list", most: 512, item: { kind: "str", low: 1, high: 200 } },
  },
  BrokerHelloPayload: {
    broker_id: { kind: "str", low: 1, high: 64 },
    role: { kind: "enum", name: "EndRole" },
    subject: { kind: "str", low: 1, high: 64 },
    end_nonce: { kind: "bytes", low: 16, high: 32 },
    broker_nonce: { kind: "bytes", low: 16, high: 32 },
    leaves: { kind: "list", most: 16, item: { kind: "bytes", low: 32, high: 32 } },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  broker_hello: {
    version: { kind: "int", low: 1, high: 1000 },
    statement: { kind: "part", name: "statement" },
  },
  EndProofPayload: {
    subject: { kind: "str", low: 1, high: 64 },
    broker_id: { kind: "str", low: 1, high: 64 },
    broker_nonce: { kind: "bytes", low: 16, high: 32 },
    end_nonce: { kind: "bytes", low: 16, high: 32 },
  },
  end_proof: {
    statement: { kind: "part", name: "statement" },
  },
  welcome: {
    listed: { kind: "bool" },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  refused: {
    about: { kind: "str", low: 0, high: 64 },
    reason: { kind: "enum", name: "Reason" },
  },
  Closed: {
    permission: { kind: "enum", name: "Permission" },
    reason: { kind: "enum", name: "Reason" },
  },
  Instrument: {
    host_id: { kind: "str", low: 1, high: 64 },
    name: { kind: "str", low: 0, high: 120 },
    site: { kind: "str", low: 0, high: 120 },
    model: { kind: "str", low: 0, high: 120 },
    phi: { kind: "bool" },
    state: { kind: "enum", name: "HostState" },
    closed: { kind: "list", most: 7, item: { kind: "part", name: "Closed" } },
  },
  instruments: {
    items: { kind: "list", most: 1000, item: { kind: "part", name: "Instrument" } },
  },
  ticket_open: {
    salt: { kind: "bytes", low: 16, high: 32 },
    first_half_digest: { kind: "bytes", low: 32, high: 32 },
    ticket: { kind: "str", low: 6, high: 6, optional: true },
  },
  watch_open: {
    session_id: { kind: "str", low: 1, high: 64 },
    salt: { kind: "bytes", low: 16, high: 32 },
    first_half_digest: { kind: "bytes", low: 32, high: 32 },
  },
  ticket_opened: {
    ticket: { kind: "str", low: 6, high: 6 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  ticket_close: {
    ticket: { kind: "str", low: 6, high: 6 },
  },
  ticket_tried: {
    ticket: { kind: "str", low: 6, high: 6 },
    tries_left: { kind: "int", low: 0, high: 100 },
  },
  ticket_over: {
    ticket: { kind: "str", low: 6, high: 6 },
    reason: { kind: "enum", name: "Reason" },
  },
  ticket_claim: {
    ticket: { kind: "str", low: 6, high: 6 },
    first_half: { kind: "str", low: 4, high: 4 },
    purpose: { kind: "enum", name: "Purpose" },
    case_reference: { kind: "str", low: 1, high: 64 },
  },
  ticket_admitted: {
    session_id: { kind: "str", low: 1, high: 64 },
    ticket: { kind: "str", low: 6, high: 6 },
    host_id: { kind: "str", low: 1, high: 64 },
    host_name: { kind: "str", low: 0, high: 120 },
    socket_pass: { kind: "bytes", low: 32, high: 32 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  session_offered: {
    session_id: { kind: "str", low: 1, high: 64 },
    ticket: { kind: "str", low: 6, high: 6 },
    technician_id: { kind: "str", low: 1, high: 64 },
    purpose: { kind: "enum", name: "Purpose" },
    case_reference: { kind: "str", low: 1, high: 64 },
    socket_pass: { kind: "bytes", low: 32, high: 32 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  ticket_spent: {
    ticket: { kind: "str", low: 6, high: 6 },
    session_id: { kind: "str", low: 1, high: 64 },
  },
  ticket_burnt: {
    ticket: { kind: "str", low: 6, high: 6 },
    session_id: { kind: "str", low: 1, high: 64 },
  },
  CallWanted: {
    technician_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    broker_id: { kind: "str", low: 1, high: 64 },
    purpose: { kind: "enum", name: "Purpose" },
    case_reference: { kind: "str", low: 1, high: 64 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  call_ask: {
    statement: { kind: "part", name: "statement" },
  },
  call_queued: {
    host_id: { kind: "str", low: 1, high: 64 },
    shown: { kind: "bool" },
  },
  call_asked: {
    technician_id: { kind: "str", low: 1, high: 64 },
    statement: { kind: "part", name: "statement" },
  },
  call_seen: {
    technician_id: { kind: "str", low: 1, high: 64 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
    shown: { kind: "bool" },
  },
  EntryProof: {
    index: { kind: "int", low: 1, high: 9007199254740991 },
    salt: { kind: "bytes", low: 32, high: 32 },
    entry: { kind: "bytes", low: 1, high: 8192 },
    path: { kind: "list", most: 64, item: { kind: "bytes", low: 32, high: 32 } },
  },
  head_wanted: {
    known: { kind: "int", low: 0, high: 9007199254740991 },
    session_id: { kind: "str", low: 0, high: 64 },
  },
  head: {
    note: { kind: "str", low: 1, high: 1000 },
    consistency: { kind: "list", most: 64, item: { kind: "bytes", low: 32, high: 32 } },
    session_id: { kind: "str", low: 0, high: 64 },
    end: { kind: "part", name: "EntryProof", optional: true },
  },
  log_doubted: {
    doubt: { kind: "enum", name: "Doubt" },
    held: { kind: "str", low: 0, high: 1000 },
    given: { kind: "str", low: 0, high: 1000 },
  },
  ReceiptPayload: {
    session_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    host_key: { kind: "bytes", low: 32, high: 32 },
    broker_id: { kind: "str", low: 1, high: 64 },
    broker_key: { kind: "bytes", low: 32, high: 32 },
    digest: { kind: "bytes", low: 32, high: 32 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  receipt_offered: {
    statement: { kind: "part", name: "statement" },
  },
  receipt_signed: {
    statement: { kind: "part", name: "statement" },
  },
  receipt_sealed: {
    session_id: { kind: "str", low: 1, high: 64 },
    content: { kind: "bytes", low: 1, high: 163840 },
  },
  receipt_kept: {
    session_id: { kind: "str", low: 1, high: 64 },
    digest: { kind: "bytes", low: 32, high: 32 },
  },
  socket_pass: {
    session_id: { kind: "str", low: 1, high: 64 },
    socket_pass: { kind: "bytes", low: 32, high: 32 },
  },
  peer_present: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  lease_renew: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  lease_held: {
    session_id: { kind: "str", low: 1, high: 64 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  session_over: {
    session_id: { kind: "str", low: 1, high: 64 },
    cause: { kind: "enum", name: "EndCause" },
  },
  reconnect_wanted: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  reconnect_offered: {
    session_id: { kind: "str", low: 1, high: 64 },
    socket_pass: { kind: "bytes", low: 32, high: 32 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  visit_left: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  bulk_offered: {
    session_id: { kind: "str", low: 1, high: 64 },
    bulk_pass: { kind: "bytes", low: 32, high: 32 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  bulk_wanted: {
    session_id: { kind: "str", low: 1, high: 64 },
  },
  bulk_opened: {
    session_id: { kind: "str", low: 1, high: 64 },
    ask: { kind: "int", low: 0, high: 4294967295 },
  },
  carrier_report: {
    session_id: { kind: "str", low: 1, high: 64 },
    attempt: { kind: "int", low: 0, high: 4294967295 },
    carrier: { kind: "enum", name: "Carrier" },
    host_range: { kind: "str", low: 0, high: 43 },
    console_range: { kind: "str", low: 0, high: 43 },
    cause: { kind: "enum", name: "DirectCause", optional: true },
    to_technician: { kind: "int", low: 0, high: 9007199254740991 },
    to_host: { kind: "int", low: 0, high: 9007199254740991 },
  },
  agreement_open: {
    run: { kind: "int", low: 1, high: 10 },
    host_nonce: { kind: "bytes", low: 16, high: 32 },
    offered: { kind: "list", most: 8, item: { kind: "str", low: 1, high: 64 } },
  },
  console_share: {
    run: { kind: "int", low: 1, high: 10 },
    console_nonce: { kind: "bytes", low: 16, high: 32 },
    chosen: { kind: "str", low: 1, high: 64 },
    share: { kind: "bytes", low: 32, high: 32 },
  },
  host_share: {
    run: { kind: "int", low: 1, high: 10 },
    share: { kind: "bytes", low: 32, high: 32 },
  },
  console_tag: {
    run: { kind: "int", low: 1, high: 10 },
    tag: { kind: "bytes", low: 64, high: 64 },
  },
  host_tag: {
    run: { kind: "int", low: 1, high: 10 },
    tag: { kind: "bytes", low: 64, high: 64 },
  },
  agreement_failed: {
    run: { kind: "int", low: 1, high: 10 },
    runs_left: { kind: "int", low: 0, high: 10 },
  },
  renewal_open: {
    number: { kind: "int", low: 0, high: 4294967295 },
    host_nonce: { kind: "bytes", low: 16, high: 32 },
    share: { kind: "bytes", low: 32, high: 32 },
  },
  renewal_share: {
    number: { kind: "int", low: 0, high: 4294967295 },
    console_nonce: { kind: "bytes", low: 16, high: 32 },
    share: { kind: "bytes", low: 32, high: 32 },
    tag: { kind: "bytes", low: 32, high: 32 },
  },
  renewal_tag: {
    number: { kind: "int", low: 0, high: 4294967295 },
    tag: { kind: "bytes", low: 32, high: 32 },
  },
  FileCommitted: {
    name_commitment: { kind: "bytes", low: 32, high: 32 },
    hash_commitment: { kind: "bytes", low: 32, high: 32 },
    size_class: { kind: "int", low: 0, high: 37 },
  },
  Asked: {
    session_id: { kind: "str", low: 1, high: 64 },
    ask: { kind: "int", low: 0, high: 4294967295 },
    technician_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    permission: { kind: "enum", name: "Permission" },
    purpose: { kind: "enum", name: "Purpose" },
    case_reference: { kind: "str", low: 1, high: 64 },
    words_commitment: { kind: "bytes", low: 32, high: 32 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
    file: { kind: "part", name: "FileCommitted", optional: true },
  },
  AnsweredBy: {
    account: { kind: "str", low: 0, high: 120 },
    login_session: { kind: "str", low: 0, high: 64 },
    stated_name: { kind: "str", low: 0, high: 120 },
  },
  Answered: {
    session_id: { kind: "str", low: 1, high: 64 },
    ask: { kind: "int", low: 0, high: 4294967295 },
    technician_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    permission: { kind: "enum", name: "Permission" },
    answer: { kind: "enum", name: "Answer" },
    reason: { kind: "enum", name: "Reason", optional: true },
    prompt_commitment: { kind: "bytes", low: 32, high: 32 },
    language: { kind: "str", low: 0, high: 16 },
    answered_by: { kind: "part", name: "AnsweredBy" },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
    scope: { kind: "enum", name: "FileScope", optional: true },
    under: { kind: "int", low: 0, high: 4294967295 },
    file: { kind: "part", name: "FileCommitted", optional: true },
  },
  Withdrawn: {
    session_id: { kind: "str", low: 1, high: 64 },
    ask: { kind: "int", low: 0, high: 4294967295 },
    host_id: { kind: "str", low: 1, high: 64 },
    permission: { kind: "enum", name: "Permission" },
    at: { kind: "int", low: 0, high: 9007199254740991 },
    done: { kind: "bool" },
  },
  Ended: {
    session_id: { kind: "str", low: 1, high: 64 },
    by: { kind: "str", low: 1, high: 64 },
    cause: { kind: "enum", name: "EndCause" },
    at: { kind: "int", low: 0, high: 9007199254740991 },
  },
  SessionIdentityPayload: {
    session_id: { kind: "str", low: 1, high: 64 },
    role: { kind: "enum", name: "SessionRole" },
    subject: { kind: "str", low: 1, high: 64 },
    transcript: { kind: "bytes", low: 32, high: 32 },
  },
  session_identity: {
    statement: { kind: "part", name: "statement" },
  },
  FileWords: {
    name: { kind: "str", low: 1, high: 255 },
    folder: { kind: "bool" },
    files: { kind: "int", low: 1, high: 4096 },
    size: { kind: "int", low: 0, high: 68719476736 },
    manifest: { kind: "int", low: 0, high: 1048576 },
    digest: { kind: "bytes", low: 32, high: 32 },
    key: { kind: "bytes", low: 32, high: 32 },
  },
  ask_words: {
    ask: { kind: "int", low: 0, high: 4294967295 },
    key: { kind: "bytes", low: 16, high: 32 },
    words: { kind: "str", low: 0, high: 500 },
    file: { kind: "part", name: "FileWords", optional: true },
  },
  answer_words: {
    ask: { kind: "int", low: 0, high: 4294967295 },
    key: { kind: "bytes", low: 16, high: 32 },
    prompt: { kind: "str", low: 0, high: 3000 },
    file: { kind: "part", name: "FileWords", optional: true },
  },
  host_notice: {
    notice: { kind: "enum", name: "Notice" },
  },
  second_person: {
    view_only: { kind: "bool" },
    name: { kind: "str", low: 0, high: 120 },
    company: { kind: "str", low: 0, high: 120 },
  },
  still_here: {
  },
  answer_lost: {
    ask: { kind: "int", low: 0, high: 4294967295 },
  },
  visit_rejoined: {
    grants: { kind: "list", most: 16, item: { kind: "int", low: 0, high: 4294967295 } },
  },
  file_over: {
    ask: { kind: "int", low: 0, high: 4294967295 },
    reason: { kind: "enum", name: "Reason", optional: true },
  },
  chat_standing: {
    reason: { kind: "enum", name: "Reason", optional: true },
  },
  Data: {
    offset: { kind: "int", low: 0, high: 9007199254740991 },
    content: { kind: "bytes", low: 0, high: 256 },
  },
  Ack: {
    offset: { kind: "int", low: 0, high: 9007199254740991 },
    window: { kind: "int", low: 0, high: 9007199254740991 },
  },
  FileEntry: {
    path: { kind: "str", low: 1, high: 1024 },
    size: { kind: "int", low: 0, high: 68719476736 },
    digest: { kind: "bytes", low: 32, high: 32 },
  },
  Manifest: {
    entries: { kind: "list", most: 4096, item: { kind: "part", name: "FileEntry" } },
  },
  ReturnPayload: {
    session_id: { kind: "str", low: 1, high: 64 },
    host_id: { kind: "str", low: 1, high: 64 },
    technician_id: { kind: "str", low: 1, high: 64 },
    device: { kind: "part", name: "Authenticator" },
    secret: { kind: "bytes", low: 32, high: 32 },
    at: { kind: "int", low: 0, high: 9007199254740991 },
    seconds: { kind: "int", low: 0, high: 9007199254740991 },
  },
  return_ticket: {
    statement: { kind: "part", name: "statement" },
  },
  DirectCandidate: {
    address: { kind: "str", low: 2, high: 45 },
    port: { kind: "int", low: 1, high: 65535 },
    priority: { kind: "int", low: 0, high: 4294967295 },
  },
  DirectDescription: {
    session_id: { kind: "str", low: 1, high: 64 },
    attempt: { kind: "int", low: 0, high: 4294967295 },
    fingerprint: { kind: "bytes", low: 32, high: 32 },
    ufrag: { kind: "str", low: 4, high: 256 },
    pwd: { kind: "str", low: 22, high: 256 },
    candidates: { kind: "list", most: 8, item: { kind: "part", name: "DirectCandidate" } },
    only: { kind: "bool" },
  },
  direct_only: {
    only: { kind: "bool" },
  },
  direct_offer: {
    statement: { kind: "part", name: "statement" },
  },
  direct_answer: {
    statement: { kind: "part", name: "statement" },
  },
  direct_turn: {
    attempt: { kind: "int", low: 0, high: 4294967295 },
  },
  direct_over: {
    attempt: { kind: "int", low: 0, high: 4294967295 },
    received: { kind: "int", low: 0, high: 9007199254740991 },
    cause: { kind: "enum", name: "DirectCause" },
  },
};

/** What each permission requires. */
export interface Terms {
  readonly lane: Lane;
  readonly direction: Direction;
  readonly requires: readonly Permission[];
  readonly forbidden_on_phi: boolean;
  readonly available: boolean;
}

export const TERMS: { readonly [P in Permission]: Terms } = {
  view: { lane: 1, direction: "to_technician", requires: [],
    forbidden_on_phi: false, available: true },
  control: { lane: 2, direction: "to_host", requires: ["view"],
    forbidden_on_phi: false, available: true },
  file_to_host: { lane: 3, direction: "to_host", requires: ["view"],
    forbidden_on_phi: true, available: true },
  file_from_host: { lane: 4, direction: "to_technician", requires: ["view"],
    forbidden_on_phi: true, available: true },
  clipboard_to_host: { lane: 5, direction: "to_host", requires: ["view"],
    forbidden_on_phi: true, available: true },
  clipboard_from_host: { lane: 6, direction: "to_technician", requires: ["view"],
    forbidden_on_phi: true, available: true },
  restart: { lane: 9, direction: "to_host", requires: ["view"],
    forbidden_on_phi: false, available: true },
};

/** The order of a visit. A missing entry is a refusal. */
export const TRANSITIONS: { readonly [S in SessionState]: { readonly [E in SessionEvent]?: SessionState } } = {
  idle: { code_shown: "offered" },
  offered: { code_withdrawn: "ended", claimed: "admitted", ended: "ended" },
  admitted: { agreement_failed: "admitted", identities_proven: "sealed", ended: "ended" },
  sealed: { view_asked: "asking", ended: "ended" },
  asking: { view_allowed: "viewing", view_refused: "ended", ended: "ended" },
  viewing: { more_asked: "viewing", more_answered: "viewing", ended: "ended" },
  ended: {  },
};

/** Every bound of wire/limits.py: bytes and seconds unless the name says otherwise. */
export const LIMITS = {
  PROTOCOL_VERSION: 1,
  CONTROL_FRAME_MAX: 262_144,
  RECORD_PLAIN_MAX: 65_536,
  RECORD_HEADER: 15,
  RECORD_TAG: 16,
  SEALED_FRAME_MAX: 65_568,
  FILE_PLAIN_MAX: 258_048,
  FILE_FRAME_MAX: 258_080,
  CONTROL_RECORD_MAX: 4_096,
  CONTROL_LANE_BYTES_PER_MINUTE: 32_768,
  CHAT_TEXT_MAX: 4_000,
  CHAT_SENT_BYTES_PER_MINUTE: 16_384,
  CLIPBOARD_TEXT_MAX: 98_304,
  CLIPBOARD_TEXTS_PER_MINUTE: 30,
  CLIPBOARD_SEND_SECONDS: 60,
  ACK_PLAIN_MAX: 64,
  INPUT_PLAIN: 64,
  HELD_PER_SESSION_MAX: 2_097_152,
  PICTURE_MESSAGE_MAX: 1_048_576,
  PICTURE_PARCEL_MAX: 1_048_580,
  PIECE_PIXELS_MAX: 256,
  RAW_PIXELS_MAX: 1_024,
  COPIES_MAX: 16,
  PICTURE_SIDE_MAX: 16_384,
  PICTURE_PIXELS_MAX: 67_108_864,
  CURSOR_SIDE_MAX: 128,
  CURSOR_SLOTS: 16,
  POINTER_HIDDEN: 255,
  MONITORS_MAX: 16,
  FRAMES_IN_FLIGHT: 2,
  FILE_SIZE_MAX: 68_719_476_736,
  FILES_MAX: 4_096,
  FILE_NAME_MAX: 255,
  FILE_PATH_MAX: 1_024,
  MANIFEST_MAX: 1_048_576,
  FILE_WINDOW: 4_194_304,
  FILE_WINDOW_LIVE: 1_048_576,
  FILE_WINDOW_LEAST: 65_536,
  FILE_ACK_EVERY: 262_144,
  FILE_TELL_EVERY: 32_768,
  BULK_IDLE_SECONDS: 10,
  FILE_PICK_SECONDS: 300,
  FILE_CUT_SECONDS: 90,
  CARRIERS_MAX: 64,
  EPOCH_RECORDS: 16_777_216,
  EPOCH_SECONDS: 600,
  TEXT_MAX: 256,
  FREE_TEXT_MAX: 500,
  LIST_MAX: 4_096,
  TICKET_SECONDS: 600,
  TICKET_RESERVED_SECONDS: 60,
  RETURN_SECONDS: 600,
  TICKET_TRIES: 5,
  TICKET_TRIES_PER_TECHNICIAN: 2,
  AGREEMENT_RUNS: 3,
  AGREEMENT_SECONDS: 30,
  PASS_SECONDS: 30,
  AUTHENTICATION_SECONDS: 5,
  PROMPT_SECONDS: 60,
  PROMPT_ARMED_AFTER: 1.0,
  LEASE_SECONDS: 30,
  LEASE_GONE_SECONDS: 90,
  LEASE_RENEW_EVERY: 10,
  RECONNECT_SECONDS: 90,
  RECONNECT_TRY_SECONDS: 1,
  RECONNECT_TRIES: 200,
  DIRECT_TRIES_MAX: 100,
  CARRIER_REPORTS_MAX: 200,
  SECOND_FACTOR_FRESH_SECONDS: 300,
  SESSION_HARD_LIMIT_SECONDS: 3_600,
  SESSION_IDLE_SECONDS: 600,
  IDLE_WARNING_SECONDS: 60,
  CONSOLE_IDLE_SECONDS: 1_200,
  CONSOLE_ABSOLUTE_SECONDS: 43_200,
  LOG_GRACE_SECONDS: 10,
  INPUT_STALE_SECONDS: 2,
  LOCAL_QUIET_SECONDS: 3,
  HEARTBEAT_SECONDS: 1,
  INVITATION_SECONDS: 604_800,
  BOOTSTRAP_SECONDS: 3_600,
  PROPOSAL_SECONDS: 86_400,
  PROPOSALS_MAX: 20,
  EXPORT_FETCH_SECONDS: 86_400,
  EXPORT_ENTRIES_MAX: 20_000,
  EXPORT_PDF_MAX: 2_000,
  ENROL_TOKEN_SECONDS: 86_400,
  HEADS_EVERY_SECONDS: 600,
  CALL_SECONDS: 86_400,
  CALL_CLOCK_SECONDS: 300,
  CALLS_MAX: 3,
  RECEIPT_SEALED_MAX: 163_840,
  DOCUMENT_FILES_HELD: 512,
  DOCUMENT_FILE_MAX: 4_194_304,
  DOCUMENT_PIECE_MAX: 131_072,
  DOCUMENT_PIECES_MAX: 256,
  DOCUMENT_BUNDLE_MAX: 33_554_432,
  DOCUMENT_BODY_MAX: 33_554_432,
  VENDOR_FRESH_SECONDS: 86_400,
  VENDOR_FRESH_MAX: 604_800,
  SITE_FRESH_MAX: 7_948_800,
  DIRECT_WINDOW: 1_048_576,
  DIRECT_STALL_SECONDS: 2,
  DIRECT_TRY_SECONDS: 10,
  DIRECT_PAUSE_MAX: 60,
  DIRECT_PORT: 5_000,
  DIRECT_CHANNEL: 0,
} as const;

/** Longest frame of each kind, its kind byte included. */
export const FRAME_MAX: { readonly [K in FrameKind]: number } = {
  1: 262_144,
  2: 8_192,
  3: 4_096,
  4: 258_080,
};

/** The keys of the input lane; their place in this list crosses the wire. */
export const KEYS = [
  "ShiftLeft",
  "ShiftRight",
  "ControlLeft",
  "ControlRight",
  "AltLeft",
  "AltRight",
  "MetaLeft",
  "MetaRight",
  "Enter",
  "Tab",
  "Escape",
  "Backspace",
  "Delete",
  "Insert",
  "Space",
  "ContextMenu",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "F1",
  "F2",
  "F3",
  "F4",
  "F5",
  "F6",
  "F7",
  "F8",
  "F9",
  "F10",
  "F11",
  "F12",
  "F13",
  "F14",
  "F15",
  "F16",
  "F17",
  "F18",
  "F19",
  "F20",
  "F21",
  "F22",
  "F23",
  "F24",
  "KeyA",
  "KeyB",
  "KeyC",
  "KeyD",
  "KeyE",
  "KeyF",
  "KeyG",
  "KeyH",
  "KeyI",
  "KeyJ",
  "KeyK",
  "KeyL",
  "KeyM",
  "KeyN",
  "KeyO",
  "KeyP",
  "KeyQ",
  "KeyR",
  "KeyS",
  "KeyT",
  "KeyU",
  "KeyV",
  "KeyW",
  "KeyX",
  "KeyY",
  "KeyZ",
  "Digit0",
  "Digit1",
  "Digit2",
  "Digit3",
  "Digit4",
  "Digit5",
  "Digit6",
  "Digit7",
  "Digit8",
  "Digit9",
  "Minus",
  "Equal",
  "BracketLeft",
  "BracketRight",
  "Semicolon",
  "Quote",
  "Backquote",
  "Backslash",
  "Comma",
  "Period",
  "Slash",
  "CapsLock",
  "NumLock",
  "ScrollLock",
  "PrintScreen",
  "Pause",
  "NumpadEnter",
  "NumpadAdd",
  "NumpadSubtract",
  "NumpadMultiply",
  "NumpadDivide",
  "NumpadDecimal",
  "Numpad0",
  "Numpad1",
  "Numpad2",
  "Numpad3",
  "Numpad4",
  "Numpad5",
  "Numpad6",
  "Numpad7",
  "Numpad8",
  "Numpad9",
] as const;
export type KeyName = (typeof KEYS)[number];

/** Code points that are never in a text one person hands another: first and last of each range, rising. */
export const TEXT_REFUSED: readonly (readonly [number, number])[] = [[0, 8], [11, 31], [127, 159], [1564, 1564], [6158, 6158], [8203, 8203], [8206, 8207], [8232, 8238], [8288, 8303], [55296, 57343], [65279, 65279], [65529, 65531], [65534, 65535], [917504, 917631]];

/** The lanes that move to a direct channel. */
export const DIRECT_LANES: readonly Lane[] = [1, 2, 5, 6, 8];

export const BUTTONS = 5;
export const SUITE_V1 = "CPACE-X25519-SHA512+HKDF-SHA256+AES-256-GCM";
