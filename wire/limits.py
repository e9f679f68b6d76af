"""Every bound on size, count and time that crosses a room. Bytes and seconds unless the name says otherwise."""

PROTOCOL_VERSION = 1

CONTROL_FRAME_MAX = 256 * 1024
"""A control message; a piece of signed documents is the largest."""
RECORD_PLAIN_MAX = 64 * 1024
RECORD_HEADER = 15
RECORD_TAG = 16
SEALED_FRAME_MAX = 1 + RECORD_HEADER + RECORD_PLAIN_MAX + RECORD_TAG
FILE_PLAIN_MAX = 252 * 1024
"""A record of a file is longer than others, because each costs as much again at every end; with its head it still fits a control frame."""
FILE_FRAME_MAX = 1 + RECORD_HEADER + FILE_PLAIN_MAX + RECORD_TAG
CONTROL_RECORD_MAX = 4 * 1024
"""A record on the control or chat lane, or a handshake or ledger frame."""
CONTROL_LANE_BYTES_PER_MINUTE = 32 * 1024
"""What one end may say on the control lane, and as much again on the chat lane."""
CHAT_TEXT_MAX = 4000
"""One message of the chat, in bytes of UTF-8: it fits a record of its lane."""
CHAT_SENT_BYTES_PER_MINUTE = 16 * 1024
"""What an end sends on the chat lane: half of what it takes, because two clocks do not begin their minutes together."""
CLIPBOARD_TEXT_MAX = 96 * 1024
"""One text between two clipboards, in bytes of UTF-8; more than one record, and it fits a frame between desk and guardian."""
CLIPBOARD_TEXTS_PER_MINUTE = 30
"""Puts and requests of one visit together: a person's hand is slower, and each is an entry of the log."""
CLIPBOARD_SEND_SECONDS = 60
"""How long a request for what was copied waits for the person."""
ACK_PLAIN_MAX = 64
INPUT_PLAIN = 64
"""Input records are padded to this, so that a keystroke looks like a movement."""
HELD_PER_SESSION_MAX = 2 * 1024 * 1024
"""What the broker may hold for one session, both directions together."""
PICTURE_MESSAGE_MAX = 1024 * 1024
"""One screen message (a piece of at most 256 x 256 pixels)."""
PICTURE_PARCEL_MAX = PICTURE_MESSAGE_MAX + 4
"""Screen messages that were sent together, as they are put together again: several short ones, or the longest alone."""
PIECE_PIXELS_MAX = 256
RAW_PIXELS_MAX = 1024
"""A piece whose pixels are sent as they are: so few that a decoder would take longer than they take on the wire."""
COPIES_MAX = 16
"""Rectangles that one frame moves."""
PICTURE_SIDE_MAX = 16384
PICTURE_PIXELS_MAX = 64 * 1024 * 1024
"""More than eight 4K screens: no host shows that, and no page could draw it."""
CURSOR_SIDE_MAX = 128
"""A shape of the pointer; a larger one is cut."""
CURSOR_SLOTS = 16
"""Shapes of the pointer that the console keeps: at most 1 MiB."""
POINTER_HIDDEN = 255
"""In the place of a slot: the pointer is not to be seen."""
MONITORS_MAX = 16
FRAMES_IN_FLIGHT = 2
FILE_SIZE_MAX = 2**36
"""A file, or all files of a folder together."""
FILES_MAX = 4096
"""Files of one folder."""
FILE_NAME_MAX = 255
FILE_PATH_MAX = 1024
"""A file's place in its folder, in characters."""
MANIFEST_MAX = 1024 * 1024
FILE_WINDOW = 4 * 1024 * 1024
"""Bytes of a file that may be on their way; FILE_WINDOW_LIVE while a screen is shown, so that a slow line is not filled."""
FILE_WINDOW_LIVE = 1024 * 1024
FILE_WINDOW_LEAST = 64 * 1024
FILE_ACK_EVERY = 256 * 1024
"""Bytes of a file after which it is acknowledged; half of the window where that is less, or its sender would wait for ever."""
FILE_TELL_EVERY = FILE_WINDOW_LEAST // 2
"""Bytes of a file after which a desk says what is written: half of the least window, so that no sender waits for what is not said."""
BULK_IDLE_SECONDS = 10
"""How long a bulk socket without a file stays open."""
FILE_PICK_SECONDS = 300
"""How long a person may look for a file to send, and its hash be computed, once he has begun."""
FILE_CUT_SECONDS = 90
"""How long a file waits for another bulk socket."""
CARRIERS_MAX = 64
"""Bulk sockets of one visit that may be opened because one was lost, per file."""
EPOCH_RECORDS = 2**24
EPOCH_SECONDS = 600

TEXT_MAX = 256
FREE_TEXT_MAX = 500
LIST_MAX = 4096

