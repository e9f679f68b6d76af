// The handles of the console's pages. Whole visits are driven through these in a real browser, so they are an interface:
// a name is never given to something else.
//
// How a person, or a test, gets through
//   1  open `/#/invitation/<token, base64url>`: NEW_PASSWORD, NEW_PASSWORD_AGAIN, button ACCEPT
//   2  read TOTP_SECRET (base 32, spaces between groups), type a code into TOTP, button CONFIRM
//   3  read FINGERPRINT (as `chaperone-keys` prints it) and RECOVERY_CODES, one list item each; button DONE; the address is `/`
//      from now on
//   4  SIGN_IN_NAME, PASSWORD, TOTP, button SIGN_IN; LINK says `data-state="open"` once the broker is proven (connecting,
//      lost, or replaced by another page of this browser); `data-reason` says why not
//      USE_RECOVERY swaps TOTP for RECOVERY_CODE; NEW_PASSWORD and NEW_PASSWORD_AGAIN appear when the password is due
//      button OPEN_OWN_ACCOUNT leads to OWN_ACCOUNT: PASSWORD, CHANGE_PASSWORD, NEW_RECOVERY, REPLACE_FACTOR; BACK
//   5  INSTRUMENTS: one list item each, `data-host`, `data-state`; HELP is the card with the form
//      CALL_PURPOSE, CALL_CASE, button CALL_SEND ask to be called; the item's `data-call` says sending, waiting, shown, or why not
//   6  CODE, PURPOSE, CASE_REFERENCE, WORDS, button CLAIM; FACTOR appears when a fresh second factor is wanted: TOTP,
//      button CONFIRM_FACTOR, after which the claim goes out again by itself
//   7  VISIT says where the visit stands: `data-phase` is one of core/visit.ts, Phase; RETYPE and button RETYPE_SEND
//      after a failed agreement
//   8  SCREEN is the canvas: `data-frame` is the last frame drawn, `data-width` and `data-height` its size in pixels; it
//      belongs to a worker, so read it with drawImage into a canvas of your own. Click it to give the keyboard to KEYS.
//      POINTER lies over it and is the instrument's pointer, `data-x` and `data-y` where it points; hidden while the technician's own
//      pointer is what moves it. MONITORS has a button for all and one for each, from the left, where there are several
//      CARRIER is there once the host has offered a way beside the broker: `data-carrier` says direct, relay or waiting
//   9  button CONTROL asks for control; VISIT says `data-control="held"` when it is granted (none, asking, held)
//      button CHAT_OPEN shows CHAT (`data-standing`: unknown, open, closed; `data-reason` says why closed): CHAT_LINES, one list item
//      each with `data-mine`; CHAT_FIELD, button CHAT_SEND. CHAT_OPEN says in `data-unread` how many nobody has seen yet
//      button STAY is in NOTICE while nobody has done anything for a while (`data-notice` is idle_warned)
//      button CLIPBOARD_OPEN shows CLIPBOARD: CLIPBOARD_ASK_TO, then button CLIPBOARD_PASTE or Ctrl + V in CLIPBOARD_FIELD, `data-put`
//      says none, sent, there, refused, too_long, nothing; CLIPBOARD_ASK_FROM, then CLIPBOARD_FETCH, `data-fetch` says none, asked,
//      here, missing, and CLIPBOARD_FETCHED holds the text
//      button RESTART asks for a restart of the PC, `data-restart` as with CONTROL (none, asking, waiting). RETURNING is there while the
//      instrument restarts: `data-state` is waits, claims or failed; button RETURNING_DROP gives it up
//      SECOND names who else sees the screen; `data-view-only` is true for somebody who only watches, who has no buttons but END
//      CLOSED says what cannot be asked for in this visit and why (`data-reason`), before anybody asks; the buttons are disabled then
//  10  button END; SUMMARY has `data-cause` and `data-reason`, RECEIPT says what proves the visit and FILES what went; button BACK
//  11  DOUBT is the alarm about the broker's log: role alert, `data-doubt` is a wire Doubt; NOTE_HELD, NOTE_GIVEN and the buttons
//      COPY_HELD, COPY_GIVEN are what to pass on; button BELIEVE ends it. LINK says in `data-log` how many entries were seen to fit
//  12  button OPEN_LOG leads to LOG: LOG_SINCE, LOG_UNTIL (local time), LOG_PERSON, LOG_DEVICE, LOG_KIND, button LOG_LOOK; LOG_ENTRIES is the
//      table, one row for each entry with `data-index` and `data-event`; buttons LOG_NEWEST, LOG_OLDER turn its pages
//      LOG_FORM and button LOG_PROPOSE propose a copy; LOG_COPIES lists one's own, each with a button to fetch it; LOG_WAITING those of
//      others, each with buttons to approve and decline; `data-copy` is a copy's id
//   PROBLEM is the one place where a refusal is said: role alert, `data-reason` is the value of policy Reason.