TICKET_SECONDS = 600
TICKET_RESERVED_SECONDS = 60
RETURN_SECONDS = 600
"""So long the technician may come back after a restart."""
TICKET_TRIES = 5
TICKET_TRIES_PER_TECHNICIAN = 2
AGREEMENT_RUNS = 3
AGREEMENT_SECONDS = 30
"""From the host's share to a valid tag and signature."""
PASS_SECONDS = 30
AUTHENTICATION_SECONDS = 5
"""A socket that has not proven itself by then is closed."""
PROMPT_SECONDS = 60
PROMPT_ARMED_AFTER = 1.0
LEASE_SECONDS = 30
LEASE_GONE_SECONDS = 90
"""A lease that ran out suspends a visit; so long after the last renewal it is over."""
LEASE_RENEW_EVERY = 10
RECONNECT_SECONDS = 90
"""How long what was granted survives a line that was cut; then the visit is over."""
RECONNECT_TRY_SECONDS = 1
"""Between two tries of one end to come back."""
RECONNECT_TRIES = 200
"""Most passes that one visit is given for coming back, both ends together."""
DIRECT_TRIES_MAX = 100
"""Most direct paths that a host opens in one visit."""
CARRIER_REPORTS_MAX = 2 * DIRECT_TRIES_MAX
"""Most times that a host says in one visit which way content takes: a beginning and an end of each."""
SECOND_FACTOR_FRESH_SECONDS = 300
SESSION_HARD_LIMIT_SECONDS = 3600
SESSION_IDLE_SECONDS = 600
IDLE_WARNING_SECONDS = 60
"""Between the warning that nobody does anything and the end of the visit."""
CONSOLE_IDLE_SECONDS = 1200
CONSOLE_ABSOLUTE_SECONDS = 12 * 3600
LOG_GRACE_SECONDS = 10
"""A log that could not be written for so long ends a live visit."""
INPUT_STALE_SECONDS = 2
LOCAL_QUIET_SECONDS = 3
"""How long the person at the PC is still before the technician's hand works again."""
HEARTBEAT_SECONDS = 1
INVITATION_SECONDS = 7 * 24 * 3600
BOOTSTRAP_SECONDS = 3600
"""How long the secret from the broker's own machine waits for the one administrator it lets in."""
PROPOSAL_SECONDS = 24 * 3600
"""How long what one person proposed waits for a second one."""
PROPOSALS_MAX = 20
"""Most proposals of one account that wait at a time."""
EXPORT_FETCH_SECONDS = 24 * 3600
"""How long an approved copy of the trail may be fetched, once."""
EXPORT_ENTRIES_MAX = 20_000
"""Entries of one copy; who wants more asks for less at a time."""
EXPORT_PDF_MAX = 2_000
"""The same of a copy as PDF: setting an entry takes three milliseconds."""
ENROL_TOKEN_SECONDS = 24 * 3600
HEADS_EVERY_SECONDS = 600
"""How often a host compares logs with its broker while nothing happens; each time between half and whole."""
CALL_SECONDS = 24 * 3600
"""How long a request to be called waits for its host."""
CALL_CLOCK_SECONDS = 300
"""How far the clock of a technician's browser may be from ours."""
CALLS_MAX = 3
"""Most requests to be called that a host shows."""
RECEIPT_SEALED_MAX = 160 * 1024
"""The sealed copy of a receipt: it fits a control message. One of a usual visit has ten."""
DOCUMENT_FILES_HELD = 512
"""Files of one repository that an end may say it holds."""
DOCUMENT_FILE_MAX = 4 * 1024 * 1024
"""One file of a repository of signed documents."""
DOCUMENT_PIECE_MAX = 128 * 1024
DOCUMENT_PIECES_MAX = 256
"""A bundle of signed documents on a control socket: at most 32 MiB."""
DOCUMENT_BUNDLE_MAX = DOCUMENT_PIECE_MAX * DOCUMENT_PIECES_MAX
DOCUMENT_BODY_MAX = DOCUMENT_BUNDLE_MAX
"""A bundle over HTTP."""
VENDOR_FRESH_SECONDS = 24 * 3600
"""How long the vendor's timestamp is valid, unless its signer says less."""
VENDOR_FRESH_MAX = 7 * 24 * 3600
SITE_FRESH_MAX = 92 * 24 * 3600
"""No reader takes a timestamp that is valid for longer: it bounds how long somebody can withhold news."""
DIRECT_WINDOW = 1024 * 1024
"""Bytes that may be on the channel and not yet taken; and what a receiver holds back before its peer has turned."""
DIRECT_STALL_SECONDS = 2
"""Without progress for so long the channel is given up."""
DIRECT_TRY_SECONDS = 10
"""What one try may take, and the pause before the second; pauses double up to DIRECT_PAUSE_MAX."""
DIRECT_PAUSE_MAX = 60
DIRECT_PORT = 5000
"""Of SCTP inside DTLS; no port of the network."""
DIRECT_CHANNEL = 0
"""The channel's number, agreed here and so never negotiated."""