export const ACCEPT = "accept";
export const BACK = "back";
export const BELIEVE = "believe";
export const CALL_CASE = "call-case";
export const CALL_PURPOSE = "call-purpose";
export const CALL_SEND = "call-send";
export const CARRIER = "carrier";
export const CASE_REFERENCE = "case-reference";
export const CHANGE_PASSWORD = "change-password";
export const CHAT = "chat";
export const CHAT_FIELD = "chat-field";
export const CHAT_LINES = "chat-lines";
export const CHAT_OPEN = "chat-open";
export const CHAT_SEND = "chat-send";
export const CLAIM = "claim";
export const CLIPBOARD = "clipboard";
export const CLIPBOARD_ASK_FROM = "clipboard-ask-from";
export const CLIPBOARD_ASK_TO = "clipboard-ask-to";
export const CLIPBOARD_FETCH = "clipboard-fetch";
export const CLIPBOARD_FETCHED = "clipboard-fetched";
export const CLIPBOARD_FIELD = "clipboard-field";
export const CLIPBOARD_OPEN = "clipboard-open";
export const CLIPBOARD_PASTE = "clipboard-paste";
export const CLOSED = "closed-here";
export const CODE = "code";
export const CONFIRM = "confirm";
export const CONFIRM_FACTOR = "confirm-factor";
export const CONTROL = "request-control";
export const COPY_GIVEN = "copy-given";
export const COPY_HELD = "copy-held";
export const DONE = "done";
export const DOUBT = "doubt";
export const END = "end";
export const FACTOR = "factor";
export const FILES = "files";
export const FILES_CLEAR = "files-clear";
export const FILES_FOLDER = "files-folder";
export const FILES_NEED = "files-need";
export const FILES_NEED_ASK = "files-need-ask";
export const FILES_OPEN = "files-open";
export const FILES_PICK = "files-pick";
export const FILES_PICK_FOLDER = "files-pick-folder";
export const FILES_PICKED = "files-picked";
export const FINGERPRINT = "fingerprint";
export const HELP = "help";
export const INSTRUMENTS = "instruments";
export const KEYS = "keys";
export const LANGUAGE = "language";
export const LINK = "link";
export const LOG = "log";
export const LOG_COPIES = "log-copies";
export const LOG_DEVICE = "log-device";
export const LOG_ENTRIES = "log-entries";
export const LOG_FORM = "log-form";
export const LOG_KIND = "log-kind";
export const LOG_LOOK = "log-look";
export const LOG_NEWEST = "log-newest";
export const LOG_OLDER = "log-older";
export const LOG_PERSON = "log-person";
export const LOG_PROPOSE = "log-propose";
export const LOG_SINCE = "log-since";
export const LOG_UNTIL = "log-until";
export const LOG_WAITING = "log-waiting";
export const MONITORS = "monitors";
export const NEW_PASSWORD = "new-password";
export const NEW_PASSWORD_AGAIN = "new-password-again";
export const NEW_RECOVERY = "new-recovery";
export const NOTE_GIVEN = "note-given";
export const NOTE_HELD = "note-held";
export const NOTICE = "notice";
export const OPEN_LOG = "open-log";
export const OPEN_OWN_ACCOUNT = "open-own-account";
export const OWN_ACCOUNT = "own-account";
export const PASSWORD = "password";
export const POINTER = "pointer";
export const PROBLEM = "problem";
export const PURPOSE = "purpose";
export const RECEIPT = "receipt";
export const RECOVERY_CODE = "recovery-code";
export const RECOVERY_CODES = "recovery-codes";
export const RECOVERY_COPY = "recovery-copy";
export const RECOVERY_PRINT = "recovery-print";
export const REPLACE_FACTOR = "replace-factor";
export const RESTART = "request-restart";
export const RETURNING = "returning";
export const RETURNING_DROP = "returning-drop";
export const RETYPE = "retype";
export const RETYPE_SEND = "retype-send";
export const SCALE = "scale";
export const SCREEN = "screen";
export const SECOND = "second";
export const SIGN_IN = "sign-in";
export const SIGN_IN_NAME = "sign-in-name";
export const SIGN_OUT = "sign-out";
export const SIGN_OUT_EVERYWHERE = "sign-out-everywhere";
export const STAY = "stay";
export const SUMMARY = "summary";
export const TOTP = "totp";
export const TOTP_SECRET = "totp-secret";
export const USE_RECOVERY = "use-recovery";
export const VISIT = "visit";
export const WORDS = "words";
