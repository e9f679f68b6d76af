### What people read, in English. Sentences say what is so and what to do next.
### Reasons and end causes are read at both ends; `<id>-host` says the same to the person at the host where it must differ.

## Reasons

reason-sign_in_failed = Name, password or code is wrong. Check all three and try again; each code works once.
reason-sign_in_paused = Too many wrong sign-ins. Wait an hour, or ask your administrator.
reason-not_signed_in = You are not signed in. Sign in first.
reason-second_factor_stale = Your last code from the authenticator app is too old for this. Enter a fresh one.
reason-second_factor_wrong = This code is wrong or was used before. Wait for the next one in your authenticator app.
reason-invitation_invalid = This invitation is not valid: it was used, replaced or has expired. Ask your administrator for a new one.
reason-password_too_weak = This password is too easy to guess. Choose a longer one, such as several words.
reason-password_common = Many people choose this password, or parts of it. Take several words that have nothing to do with each other.
reason-password_classes = This site’s rules ask for small letters, capitals, digits and other signs together. Put one of each into the password.
reason-password_same = This is the password you have now. Choose another one.
reason-password_due = Your password has to be changed first: it is too old, or from before the rules of today. Choose a new one.
reason-device_not_recognised = This browser’s key is not recognised yet. Give its fingerprint to your supervisor, who certifies it.
reason-enrolment_invalid = This enrolment token is not valid: it was used or has expired. Ask the support service for a new one.
reason-bootstrap_invalid = This bootstrap secret is not valid: it was used or has expired. Make another one at the broker’s own machine.
reason-host_not_listed = This instrument is not in the signed documents yet. The security officer has to add it.
reason-host_not_listed-host = This PC is not in the support service’s signed documents yet. Ask the support service to add it.
reason-identity_not_proven = The other side could not prove who it is. Nothing was shown; start again, and report it if it happens twice.
reason-origin_refused = This address may not talk to the broker. Open the console at its own address.
reason-role_denies = The role of your account does not allow this. An administrator can say who may.
reason-account_unknown = There is no such account within your reach.
reason-account_exists = This account or sign-in name exists already. Choose another sign-in name.
reason-own_account = This cannot be done to one’s own account. Ask somebody else who may.
reason-last_administrator = This is the last administrator who can sign in. Let another one in first.
reason-second_person_needed = One person alone cannot do this. Somebody else who may has to approve it.
reason-proposal_unknown = There is no such proposal within your reach.
reason-receipt_unknown = There is no sealed receipt of this visit within your reach.
reason-proposal_decided = This proposal was approved, declined or withdrawn already. If it is still wanted, propose it again.
reason-proposal_expired = This proposal has expired. If it is still wanted, propose it again.
reason-proposal_changed = The account, or that of the proposer, is not as it was when this was proposed. Look at it again, and propose it anew.
reason-too_many_proposals = Too many proposals of yours are waiting. Withdraw some, or have them decided.
reason-not_assigned = This instrument is not assigned to this technician. An administrator can change that.
reason-training_expired = The training for this instrument has expired. Renew it before helping here.
reason-outside_hours = Visits are not allowed at this hour. Try again within the hours of the site.
reason-black_out = Visits are paused at this instrument for now, for instance while samples are running. Try again when the pause is over.
reason-vendor_policy = The rules of the support service do not allow this here. Its security officer can change that.
reason-site_policy = The rules of this site do not allow this here. Only the site’s own administrator can change that.
reason-permission_not_offered = This permission is not available at this instrument.
reason-phi_policy = This PC may hold health data, so this is closed here and nobody can open it during a visit.
reason-not_granted = The person at the instrument has not allowed this. Ask for it first.
reason-requires_view = Seeing the screen must be allowed first. Ask for that first.
reason-reason_missing = A reason and a case reference are needed. Enter both.
reason-already_asked = This was asked already. Wait for the answer, or use what was allowed.
reason-view_only = You watch this visit and nothing more. Whatever else is needed, the technician asks for.
reason-same_person = You are in this visit already. Somebody else may watch it, with this code.
reason-code_wrong = This code is wrong. Have it read out again, letter by letter.
reason-code_wrong-host = Somebody entered a wrong code. Read it out again, letter by letter.
reason-code_expired = This code has expired. A new one has to be made at the instrument with “Get help”.
reason-code_expired-host = This code has expired. Make a new one.
reason-code_used = This code was used already; each works once. A new one has to be made at the instrument with “Get help”.
reason-code_used-host = This code was used; each works once. Make a new one.
reason-code_burnt = This code is blocked after too many wrong tries. A new one has to be made at the instrument with “Get help”.
reason-code_burnt-host = This code is blocked after too many wrong tries. Ask who was trying, then make a new one.
reason-too_many_tries = Too many wrong codes. Wait before you try again, and have the code read out letter by letter.
reason-code_reserved = Another technician is using this code right now. Ask the person at the instrument whom they are talking to.
reason-agreement_failed = The second half of the code is wrong. Have the last four characters read out again.
reason-agreement_failed-host = The second half of the code was entered wrongly. Read the last four characters out again.
reason-refused_by_person = The person at the instrument refused. Talk to them before you ask again.
reason-refused_by_person-host = You refused.
reason-no_answer = Nobody at the instrument answered in time. Make sure somebody is there, then ask again.
reason-no_answer-host = Nobody answered in time, so the answer was no.
reason-nobody_logged_in = Nobody is logged in at the instrument PC. Somebody there has to log in first.
reason-screen_locked = The screen of the instrument PC is locked. Somebody there has to unlock it.
reason-no_screen = There is no screen to show at the instrument PC.
reason-masked = This part of the screen is hidden by a privacy mask.
reason-mask_not_placed = A privacy mask of this instrument cannot be placed, so its screen is not shown.
reason-visit_paused = The person at the instrument has paused the visit.
reason-visit_paused-host = You have paused the visit.
reason-session_away = Another login has the screen of the instrument PC for now. Somebody there has to come back to theirs.
reason-no_clipboard = The instrument PC runs Chaperone without windows, where it has no clipboard.
reason-input_unavailable = The screen of the instrument PC takes no mouse and keyboard from outside. Somebody there has to press what you name.
reason-desk_hung = Chaperone’s window at the instrument PC stopped answering, so nothing is shown any more. Restart Chaperone there.
reason-capture_hung = The screen of the instrument PC could not be read for several seconds, so the visit was ended. Look at the PC, then begin again.
reason-file_stopped_at_host = The transfer was cancelled at the instrument PC. Nothing of the file is left there.
reason-file_stopped_by_technician = The technician cancelled the transfer. Nothing of the file is left.
reason-file_differs = What arrived is not what was promised (size or SHA-256 differ), so it was thrown away. Send the file again.
reason-file_changed = The file changed while it was being sent. Close the program that writes it, and send it again.
reason-file_not_plain = Only plain files and folders can be sent: no links, devices or pipes.
reason-file_unreadable = The file cannot be read. Choose another, or allow reading it first.
reason-file_cut = The connection for files was lost and did not come back in time. Nothing of the file is left; send it again.
reason-files_too_large = That is more than one visit may move. The administrator of the instrument PC can change the limit.
reason-folder_unusable = The folder for received files cannot be used on the instrument PC. Its administrator can check who owns it and who may write to it.
reason-disk_full = The disk is full. Free some space, then send the file again.
reason-restart_not_set_up = This PC is not set up to be restarted by Chaperone. Somebody there can restart it, and then press “Get help” again.
reason-restart_not_allowed = The system of the instrument PC does not let Chaperone restart it. Somebody there can restart it, and then press “Get help” again.
reason-restart_failed = The PC did not restart: its system refused, or did not answer. Somebody there can restart it, and then press “Get help” again.
reason-restart_stopped = The person at the instrument stopped the restart.
reason-restart_stopped-host = You stopped the restart.
reason-return_invalid = The way back after the restart is worth nothing any more. A new code is needed.
reason-return_not_yours = The way back after the restart belongs to another technician, or to another device. Nothing was opened, and it is worth nothing any more.
reason-host_offline = The instrument PC is not connected. Check its network and that Chaperone runs there.
reason-host_busy = The instrument PC is in another visit or cannot take one now. Try again when that is over.
reason-wrong_moment = That is not possible at this moment. Go on from what the screen shows now.
reason-document_invalid = The documents are not those that were signed. They were not used; report this.
reason-document_stale = The signed documents are too old. They have to be signed and published anew.
reason-pass_invalid = The entry to this visit has expired or was used. Enter the code again.
reason-signature_invalid = A signature is wrong, so this was not believed. Start again, and report it if it happens twice.
reason-malformed = The other side sent something that is not understood. Reload or restart it, and report it if it happens twice.
reason-too_large = This is too large to be accepted.
reason-too_fast = This came too fast. Wait a moment and try again.
reason-too_busy = Too many people are signing in at this moment. Nothing was counted against you; try again in a few seconds.
reason-version_not_spoken = The two programs are of different versions. Update the older one.
reason-log_unavailable = Nothing can be recorded at the moment, so nothing is allowed. The disk may be full; tell whoever looks after the PC or the broker.
reason-log_doubted = The records of this PC and of the support service do not fit together, so no visit begins. A named person at each side has to look into it and acknowledge it.
reason-line_cut = The connection was cut. It is being tried again.
reason-session_over = This visit is over. A new one needs a new code.
reason-taken_over = It was opened a second time, perhaps in another window. The newer one counts; this one was closed.

## End causes

end-host_ended = The person at the instrument ended the visit.
end-host_ended-host = You ended the visit.
end-technician_ended = The technician ended the visit.
end-refused = The request to see the screen was refused.
end-refused-host = You refused the request to see the screen.
end-no_answer = Nobody answered the request to see the screen.
end-code_burnt = The code was blocked after too many wrong tries. A new code is needed.
end-code_expired = The code expired before the visit began. A new code is needed.
end-connection_lost = The connection was lost. Nothing is seen or controlled any more; a new visit needs a new code.
end-lease_expired = The connection was silent for too long, so the visit was ended. A new visit needs a new code.
end-peer_misbehaved = One side broke the rules of the connection, so the visit was ended for safety. Report this.
end-identity_not_proven = The technician’s identity could not be proven. Nothing was shown; report it if it happens twice.
end-policy = The rules in force do not allow this visit any longer.
end-idle = Nothing happened for a while, so the visit was ended.
end-time_limit = The visit reached its longest time. A new one needs a new code.
end-desk_lost = The window at the instrument PC stopped, so the visit was ended. Restart Chaperone there.
end-log_unavailable = Nothing could be recorded any more, so the visit was ended. Tell whoever looks after the PC or the broker.
end-log_doubted = The records of the two sides do not fit together, so the visit was ended. Tell whoever looks after the PC or the support service.
end-broker_stopped = The support service was stopped. Try again when it is back.
end-signed_out = The technician signed out, or the sign-in ran out.
end-restarting = The instrument PC restarts, as was allowed there. Nothing is seen or controlled any more.
end-restarting-host = This PC restarts, as you allowed. Nothing is seen or controlled any more.
end-failed_inside = An unexpected fault ended the visit. Nothing is seen or controlled any more; report this.
end-watched_visit_over = The visit that was watched is over, or its line was cut. Nothing is seen any more.
direct-over-stalled = The direct path stood still for two seconds.
direct-over-slower = The direct path was slower than the way over the broker.
direct-over-failed = The direct path could not be opened, or failed.
direct-over-not_as_agreed = What answered on the direct path was not what the two sides had agreed on, so it was closed.
direct-over-policy = The rules in force do not allow the direct path any longer.
direct-over-cut = The connection was cut, and the direct path with it.
direct-over-turned_off = The direct path was turned off.

## Purposes

purpose-fault = Fault or error message
purpose-results = Question about results
purpose-maintenance = Maintenance
purpose-update = Software update
purpose-training = Training
purpose-other = Other

## Permissions

permission-view = see the screen
permission-control = use mouse and keyboard
permission-file_to_host = send a file to the instrument PC
permission-file_from_host = take a file from the instrument PC
permission-clipboard_to_host = paste text at the instrument PC
permission-clipboard_from_host = copy text from the instrument PC
permission-restart = restart the instrument PC

answer-allow = allowed
answer-refuse = refused
answer-no_answer = not answered
answer-policy = refused by policy
scope-this = For this one.
scope-session = For every file this way until the visit ends.

authenticator-p256 = browser
authenticator-ed25519 = key file
authenticator-webauthn = security key

host-state-offline = Offline
host-state-ready = Ready
host-state-calling = Calling for help
host-state-visited = In a visit

## Notices

notice-no_screen = There is no screen to show at the instrument PC.
notice-screen_paused = The picture is paused: the screen of the instrument PC is locked or switched.
notice-screen_resumed = The picture goes on.
notice-suspended = The instrument PC does not hear the support service. Nothing is shown or controlled until it does.
notice-input_masked = This part of the screen is hidden by a privacy mask, so your input did nothing.
notice-mask_not_placed = A privacy mask of this instrument cannot be placed. Nothing is shown or controlled until it can.
notice-session_away = Another login has the screen of the instrument PC. Nothing is shown or controlled until yours is back.
notice-screen_locked = The screen of the instrument PC is locked. Nothing is shown or controlled until somebody there unlocks it.
notice-paused_by_person = The person at the instrument has paused the visit. Nothing is shown or controlled until they continue.
notice-local_input = The person at the instrument is using mouse or keyboard. Yours have no effect until they have been still for a moment.
notice-local_quiet = Mouse and keyboard are yours again.
notice-idle_warned = Nobody has done anything for a while. The visit ends in a minute.
notice-idle_over = The visit stays open.
notice-input_stale = Your last mouse and key actions arrived too late and were dropped. Look at the picture before you go on.
notice-input_dropped_prompt = A question is on the instrument’s screen; your mouse and keyboard wait until it is answered.
notice-prompt_shown = The person at the instrument is being asked.
notice-prompt_gone = The question at the instrument is closed.

## Roles

repository-vendor = the vendor
repository-site = the site

doubt-not_signed = It is not signed by whose log it should be.
doubt-other_log = It is of another log: the log was begun anew.
doubt-rolled_back = It is shorter than before: its newest entries were removed, or an older copy was put back.
doubt-forked = It does not continue what was shown before: something in it was rewritten.
doubt-end_not_shown = The end of the visit does not stand in it.
doubt-own_log = It does not continue what its own side signed before.

role-technician = technician
role-supervisor = supervisor
role-security_officer = security officer
role-administrator = administrator
role-site_administrator = site administrator
role-auditor = auditor

## Events

event-broker_started = The broker { $broker_id } started, version { $version }.
event-broker_stopped = The broker { $broker_id } was stopped.
event-invitation_made = { $by } invited { $technician_id }.
event-invitation_accepted = { $technician_id } accepted the invitation from { $address }.
event-invitation_refused = An invitation was refused from { $address }. { $reason }
event-device_registered = { $technician_id } registered a new key ({ $type }), fingerprint { $fingerprint }.
event-account_suspended = { $by } suspended the account of { $technician_id }.
event-account_restored = { $by } restored the account of { $technician_id }.
event-signed_in = { $technician_id } signed in from { $address }.
event-sign_in_refused = “{ $name_given }” could not sign in from { $address }. { $reason }
event-signed_out = { $technician_id } signed out, or the sign-in ran out.
event-factor_confirmed = { $technician_id } confirmed the second factor.
event-factor_refused = { $technician_id } did not confirm the second factor, from { $address }. { $reason }
event-account_stopped = The account of { $technician_id } is stopped after { $failures } wrong sign-ins in a row. Its recognised devices still get in; an administrator can clear it.
event-account_stop_cleared = { $by } cleared the stop on the account of { $technician_id }.
event-password_changed = { $technician_id } changed the password from { $address }; every other sign-in ended.
event-recovery_codes_made = { $technician_id } made new recovery codes; the earlier ones are worth nothing.
event-recovery_code_used = { $technician_id } used a recovery code from { $address }; { $left } are left.
event-factor_replaced = { $technician_id } took another authenticator app from { $address }.
event-guessing_braked = { $address_is ->
    [none] Too many tries from all addresses together. Not heard for { $seconds } seconds. { $reason }
   *[some] Too many tries from { $address }. Not heard for { $seconds } seconds. { $reason }
}
event-bootstrap_secret_made = { $by } made a secret at the broker’s machine that lets one administrator in; it works once, for { $minutes } minutes. Administrators who could sign in at that time: { $others }.
event-bootstrap_used = The secret from the broker’s machine was used from { $address }: { $technician_id } is invited as an administrator. Administrators who could sign in at that time: { $others }.
event-bootstrap_refused = A bootstrap secret was refused from { $address }. { $reason }
event-role_given = { $by } made the account { $technician_id }: { $role }.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites: { $sites }
}
event-role_changed = { $by } changed the role of { $technician_id } from { $before } to { $role }; every sign-in of it ended.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites: { $sites }
}
event-proposal_made = { $by } proposed to make { $name } ({ $technician_id }) { $role }: proposal { $proposal_id } waits for a second person.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites: { $sites }
}
event-proposal_approved = { $by } approved the proposal { $proposal_id } of { $proposed_by } about { $technician_id }.
event-proposal_declined = { $by } declined the proposal { $proposal_id } of { $proposed_by } about { $technician_id }.
event-proposal_withdrawn = { $by } withdrew the proposal { $proposal_id } about { $technician_id }.
event-account_deleted = { $by } deleted the account of { $name } ({ $technician_id }). Its history stays.
event-signed_out_everywhere = { $by } signed { $technician_id } out everywhere.

event-head_held = { $subject } showed its log { $log_id }: { $size } entries, signed, and they continue what was shown before.
event-visit_closed = { $subject } showed, signed, that its log ends the visit { $session_id } at entry { $entry }.
event-log_doubted = ALARM: the log of { $subject } does not fit to what was shown of it before ({ $held_size } entries then, { $given_size } now). { $doubt } No visit begins before a named person acknowledges it.
event-doubt_told = ALARM: { $subject } says that the log of this side does not fit to what it was shown before ({ $held_size } entries then, { $given_size } now). { $doubt }
event-doubt_acknowledged = { $by } acknowledged the doubt about the log of { $subject }: { $why }
event-witness_failed = The witness { $witness } could not be given the newest head of the log.
event-receipt_signed = The receipt of the visit { $session_id } was signed by { $subject }.
event-receipt_kept = A sealed copy of the receipt of the visit { $session_id } was taken for the vendor’s auditor.
event-log_begun = The log goes on after { $size } entries, although { $held_size } were signed before. See the alarm.
event-log_failed = For { $seconds } seconds nothing could be recorded, and nothing was allowed. { $late } entries follow late, { $lost } were lost.
event-event_unfit = Something happened that could not be written down ({ $kind }: { $why }). What it said is lost.
event-disk_low = Only { $percent } % of the disk is free. When it is full, nothing is allowed any more.
event-entries_expired = { $by } let the contents of the entries { $first } to { $last } go, because they were older than { $older_than_days } days. Their hashes stay.
event-correction = { $by } adds to entry { $about }: { $words }
event-trail_read = { $by } read the log.{ $wanted_is ->
    [none] { "" }
   *[other] { " " }Asked for: { $wanted }
}
event-export_proposed = { $by } proposed to take a copy of the log away ({ $form }): { $export_id } waits for a second person.{ $wanted_is ->
    [none] { "" }
   *[other] { " " }Asked for: { $wanted }
}
event-export_approved = { $by } approved the copy { $export_id } that { $proposed_by } proposed.
event-export_declined = { $by } declined the copy { $export_id } that { $proposed_by } proposed.
event-export_withdrawn = { $by } withdrew the copy { $export_id }.
event-export_fetched = { $by } fetched the copy { $export_id }, this once: { $count } entries.
event-receipts_listed = { $by } asked which receipts there are.
event-receipt_fetched = { $by } took the sealed receipt of the visit { $session_id }, SHA-256 { $digest }.
event-named = { $subject } has a name, which stands beside the log. This entry commits to it: { $commitment }.
event-quarantined = Something that was kept ({ $kind }, { $subject }) could not be read { $tries } times and was put aside. The service goes on without it.
event-administration_refused = { $technician_id } was refused { $what } for “{ $account_given }”, from { $address }. { $reason }
event-host_enrol_token_made = { $by } made an enrolment token for the site “{ $site }”.
event-host_enrolled = A host enrolled as { $host_id } ({ $model }, site “{ $site }”, health data: { $phi }), accepted by { $accepted_by } under terms { $terms_version }, from { $address }, fingerprint { $fingerprint }.
event-enrol_refused = An enrolment was refused from { $address }. { $reason }
event-host_connected = The host { $host_id } connected from { $address } (listed: { $listed }).
event-host_disconnected = The host { $host_id } is no longer connected.
event-host_connect_refused = A connection as host “{ $host_given }” was refused from { $address }. { $reason }
event-technician_connected = { $technician_id } connected from { $address } with the device { $fingerprint }.
event-technician_disconnected = { $technician_id } is no longer connected.
event-technician_connect_refused = A connection as “{ $technician_given }” was refused from { $address }. { $reason }
event-peers_refused = { $count } more attempts from { $address } were refused within one minute (minute { $minute } since 1970).
event-documents_published = Signed documents of { $repository_is ->
    [site] the site { $site }
   *[other] { $repository }
}, version { $version }, were published from { $address }: { $digest }.
event-documents_refused = Signed documents of { $repository } were refused from { $address }. { $reason }
event-ticket_opened = The host { $host_id } asked for help: ticket { $ticket }, valid for { $seconds } s.
event-ticket_closed = Ticket { $ticket } of { $host_id } is closed: { $reason_is ->
    [none] the person took it back.
   *[other] { $reason }
}
event-ticket_tried = { $technician_id } could not use ticket { $ticket }, { $tries_left } tries left. { $reason }
event-session_opened = Visit { $session_id } may begin: { $technician_id } at { $host_id }, ticket { $ticket }, { $purpose }, case “{ $case_reference }”.
event-lane_opened = Visit { $session_id }: the broker relays “{ $permission }” (request { $ask }).
event-lane_closed = Visit { $session_id }: the broker no longer relays “{ $permission }” (request { $ask }).
event-watch_opened = Visit { $session_id }: { $watcher_id } watches it in visit { $watcher_session }; the broker relays pictures there too.
event-watch_closed = Visit { $session_id }: { $watcher_id } watches it no longer (visit { $watcher_session }).
event-lease_lapsed = Visit { $session_id }: { $host_id } did not renew its lease in time.
event-host_started = The host program started, version { $version }.
event-host_stopped = The host program was stopped.
event-log_repaired = The last line of { $segment } was half written; { $bytes_cut } bytes were cut away.
event-late_entries = { $count } things could not be recorded when they happened; they follow here.
event-terms_accepted = { $by } accepted the terms { $terms_version } and the egress target { $egress_target }.
event-enrolled = This PC enrolled as { $host_id } with the broker { $broker_id }, fingerprint { $fingerprint }.
event-broker_connected = Connected to the broker { $broker_id } (listed: { $listed }).
event-broker_disconnected = The connection to the broker { $broker_id } is gone.
event-broker_refused = The connection to the broker { $broker_id } did not stand. { $reason }
event-documents_accepted = Signed documents of { $repository }, version { $version }, were accepted; in force: { $digest }.
event-site_root_pinned = An administrator of this PC named the root of the site’s own documents, SHA-256 { $digest }.
event-documents_refused_here = Signed documents that the broker sent were not taken. { $reason }
event-site_policy_accepted = The site’s own rules, version { $version }, are in force, SHA-256 { $digest }.
event-site_policy_broken = The file with the site’s own rules cannot be used, SHA-256 { $digest }. Nobody is let in until it is mended.
event-refusal = “{ $about }” was refused. { $reason }
event-help_pressed = “Get help” was pressed by the account “{ $account }” ({ $login_session }).
event-code_shown = A code was shown: ticket { $ticket }, valid for { $seconds } s.
event-return_opened = After the restart { $technician_id } may come back for { $seconds } s without a code that is read out (ticket { $ticket }).
event-return_over = The way back of { $technician_id } after the restart leads nowhere. { $reason }
event-code_tried = Somebody entered a wrong code for ticket { $ticket }; { $tries_left } tries left.
event-code_over = The code with ticket { $ticket } is worth nothing any more: { $reason_is ->
    [none] the person took it back.
   *[other] { $reason }
}
event-call_asked = { $technician_id } asks somebody at { $host_id } to call: { $purpose }, case “{ $case_reference }”.
event-call_delivered = { $host_id } has the request of { $technician_id } to be called (on its screen: { $shown }).
event-call_dropped = The request of { $technician_id } to be called by { $host_id } was dropped: it waited in vain, or may not be shown there any more.
event-call_shown = { $name }, { $company } ({ $technician_id }), asks to be called: { $purpose }, case “{ $case_reference }”. Nothing is opened by it.
event-calls_put_away = { $count ->
    [one] A request to be called was put away.
   *[other] { $count } requests to be called were put away.
}
event-session_offered = Visit { $session_id }: { $technician_id } entered the first half of the code (ticket { $ticket }), { $purpose }, case “{ $case_reference }”.
event-agreement_run = Visit { $session_id }: key agreement { $run } { $reason_is ->
    [none] was confirmed.
   *[other] failed. { $reason }
}
event-identity_proven = Visit { $session_id }: { $technician_id } proved to be { $name }, { $company }, with the device { $fingerprint }.
event-watch_asked = Visit { $session_id }: a code for a second person who only watches was asked for by the account “{ $account }” ({ $login_session }).
event-watch_begun = Visit { $session_id }: { $watcher_id }, { $name }, { $company }, watches it too, in visit { $watcher_session }.
event-watch_over = Visit { $session_id }: { $watcher_id } watches it no longer (visit { $watcher_session }).
event-prompt_shown = Visit { $session_id }: the person was asked (request { $ask }, { $permission }, language { $language }): { $prompt }
event-injector_blocked = Visit { $session_id }: an “Allow” for request { $ask } came from a program, not from a person, and did not count.
event-capture_started = Visit { $session_id }: the screen ({ $width } × { $height }) is shown under request { $ask }.
event-clipboard_opened = Visit { $session_id }: “{ $permission }” is open under request { $ask }.
event-clipboard_passed = Visit { $session_id }: one text of { $size } bytes goes (“{ $permission }”, request { $ask }).
event-clipboard_closed = Visit { $session_id }: “{ $permission }” is closed (request { $ask }).{ $reason_is ->
    [none] { "" }
   *[other] { " " }{ $reason }
}
event-visit_suspended = Visit { $session_id }: the broker is not heard. Nothing is shown or controlled until it is.
event-visit_paused = Visit { $session_id }: the person at the PC paused it. Nothing is shown or controlled.
event-visit_unpaused = Visit { $session_id }: the person at the PC let it go on.
event-remote_input_waited = Visit { $session_id }: the person used mouse or keyboard, and the technician’s waited ({ $count } times).
event-visit_resumed = Visit { $session_id }: the broker is heard again, and the visit goes on.
event-capture_stopped = Visit { $session_id }: the screen is no longer shown (request { $ask }). { $reason_is ->
    [none] { "" }
   *[other] { $reason }
}
event-capture_paused = Visit { $session_id }: nothing is shown or controlled for now (request { $ask }). { $reason }
event-capture_resumed = Visit { $session_id }: the screen is shown again (request { $ask }).
event-input_started = Visit { $session_id }: mouse and keyboard are open under request { $ask }.
event-input_stopped = Visit { $session_id }: mouse and keyboard are closed (request { $ask }).
event-input_dropped = Visit { $session_id }: { $count } mouse or key actions were not carried out. { $reason }
event-chat_over = Visit { $session_id }: messages written: { $to_host } by the technician, { $to_technician } by the person at the instrument.{ $reason_is ->
    [none] { "" }
   *[other] { " " }The chat was closed. { $reason }
}
event-file_begun = Visit { $session_id }: “{ $name }” begins ({ $permission }, request { $ask }, files: { $files }, { $size } bytes, SHA-256 { $digest }).
event-file_whole = Visit { $session_id }: all of “{ $name }” is here and its SHA-256 is { $digest } (request { $ask }, { $permission }); it may be given its name now.
event-file_done = Visit { $session_id }: “{ $name }” arrived whole ({ $permission }, request { $ask }, { $size } bytes, SHA-256 { $digest }). Its name at this PC: “{ $kept_as }”.
event-file_stopped = Visit { $session_id }: “{ $name }” did not arrive and nothing of it is kept ({ $permission }, request { $ask }, after { $moved } bytes, SHA-256 { $digest }). { $reason }
event-restart_begun = Visit { $session_id }: this PC restarts in { $seconds } s unless somebody stops it (request { $ask }).
event-restart_not_waiting = Visit { $session_id }: the time before the restart is over (request { $ask }).{ $reason_is ->
    [none] { "" }
   *[other] { " " }{ $reason }
}
event-restart_ordered = Visit { $session_id }: the system is told to restart (request { $ask }); { $technician_id } may come back within { $seconds } s.
event-restart_failed = Visit { $session_id }: the PC did not restart, and nobody may come back without a code (request { $ask }). { $reason }
event-admission_step = Admission of { $technician_id } to { $host_id } (ticket { $ticket }), step { $step }: { $reason_is ->
    [none] passed.
   *[other] refused. { $reason }
}
event-asked = Visit { $session_id }: { $technician_id } asked to { $permission } at { $host_id } (request { $ask }, { $purpose }, case “{ $case_reference }”).{ $words_is ->
    [none] { "" }
   *[other] { " " }In their words: “{ $words }”
}{ $file_name_is ->
    [none] { "" }
   *[other] { " " }To be sent: “{ $file_name }”, { $file_size } bytes, SHA-256 { $file_digest }
}
event-answered = Visit { $session_id }: request { $ask } to { $permission } was { $answer } at { $host_id } by the account “{ $account }”, stated name “{ $stated_name }”. { $reason_is ->
    [none] It holds for at most { $seconds } s.
   *[other] { $reason }
}{ $scope_is ->
    [none] { "" }
    [this] { " " }{ $scope }
   *[other] { " " }{ $scope } (answered with request { $under }; 0: this one)
}{ $file_name_is ->
    [none] { "" }
   *[other] { " " }File “{ $file_name }”, { $file_size } bytes, SHA-256 { $file_digest }
}
event-withdrawn = Visit { $session_id }: { $host_id } closed the permission to { $permission } (request { $ask }). Because it had served its purpose: { $done }.
event-visit_parted = Visit { $session_id }: the line was cut. Nothing is shown or controlled until both sides are back.
event-visit_rejoined = Visit { $session_id }: both sides are back ({ $number }), and the visit goes on.
event-direct_started = Visit { $session_id }: content goes directly (attempt { $attempt }), { $host_range_is ->
    [none] inside the site’s own network
   *[some] from { $host_range } to { $console_range_is ->
        [none] an address of the site
       *[some] { $console_range }
    }
}. The broker does not carry it.
event-direct_ended = Visit { $session_id }: content goes over the broker again (attempt { $attempt }). { $cause } The direct path carried { $to_technician_bytes } bytes to the technician and { $to_host_bytes } to the PC.
event-session_ended = Visit { $session_id } is over, ended by { $by }. { $cause }
event-frame_refused = Something from { $subject } was refused ({ $what }). { $reason }

word-yes = yes
word-no = no

## Faults of a log

fault-altered = Entry { $index } was altered.
fault-missing = { $count ->
    [one] Entry { $index } is missing.
   *[other] Entries { $index } to { $last } are missing.
}
fault-out_of_order = Entry { $index } stands where it was not written, or twice.
fault-unchained = Entry { $index } does not follow from the one before: one of the two was put in or exchanged.
fault-unreadable = Entry { $index } cannot be read.
fault-truncated = { $count ->
    [one] Entry { $index } is gone from the end.
   *[other] Entries { $index } to { $last } are gone from the end.
}
fault-replaced = Entry { $index } is another than it was when its head was noted down: the log was written anew.
fault-not_as_signed = { $count ->
    [one] Entry { $index } is not the one that was signed.
   *[other] One of the entries { $index } to { $last } is not the one that was signed, or does not stand where it stood.
}
fault-not_signed = The checkpoint over the first { $last } entries is not signed with the key of this log.
fault-unsigned = { $count ->
    [one] Entry { $index } stands under no signature: it was not written by whoever holds the key.
   *[other] Entries { $index } to { $last } stand under no signature: they were not written by whoever holds the key.
}
fault-tree_differs = The tree that is kept beside the log does not fit to entry { $index }.

broker-log = the broker’s log
host-log = the host’s log
difference-unknown_visit = Visit { $session }: entry { $index } of { $side } tells of it, and the other log knows nothing of this visit.
difference-no_counterpart = Visit { $session }: entry { $index } of { $side } must stand in the other log too, and does not.
difference-counterpart_broken = Visit { $session }: what belongs to entry { $index } of { $side } is gone from the other log: entry { $other } there was altered, cannot be read or was taken out.
difference-says_otherwise = Visit { $session }: entry { $index } of { $side } says something else than entry { $other } of the other log.
difference-said_twice = Visit { $session }: entry { $index } of { $side } says again what entry { $other } said.
difference-not_signed = Visit { $session }: entry { $index } of { $side } was not signed by whoever it says it comes from.
difference-words_differ = Visit { $session }: the words or the prompt of entry { $index } of { $side } are not those that were committed to.
difference-head_differs = Entry { $index } of { $side } holds a signed checkpoint, and one of the first { $other } entries of the other log is not what it was then.
difference-head_beyond = Entry { $index } of { $side } holds a signed checkpoint over more entries than the other log has: { $other } are left.
difference-head_not_signed = Entry { $index } of { $side } holds a checkpoint that the other side did not sign.
difference-head_other_log = Entry { $index } of { $side } holds a checkpoint of another log: the other log was begun anew.
difference-end_elsewhere = Visit { $session }: entry { $index } of { $side } says that entry { $other } of the other log ends it, and that entry does not.
difference-watched_otherwise = Visit { $session }: what entry { $index } of { $side } allowed was to watch another visit, or none, by entry { $other } of the other log.
difference-on_its_way = Visit { $session }: entry { $index } of { $side } was the last word before the line was cut; it did not arrive.
difference-killed = Visit { $session }: after entry { $index } of { $side } the other side’s program was ended or its copy of the log was taken.
difference-let_go = Visit { $session }: what belongs to entry { $index } of { $side } was let go by retention in the other log.
difference-own_ends = Visit { $session }: each side noted the end by itself (entry { $index } of { $side }, entry { $other } of the other log).
difference-written_late = Entries { $index } to { $other } of { $side } were written late, after it could not be written for a while.
difference-acknowledged = Entry { $index } of { $side }: the log went on otherwise afterwards, and a named person acknowledged that.
tail = Visit { $session } is not closed: entries of { $side } from { $since } on rest on the word of that side alone.
compared = { $visits ->
    [one] 1 shared visit
   *[other] { $visits } shared visits
}, { $signatures ->
    [one] 1 signature verified
   *[other] { $signatures } signatures verified
}: { $verdict }.
compared-same = both logs say the same
compared-wrong = { $count } found in all

verify-log = Log { $log } of a { $side ->
    [broker] broker
   *[host] host
}, { $count ->
    [one] 1 entry
   *[other] { $count } entries
}: { $verdict }.
verify-fine = nothing is wrong
verify-found = { $count ->
    [one] 1 thing is wrong
   *[other] { $count } things are wrong
}
verify-acknowledged = Acknowledged by a named person: { $finding }
verify-explained = Explained: { $difference }
verify-let_go = { $count ->
    [one] What entry { $index } said was let go by retention, as an entry says.
   *[other] What the entries { $index } to { $last } said was let go by retention, as an entry says.
}
verify-signed = { $count ->
    [one] 1 signed checkpoint, up to entry { $index }.
   *[other] { $count } signed checkpoints, up to entry { $index }.
}
verify-newer = { $count ->
    [one] 1 newer entry is not under one yet.
   *[other] { $count } newer entries are not under one yet.
}
verify-unclosed = Visit { $session } is not closed: unclosed tail from entry { $since }.
verify-head = Head: { $head }
verify-receipt = { $known ->
    [yes] Receipt of visit { $session }: { $verdict }.
   *[no] Receipt: { $verdict }.
}
verify-receipt-fits = it fits to this log
verify-receipt-sound = every line of it is proven
verify-receipt-key = { $keys ->
    [host] Checked with the host’s key, which was given. The broker’s is the one that the host signed for.
    [broker] Checked with the broker’s key, which was given. The host’s is the one that the broker signed for.
    [both] Checked with both keys, which were given.
   *[none] No key was given, so the receipt was checked against itself alone, which anybody can write: use --key.
}
key-from-given = Checked with the key that was given.
key-from-beside = Checked with the key that lies beside the log, which proves nothing against whoever could exchange both.
key-from-nowhere = No key was given, so no signature of a checkpoint was checked: use --key.
proof-good = Yes: entry { $index } of { $origin } ({ $count ->
    [one] 1 entry
   *[other] { $count } entries
}) says:
proof-bad = No: { $why }
proof-fault-form = this is no proof of a form that is known here.
proof-fault-checkpoint = the checkpoint is not signed with this key.
proof-fault-place = entry { $index } does not stand in that log as it stands here.
proof-fault-entry = what stands there as entry { $index } is no entry.
opened-receipt = { $file }: opened.
exported = { $count ->
    [one] 1 entry in { $file }.
   *[other] { $count } entries in { $file }.
}
streamed = { $count ->
    [one] 1 entry sent.
   *[other] { $count } entries sent.
}

receipt-strange_key = The key that was given is neither the host’s nor the broker’s in the receipt.
receipt-left_out = Entry { $index } of this log is of the visit, and the receipt leaves it out.
receipt-other_digest = Entry { $index } of this log says that the broker signed another receipt of this visit.
receipt-other_session = The receipt is not of the visit that it was said to be of.
receipt-other_log = The receipt is of another log than this.
receipt-log_differs = Entry { $index } of this log is not the one that the receipt shows.
receipt-log_lacks = Entry { $index } of the receipt is missing in this log.
receipt-log_rewritten = One of the first { $size } entries of this log is not what it was when the receipt was made.
export-title = Log { $log } of { $side }
export-copy-title = Copy { $copy } of the broker’s log
export-number = Entry
export-when = Time (UTC)
export-suspect = Clock suspect
export-event = Event
export-outcome = Outcome
export-what = What happened
export-fields = Fields
export-nothing = The content of this entry was let go or cannot be read; its hash stays.

## Faults of a receipt

receipt-fault-unreadable = This is no receipt of a form that is known here: it was damaged or altered.
receipt-fault-other_host_key = The host’s key that was given is not the one in the receipt.
receipt-fault-other_broker_key = The broker’s key that was given is not the one in the receipt.
receipt-fault-host_checkpoint = The host’s checkpoint is not signed by the host’s key.
receipt-fault-broker_checkpoint = The broker’s checkpoint is not signed by the broker’s key.
receipt-fault-entry_not_proven = Entry { $index } does not stand in the host’s log as it stands in the receipt.
receipt-fault-entry_unreadable = Entry { $index } cannot be read.
receipt-fault-other_visit = Entry { $index } is of another visit, another person or another host.
receipt-fault-out_of_order = Entry { $index } stands in the wrong place, or twice.
receipt-fault-incomplete = The beginning or the end of the visit is missing, or is there twice.
receipt-fault-request_missing = The request that entry { $index } answers is missing.
receipt-fault-end_not_proven = The broker’s log does not show the end of this visit.
receipt-fault-request_not_signed = Entry { $index } was not signed by the technician’s device.
receipt-fault-answer_not_signed = Entry { $index } was not signed by the host.
receipt-fault-words_differ = The words in entry { $index } are not those that were asked or shown.
receipt-fault-files_differ = The list of files is not that of the entries.
receipt-fault-other_device = The device’s key in the receipt is not the one that was verified.
receipt-fault-not_signed_by_host = The host did not sign this receipt.
receipt-fault-not_signed_by_broker = The broker did not sign this receipt.

## Receipts

receipt-title = Receipt of a support visit
receipt-lead = { $name } of { $company } visited { $instrument }.
receipt-lead-nobody = Somebody tried to visit { $instrument }. Nobody was let in.
receipt-verdict-good = Checked when this page was made: every line below is proven, and both sides signed.
receipt-verdict-bad = Do not rely on this page yet. When it was made, this was found:
receipt-nothing-asked = Nothing was asked, and nothing was allowed.
receipt-heading-visit = The visit
receipt-heading-parties = Who took part
receipt-heading-requests = What was asked and answered
receipt-heading-files = Files
receipt-heading-no-files = No file went either way.
receipt-file = { $name } ({ $way }, { $size } bytes, SHA-256)
receipt-heading-faults = What was found
receipt-heading-order = Everything in its order
receipt-heading-proof = How this can be proven
receipt-heading-entry = Entry
receipt-heading-time = Time
receipt-heading-what = What happened
receipt-foot = This page is for reading. The proof is the receipt’s file, which chaperone-audit checks without a network.
receipt-code-shown = Code shown
receipt-return-opened = Way back opened
receipt-begun = Visit begun
receipt-ended = Visit ended
receipt-cause = How it ended
receipt-duration = Duration
receipt-minutes = { $minutes } min { $seconds } s
receipt-session = Visit number
receipt-why = Reason given
receipt-role-technician = Technician
receipt-role-host = Instrument PC
receipt-role-broker = Support service
receipt-not-proven = Not proven
receipt-company = Company
receipt-id = Number
receipt-id-given = Number given
receipt-device = Device’s fingerprint
receipt-site = Site
receipt-fingerprint = Key’s fingerprint
receipt-vendor = Vendor
receipt-asked-at = Asked
receipt-words = In their own words
receipt-shown = What the person read, word for word (language: { $language })
receipt-answered-at = Answered
receipt-answered-by = Answered by
receipt-stated = account “{ $account }”, name “{ $name }” (as stated, not verified)
receipt-stated-account = account “{ $account }” (as stated, not verified)
receipt-reason = Why
receipt-at-most = For at most
receipt-withdrawn-at = Taken back
receipt-suspect = { $time } (clock not sure)
receipt-log-host = Log of the instrument PC
receipt-log-broker = Log of the support service
receipt-root = Root
receipt-entries = { $origin }, { $count } entries
receipt-no-checkpoint = cannot be read
receipt-entry-broker = Entry with the visit’s end in the service’s log
receipt-signed-host = Signed by the instrument PC
receipt-signed-broker = Signed by the support service
receipt-digest = SHA-256 of the receipt
receipt-line-code_shown = A code was shown (ticket { $ticket }, valid for { $seconds } s).
receipt-line-return_opened = After the restart { $technician_id } could come back for { $seconds } s (ticket { $ticket }).
receipt-line-code_tried = A wrong code was entered; { $tries_left } tries were left.
receipt-line-code_over = The code was worth nothing any more. { $reason_is ->
    [none] The person took it back.
   *[other] { $reason }
}
receipt-line-session_offered = { $technician_id } entered the first half of the code: { $purpose }, case “{ $case_reference }”.
receipt-line-agreement_run = The second half of the code { $reason_is ->
    [none] was right: both ends agreed on a key.
   *[other] was wrong, or the run was broken off. { $reason }
}
receipt-line-identity_proven = { $technician_id } proved to be { $name }, { $company }.
receipt-line-admission_step = { $reason_is ->
    [none] Rule { $step } of admission was met.
   *[other] Rule { $step } of admission was not met. { $reason }
}
receipt-rules-met = Rules { $first } to { $last } of admission were met.
receipt-line-asked = Request { $ask }: to { $permission }.
receipt-line-prompt_shown = Request { $ask }: the person was asked.
receipt-line-answered = Request { $ask }: { $answer }.
receipt-line-withdrawn = Request { $ask }: the permission to { $permission } was taken back.
receipt-line-injector_blocked = Request { $ask }: an “Allow” came from a program, not from a person, and did not count.
receipt-line-capture_started = The screen is shown ({ $width } × { $height }).
receipt-line-capture_paused = Nothing is shown or controlled for now.
receipt-line-capture_resumed = The screen is shown again.
receipt-line-capture_stopped = The screen is no longer shown.
receipt-line-watch_asked = A code for a second person who only watches was asked for at this PC.
receipt-line-watch_begun = { $name }, { $company } watches too, and can do nothing else (visit { $watcher_session }).
receipt-line-watch_over = The second person watches no longer (visit { $watcher_session }).
receipt-line-input_started = The technician’s mouse and keyboard reach this PC.
receipt-line-input_stopped = The technician’s mouse and keyboard reach this PC no more.
receipt-line-visit_paused = The person paused the visit: nothing is shown or controlled.
receipt-line-visit_unpaused = The person let the visit go on.
receipt-line-restart_begun = Request { $ask }: the PC restarts in { $seconds } s unless somebody stops it.
receipt-line-restart_not_waiting = Request { $ask }: the time before the restart is over.
receipt-line-restart_ordered = Request { $ask }: the system was told to restart; { $technician_id } may come back within { $seconds } s, and is asked for anew.
receipt-line-restart_failed = Request { $ask }: the PC did not restart. { $reason }
receipt-line-visit_suspended = The support service was not heard: nothing is shown or controlled.
receipt-line-visit_parted = The connection was cut: nothing is shown or controlled.
receipt-line-visit_rejoined = Both sides are back, and the visit goes on.
receipt-line-visit_resumed = The support service is heard again.
receipt-line-refusal = Refused: { $about }. { $reason }
receipt-line-session_ended = The visit is over. { $cause }

## Host: windows and terminal of the desk

desk-title = Chaperone
desk-get-help = Get help
desk-call = { $name }, { $company }: { $purpose }, case { $case }
desk-calls-title = { $count ->
    [one] Please call your support
   *[other] Please call your support: { $count } requests
}
desk-calls-what = Call the number you know, and press “Get help” when you are asked to. This notice opens nothing.
desk-calls-what-no-keys = Call the number you know. This notice opens nothing.
desk-calls-read = Understood
desk-get-help-hint = Press this and read the code to your support agent on the telephone.
desk-this-pc = This PC: { $name }
desk-vendor = Support by: { $vendor }
desk-fingerprint = Fingerprint of this PC: { $fingerprint }
online-connecting = Connecting to the support service…
online-ready = Ready
online-new = Enrolled. The support service has not listed this PC yet.
online-refused = The support service does not accept this PC.
online-doubted = Visits are stopped for now.
desk-code-title = Your support code
desk-code-read = Read this to the support agent on the telephone.
desk-code-nobody = Nobody can see your screen before you say yes here.
desk-code-left = Valid for { $minutes }:{ $seconds }
desk-code-cancel = Cancel
desk-attempt = Somebody entered a wrong code. { $left ->
    [one] { $left } try left.
   *[other] { $left } tries left.
}
desk-code-over = This code is worth nothing any more.
desk-code-new = New code
desk-admitted = Code accepted. Checking who is asking…
desk-prompt-title = Chaperone asks for your permission
desk-prompt-left = { $seconds ->
    [one] { $seconds } second to answer. No answer means no.
   *[other] { $seconds } seconds to answer. No answer means no.
}
desk-allow = Allow
desk-refuse = Refuse
desk-allow-file = This file
desk-allow-all-files = All files this session
desk-files-title = Chaperone: files on their way
desk-file-file_to_host = Receiving: { $name }
desk-file-file_from_host = Sending: { $name }
desk-file-progress = { $percent } % · { $rate } MB/s
desk-file-left = { $progress } · { $minutes }:{ $seconds } left
desk-file-waits = Waiting for the line. It goes on by itself when the line is back.
desk-file-cancel = Cancel
desk-pick-reading = Computing its SHA-256: { $percent } %
desk-pick-title = What to send
desk-pick-folder = Choose a folder…
desk-pick-file = Choose a file…
desk-restart-title = This PC restarts
desk-restart-left = { $seconds ->
    [one] { $seconds } second left.
   *[other] { $seconds } seconds left.
}
desk-restart-save = Save what is open, and check that no measurement is running.
desk-restart-stop = Cancel the restart
desk-returning-title = This PC was restarted
desk-returning-who = { $technician }, { $company } may come back.
desk-returning-asked = You are asked again before anybody sees this screen.
desk-returning-left = For { $minutes }:{ $seconds } more
desk-returning-nobody = Nobody else can use this, and nobody can see your screen before you say yes here.
desk-returning-cancel = Refuse the return
desk-prompt-injected = Only the mouse or keyboard at this PC can allow this.
desk-prompt-unproven = This PC cannot tell a person’s press from a program’s, so this cannot be allowed here.
desk-banner-title = Chaperone: visit in progress
desk-banner = { $technician }, { $company } is { $state } · { $clock }
desk-banner-ending = { $technician }, { $company } is { $state } · ends in { $seconds } s
desk-banner-idle = { $technician } · no activity · ends in { $seconds } s
banner-direct = { $state }, within this network
banner-viewing = VIEWING
banner-controlling = CONTROLLING
banner-asked = CONNECTED, sees nothing
banner-paused = PAUSED by you, sees nothing
banner-waiting = WAITING for you
banner-suspended = DISCONNECTED, sees nothing
banner-unmasked = PAUSED, a privacy mask cannot be placed, sees nothing
banner-locked = PAUSED while the screen is locked, sees nothing
desk-send-clipboard = Send clipboard
desk-end = End
desk-end-hint = End the visit now (Ctrl+Alt+End)
desk-second = 2nd person
desk-second-hint = Let a second person watch: you read them a code of their own, and are asked before they see anything
desk-second-title = Let a second person watch
desk-second-what = Read this code to the second person: the support agent’s supervisor or trainer, say. They will see what the support agent sees, and can do nothing else. You are asked first.
desk-second-watching = { $name }, { $company } is WATCHING too
desk-second-stop = Stop watching
desk-second-stop-hint = Stop { $name } watching. The visit goes on
desk-second-nobody = No second person watches.
desk-take-back = Take back control
desk-take-back-hint = Mouse and keyboard are yours alone again (Ctrl+Alt+Insert)
desk-take-back-more = Take back…
desk-take-back-more-hint = Take back one of the things you allowed
desk-pause = Pause
desk-pause-hint = Nothing is shown or controlled until you continue (Ctrl+Alt+Pause)
desk-resume = Continue
desk-resume-hint = Let the visit go on
desk-keep-open = Keep open
desk-keep-open-hint = The visit goes on though nobody has done anything for a while
desk-summary-title = The visit is over
desk-summary-close = Close
desk-banner-messages = { $unread ->
    [0] Messages
   *[other] ● Messages: { $unread } new
}
desk-banner-messages-short = { $unread ->
    [0] Messages
   *[other] ● { $unread }
}
desk-chat-title = Messages with { $technician }
desk-chat-told = What was written in this visit
desk-chat-field = Write a message. Enter sends it.
desk-chat-send = Send
desk-chat-close = Close
desk-chat-you = You
desk-chat-too-long = This message is too long. Send it in parts.
desk-chat-injected = Only the keyboard and mouse at this PC can write here.
desk-chat-closed = Nothing more can be written in this visit. { $reason }
desk-terminal-chat = You can write to { $technician }: m, a blank, your message, Enter.
desk-terminal-keys = h + Enter: get help   c + Enter: cancel the code   r + Enter: put away a request to call   p + Enter: pause or continue   w + Enter: let a second person watch, or stop them   t + Enter: take back control   e + Enter: end the visit
desk-terminal-no-keys = No keyboard here: nothing can be pressed, and prompts run out unanswered.
desk-terminal-idle = Nobody has done anything for a while: the visit ends in { $seconds } s. k + Enter: keep it open
desk-terminal-allow-word = allow
desk-terminal-answer = Type “{ $word }” and Enter to allow. Anything else, or Enter alone, refuses.
desk-terminal-answer-all = { $how } Type “{ $word }” to allow every file until the visit ends.
desk-terminal-all-word = all
desk-terminal-file-keys = Type “x” and Enter to cancel this file.
desk-terminal-answered-pick = You chose: { $path }. Its SHA-256 is being computed.
desk-terminal-pick = Type the full path of the file or folder and Enter to choose it; anything else refuses.
desk-terminal-restart-keys = Type “s” and Enter to stop the restart.
desk-terminal-restart-over = The countdown is over.
desk-terminal-returning-keys = Type “c” and Enter if they shall not come back.
desk-terminal-too-early = That was too early: read first, then answer.
desk-terminal-answered-allow = You allowed it.
desk-terminal-answered-allow_all = You allowed all files of this visit.
desk-terminal-answered-refuse = You refused.
desk-terminal-unknown = Not a key of this program.

## Prompts

prompt-view = { $name } of { $company } asks to see this screen.
prompt-watch = { $name } of { $company } asks to watch { $technician } on this screen.
prompt-control = { $name } of { $company } asks to use mouse and keyboard here.
prompt-file_to_host = { $name } of { $company } asks to send a file to this PC.
prompt-file_from_host = { $name } of { $company } asks you to send them a file from this PC.
prompt-clipboard_to_host = { $name } of { $company } asks to put text into the clipboard here.
prompt-clipboard_from_host = { $name } of { $company } asks for text that you copy here.
prompt-restart = { $name } of { $company } asks to restart this PC.
prompt-who = Who: { $name }, { $company }. Checked against the list that the support service’s security officer signed.
prompt-instrument = Instrument: { $instrument }
prompt-why = Why: { $purpose }, case { $case }
prompt-words = In their own words: “{ $words }”
prompt-means-view = If you allow it: they see everything on this screen, as you see it, until you end the visit.
prompt-means-watch = If you allow it: they see everything on this screen as long as the support agent does. They can never do anything here; you can stop them alone.
prompt-means-control = If you allow it: they can click and type as you can, on this screen. You see everything they do.
prompt-means-file_to_host = If you allow it: it is put into the folder “Chaperone” of this PC under a name of its own, never over another file. Nothing opens, unpacks or runs it.
prompt-means-file_from_host = If you allow it: they receive a copy of exactly this, as it is now.
prompt-means-restart = If you allow it: this PC restarts after { $seconds } seconds, and you can cancel until then. Whatever is not saved is lost, and a measurement of the instrument that is running may be interrupted: save and look first.
prompt-not-run = Not allowed by this: opening or running the file, writing anywhere else on this PC.
prompt-not-read = Not allowed by this: reading any file of this PC.
prompt-not-other-files = Not allowed by this: reading any other file, or looking into folders.
prompt-not-see-again = Afterwards the same person may come back for ten minutes, but sees nothing before you are asked again and say yes.
prompt-file-name = File: { $name }
prompt-file-folder = Kind: folder with { $files ->
    [one] { $files } file
   *[other] { $files } files
}
prompt-file-kind = Kind: { $kind }
prompt-file-size = Size: { $size } ({ $bytes } bytes)
prompt-file-digest = SHA-256: { $digest }
prompt-file-program = This kind of file (.{ $kind }) can run as a program when somebody opens it. Allow it only if you expect it.
prompt-means-clipboard_to_host = If you allow it: what they send replaces what is in this PC’s clipboard. Nothing is typed; you paste it where you want it.
prompt-means-clipboard_from_host = If you allow it: when they ask, you can press “Send clipboard” in the bar. Only text that was copied from now on is sent, and only then.
prompt-not-clipboard = Not allowed by this: reading what is in the clipboard now, taking or sending files, coming back later.
prompt-file-left-out = Left out of the folder, because they are no plain files or have names that cannot be sent: { $count }
prompt-pick-file_from_host = Choose the file or folder yourself. Choosing sends nothing: you are asked once more, with its name and SHA-256.
prompt-not-control = Not allowed by this: using mouse or keyboard, taking or sending files, reading the clipboard, coming back later.
prompt-not-files = Not allowed by this: taking or sending files, reading the clipboard, coming back later.
prompt-not-prompts = They cannot answer Chaperone’s questions for you.
prompt-end-any-time = You can end the visit at any moment.
summary-who = Visitor: { $name }, { $company }
summary-duration = Duration: { $minutes }:{ $seconds }
summary-answer = Asked to { $permission }: { $answer }
summary-log = Everything that was asked and answered is in this PC’s log.

## Policy documents

policy-fault = { $file }, line { $line }: { $what }
policy-fault-in-rule = { $file }, line { $line }, rule “{ $rule }”: { $what }
policy-fault-not_toml = This is not TOML: { $found }.
policy-fault-too_long = The document is too long: { $found }, and at most { $wanted } are read.
policy-fault-unknown_key = “{ $found }” is no key here. There are: { $wanted }.
policy-fault-key_missing = “{ $found }” is missing.
policy-fault-wrong_type = “{ $key }” has to be { $wanted ->
    [table] a table
    [tables] a list of tables, each under its own [[{ $key }]]
    [list] a list
    [number] a whole number
    [date] a date or a date with a time, without quotes
   *[text] a text in quotes
}, and here is { $found }.
policy-fault-out_of_bounds = “{ $key }” is { $found } and has to be within { $wanted }.
policy-fault-not_plain = “{ $key }” has blanks at its ends or signs that cannot be seen: { $found }.
policy-fault-not_in_list = “{ $key }” cannot be “{ $found }”. It can be: { $wanted }.
policy-fault-names_nothing = “{ $key }” is empty and would fit nothing. Fill it in, or remove it.
policy-fault-said_twice = “{ $key }” names { $found } twice.
policy-fault-name_taken = The rule on line { $found } has this name already.
policy-fault-not_hours = “{ $key }” has to look like 08:00-18:00, and here is “{ $found }”.
policy-fault-hours_backwards = “{ $key }” ends before it begins: { $found }. Write a night as two: 22:00-24:00 and 00:00-06:00.
policy-fault-not_a_minute = “{ $key }” has to be a whole minute of the wall clock, without a zone of its own: { $found }.
policy-fault-dates_backwards = “{ $key }” ends before it begins.
policy-fault-zone_unknown = There is no time zone “{ $found }”. Write it as in Europe/Paris.
policy-fault-mask_unclear = A mask names windows (“title”, “window_class”, “program”) or a “region”: one of the two, and not both.
policy-fault-not_a_range = “{ $key }” has to look like 10.0.0.0/8: the first address of the range, and how many bits are fixed. Here is “{ $found }”.
policy-fault-range_closed = “{ $key }” names { $found }, which holds addresses of this machine itself, of one cable or of everybody at once. Content never goes there.
policy-fault-site_alone = “{ $key }” is for the site alone to say. A vendor can keep content on the relay with [relay_only].
policy-mask = Hidden from every technician: “{ $rule }” ({ $file }, line { $line }).
policy-direct = Content here: { $mode ->
    [never] over the broker, sealed. There is no direct path.
    [allow] directly between { $ranges }, or sealed over the broker while the direct path does not stand.
    [only] directly between { $ranges }, and never over the broker.
   *[no_way] nowhere, as one word closes the way over the broker and another the direct path. Nobody can visit.
}
policy-direct-word = { $says ->
    [allow] { $file } says direct = "allow".
    [only] { $file } says direct = "only".
    [relay_only] { $file } names this instrument under [relay_only].
   *[never] { $file } says direct = "never", or nothing, which is the same.
}

policy-unknown = { $file }, line { $line }, rule “{ $rule }”: the signed documents know no “{ $found }”, so this fits nobody.

policy-asked = { $technician } asks { $host } to { $permission }, { $moment }.
policy-conclusion-allowed = Allowed, if the person at the instrument says yes.
policy-conclusion-denied = Refused. { $reason }
policy-until = It ends by time alone at { $moment }.
policy-training-allowed = The training for this region is valid.
policy-training-denied = There is no valid training for this region.
policy-listed-allowed = The signed documents list the instrument.
policy-listed-denied = The signed documents do not list the instrument.
policy-black_out-allowed = No black-out.
policy-black_out-denied = Black-out “{ $rule }” ({ $file }, line { $line }): { $text }
policy-group-allowed = The instrument’s group is one of the technician’s.
policy-group-denied = The instrument’s group is none of the technician’s.
policy-phi-allowed = Health data do not close this here.
policy-phi-denied = There may be health data at this instrument, so this is closed whatever any rule says.
policy-offered-allowed = This version can do it.
policy-offered-denied = This version cannot do it.
policy-vendor-allowed = The vendor allows it by rule “{ $rule }” ({ $file }, line { $line }).
policy-vendor-denied = The vendor denies it by rule “{ $rule }” ({ $file }, line { $line }).
policy-vendor-closed = The vendor’s rule “{ $rule }” ({ $file }, line { $line }) would allow it, but not at this time.
policy-vendor-silent = No rule of the vendor allows it ({ $file }).
policy-site-allowed = The site allows it by rule “{ $rule }” ({ $file }, line { $line }).
policy-site-denied = The site denies it by rule “{ $rule }” ({ $file }, line { $line }).
policy-site-closed = The site’s rule “{ $rule }” ({ $file }, line { $line }) would allow it, but not at this time.
policy-site-silent = No rule of the site allows it ({ $file }).
policy-carrier-allowed = Content has a way to travel.
policy-carrier-denied = The site lets content go directly only, and this would have to go over the broker.
policy-carrier-silent = Content has no way to travel: one word closes the way over the broker, and another the direct path.

## Host

terms-version = 2026-11
terms-title = Before this PC may be supported
terms-body =
    Chaperone lets a support agent of { $vendor } see this PC’s screen, and use its mouse and keyboard, only while somebody
    at this PC has said yes to exactly that. Every request and every answer is recorded here and at the support service.
    Nobody can connect without a code that is made here. You can remove Chaperone at any time.
terms-data-title = This is all that can leave this PC:
terms-data-1 = Its name, model, site and public key, and whether it may hold health data.
terms-data-2 = That it is on line, and that somebody asked for help.
terms-data-3 = During a visit, each after a yes of its own: pictures of the screen, and files that somebody here picked. Both are sealed so that only the support agent’s browser can open them.
terms-data-4 = Each request and answer: who, when, which permission, which account was logged in here. No names of files, no keystrokes.
terms-data-5 = The text of each prompt as it was shown, sealed for the support agent alone.
terms-egress = It talks to one address only: { $target } (TLS, outbound). It listens on no port.
terms-accept = Type the name of the administrator who accepts this for { $host }, or leave it empty to stop:

## Console

console-loading = One moment…
console-broken = This console is not set up correctly: its settings cannot be read. Tell whoever looks after it.
console-unreachable = The support service does not answer. Check your network and try again.
console-language = Language
console-sign-out = Sign out
console-sign-out-everywhere = Sign out everywhere
console-continue = Continue
console-cancel = Cancel
console-retry = Try again now
console-use-here = Use this one
console-back = Back to my instruments

console-sign-in-title = Sign in
console-sign-in-lead = For support agents. Have your authenticator app at hand.
console-sign-in-name = Name you sign in with
console-password = Password
console-totp = Code from your authenticator app
console-totp-hint = Six digits. Each code works once.
console-sign-in = Sign in

console-invitation-title = Welcome to Chaperone
console-invitation-for = Invitation for { $name }, { $company }.
console-step-password = Password
console-step-factor = Second factor
console-step-device = This browser
console-new-password = Choose a password
console-new-password-again = The same password again
console-passwords-differ = These two are not the same yet.
console-show-password = Show what I type
password-short = At least { $shortest } characters. Several words are easier to remember than signs.
password-long = This is longer than anybody can use. Make it shorter.
password-simple = Too few different characters. Use words instead.
password-close = Too close to your own name. Use words that have nothing to do with you.
password-classes = Small letters, capitals, digits and other signs have to be in it together.
password-good = Good enough.
console-factor-scan = Scan this with your authenticator app, then enter the code that it shows. You see this once.
console-factor-qr = QR code for your authenticator app
console-factor-secret = If you cannot scan it, type this key into the app:
console-device-title = One last thing: tell your supervisor
console-device-read = Read this to your supervisor, who compares it and has it signed. Until then this browser cannot be used.
console-device-why = It is the fingerprint of a key that never leaves this browser. Nobody can act as you from another one.
console-device-done = I have read it out
console-device-none = You have no key in this browser. Use the browser in which you accepted your invitation, or ask for a new invitation.
console-fingerprint = Fingerprint of this browser’s key

console-call = Ask for a call
console-call-at = Ask for a call at { $instrument }
console-call-lead = The people at this instrument read your name and the reason, now or when the PC is switched on. Nothing is opened: they call you, and press “Get help”.
console-call-send = Ask
console-call-sending = Asking …
console-call-waiting = It waits for the PC at the instrument, for a day at most.
console-call-shown = It stands on the screen at the instrument.
console-instruments = My instruments
console-instruments-none = No instrument is assigned to you yet. An administrator can change that.
console-phi = Health data
link-connecting = Connecting to the support service…
link-open = Connected. The support service has proven itself.
link-lost = Not connected. Trying again by itself.
link-replaced = You use Chaperone in another tab or window now, so this one has stopped.
control-version = The support service speaks another version than this page. Reload the page; if that does not help, tell whoever looks after it.
control-no-documents = The support service has no signed documents yet. The security officer has to publish them.
control-documents-invalid = The documents are not those that were signed. This support service is not used; report this.
control-documents-stale = The signed documents are older than before, or have expired. They have to be signed and published anew.
control-broker-unproven = The support service could not prove that it is the right one. It is not used; report this.

console-log-seen = Its log of { $entries } entries fits to what this browser saw before.
console-log-title = Alarm: the support service’s log was changed
console-log-lead = Every visit is recorded in a log that can only grow. What the support service shows of it now does not fit to what this browser saw before.
console-log-sizes = It had { $held } entries then, and now { $given }.
console-log-what = Tell an administrator in person or on the telephone, not through this service, and pass on both texts below: they prove it. No visit begins from this browser until then.
console-log-held = What this browser saw before
console-log-given = What it was shown now
console-log-nothing = Nothing yet.
console-log-copy = Copy
console-log-copied = Copied
console-log-believe = I have told the administrator. Believe this log from now on.

console-help-title = Help somebody
console-help-lead = Ask the person at the instrument to press “Get help” and read you the code.
console-code = Support code
console-code-hint = The last four characters stay in this browser. O and 0, I and 1 may be mixed up.
console-purpose = Reason
console-case = Your case reference
console-words = In your own words
console-words-hint = The person at the instrument reads this. Nobody in between can. You may leave it empty.
console-claim = Ask to help
console-claiming = Checking the code…
console-factor-title = Confirm your second factor
console-use-recovery = Use a recovery code
console-use-app = Use the authenticator app
console-recovery-code = Recovery code
console-recovery-code-hint = Sixteen letters and digits from your sheet. Each code works once.
console-recovery-title = Recovery codes
console-recovery-why = Each of these lets you in once if you lose your authenticator app. You see them this once: print them, or keep them in a password manager, not beside your password.
console-recovery-copy = Copy
console-recovery-print = Print
console-recovery-copied = Copied.
console-recovery-left = { $left ->
    [0] None is left. Make new ones.
    [one] One is left.
   *[other] { $left } are left.
}
console-recovery-used = { $left ->
    [0] You signed in with your last recovery code. Make new ones and set up your authenticator app under “My account”.
    [one] You signed in with a recovery code; one is left. Set up your authenticator app under “My account”.
   *[other] You signed in with a recovery code; { $left } are left. Set up your authenticator app under “My account”.
}
console-recovery-new = Make new recovery codes
console-recovery-made = These are your new codes. The earlier ones are worth nothing.
console-trail-open = Log
console-trail-title = Log
console-trail-lead = What happened, as far as it concerns you and what you may see. That somebody looked is in the log too.
console-trail-since = From
console-trail-until = Until
console-trail-person = Person
console-trail-device = Instrument
console-trail-kind = Kind of event
console-trail-look = Show
console-trail-all = Show everything
console-trail-unclear = Nobody can tell who or what is meant. Choose from the list, or type the identifier, which begins with t- or h-.
console-trail-empty = Nothing in the log fits to this.
console-trail-count = { $count ->
    [one] 1 entry, newest first
   *[other] { $count } entries, newest first
 }
console-trail-newest = Newest
console-trail-older = Older
console-trail-when = Time
console-trail-what = What happened
console-trail-number = Entry
console-trail-refused = refused
console-trail-ended = ended
console-trail-suspect = clock uncertain
console-trail-only = Show only this kind
console-copy-title = Take a copy away
console-copy-lead = Of the entries that the filter lets pass, up to this moment. Somebody else has to approve it; then you can fetch it once, within a day.
console-copy-form = Form
console-copy-jsonl = JSON lines, for programs
console-copy-csv = Table (CSV)
console-copy-html = Page (HTML)
console-copy-pdf = To print (PDF)
console-copy-propose = Propose a copy
console-copy-proposed = Proposed. Ask somebody who may to approve it here.
console-copy-own = Copies that you proposed
console-copy-one = { $form }
console-copy-fetch = Fetch
console-copy-fetched = The copy was handed out.
console-copy-waiting = Copies that others want to take away
console-copy-of = { $form }, proposed by { $name }
console-copy-everything = Everything within that person’s reach
console-copy-approve = Approve
console-copy-approved = Approved.
console-copy-decline = Decline
console-copy-declined = Declined.
documents-older = The signed documents are of an earlier version of Chaperone: { $file } names no key of an auditor. Whoever signs for the vendor runs “chaperone-keys auditor set” (or “auditor none”), then “chaperone-keys publish”. A host that kept the old ones takes the new ones after its folder “documents” was removed.
console-own-open = My account
console-own-title = My account
console-password-now = Your password now
console-password-change = Change the password
console-password-changed = Your password is changed. Wherever else you were signed in, you are not any more.
console-app-title = Authenticator app
console-app-new = Set up another app
console-app-replaced = From now on the new app counts.

visit-step-waiting = Connect
visit-step-agreeing = Check the code
visit-step-asking = Ask the person
visit-opening = Opening the connection…
visit-waiting = The first half of the code was right. Waiting for the instrument…
visit-agreeing = Checking the second half of the code with the instrument…
visit-retype = The second half was wrong. { $left ->
    [0] No try is left.
    [one] { $left } try left.
   *[other] { $left } tries left.
}
visit-proving = The code is right. Both sides prove who they are…
visit-asking = The person at the instrument is being asked whether you may see the screen. They have a minute to answer.
visit-viewing = Viewing
visit-controlling = Controlling
visit-held = Waiting for the person
visit-reconnecting = Disconnected
visit-reconnecting-long = The connection was cut. Nothing is shown or controlled. It is being tried again for up to 90 seconds; what was allowed stays allowed.
visit-paused = Paused
visit-paused-long = The picture is paused at the instrument. Nothing you do arrives there.
visit-carrier-direct = Content goes directly to the instrument
visit-carrier-relay = Content goes over the support service
visit-carrier-waiting = Content waits for a direct connection
visit-carrier-waiting-long = Content may go directly to the instrument only, and there is no direct connection now. Until there is, nothing new is shown and nothing you do arrives.
console-retype = Last four characters
console-retype-hint = Have them read out again, letter by letter.
console-elapsed = Time in this visit
console-scale-actual = Actual size
console-scale-fit = Fit to window
console-monitors = Monitors
console-monitors-all = All
console-monitors-all-long = Show all monitors
console-monitor = Show monitor { $number }
console-monitor-first = Show monitor { $number }, the main one
console-chat-open = { $unread ->
    [0] Messages
   *[other] ● Messages: { $unread } new
}
console-chat-title = Messages
console-chat-lines = What was written in this visit
console-chat-you = You
console-chat-field = Write to the person at the instrument
console-chat-send = Send
console-chat-too-long = This message is too long. Send it in parts.
console-chat-apart = Nothing reaches the instrument just now. Send it again when the connection is back.
console-chat-closed = Nothing can be written in this visit. { $reason }
console-clipboard-open = Clipboard
console-clipboard-title = Clipboard
console-clipboard-ask-to = Ask to put text into their clipboard
console-clipboard-ask-from = Ask for text they copy
console-clipboard-asking = The person at the instrument is being asked.
console-clipboard-refused = Not allowed: { $reason }
console-clipboard-withdrawn = This was taken back. You can ask again.
console-clipboard-paste = Paste to host
console-clipboard-field = Or press Ctrl + V here
console-clipboard-put-sent = On its way…
console-clipboard-put-there = { $letters } characters are in the instrument’s clipboard. Nothing was typed.
console-clipboard-put-refused = It could not be put into the instrument’s clipboard.
console-clipboard-put-too_long = This text is too long. Send it in parts.
console-clipboard-put-nothing = There is no text to paste.
console-clipboard-put-denied = Your browser did not let this page read the clipboard. Press Ctrl + V in the field.
console-clipboard-fetch = Fetch
console-clipboard-fetch-asked = The person sees “Send clipboard” now. Ask them to copy the text and to press it.
console-clipboard-fetch-here = This was copied at the instrument:
console-clipboard-copy = Copy
console-clipboard-copied = Copied.
console-clipboard-away = Put away
clipboard-missing-1 = Nothing was copied there since it was allowed. Ask the person to copy the text, then fetch again.
clipboard-missing-2 = What is in the clipboard there is no text.
clipboard-missing-3 = What is in the clipboard there is too long.
clipboard-missing-4 = The person did not send it.
console-control = Request control
console-files = Files
console-closed = Closed in this visit: { $what }. { $reason }
closed-control = mouse and keyboard
closed-files = files
closed-file_to_host = files to the instrument
closed-file_from_host = files from the instrument
closed-clipboard = clipboard
closed-clipboard_to_host = text into their clipboard
closed-clipboard_from_host = text from their clipboard
closed-restart = restart
console-files-drop = Drop files or folders here to send them to the instrument PC. The person there is asked for each.
console-files-pick = Choose files…
console-files-pick-folder = Choose a folder…
console-files-clear = Clear finished
console-file-progress = Progress of { $name }
console-file-cancel-one = Cancel { $name }
console-file-rate = { $rate } MB/s
console-file-left = { $rate } · { $left } left
console-file-kb = { $size } kB
console-file-mb = { $size } MB
file-hashing = Computing its SHA-256
file-waiting = Waiting for its turn
file-asking = The person at the instrument is being asked
file-moving = On its way
file-parted = Waiting for the line; it goes on by itself
file-done = Arrived whole
console-files-need = From the instrument PC
console-files-need-ask = Ask for it
console-file-save = Save { $name } again
console-save-again = Save again
file-picking = The person at the instrument chooses it, and is asked
file-checking = Checking its SHA-256
way-file_to_host = To the instrument PC
way-file_from_host = From the instrument PC
console-control-asking = Asking for control…
console-control-held = You have control
console-end = End
console-keep-open = Keep open
console-view-only = You can see the screen. To use mouse and keyboard, request control.
console-watched = { $name }, { $company } is watching too
console-watching = Watching { $name }
console-watch-how = You watch { $name }, { $company }. You see what they see; your mouse and keyboard do nothing here.
console-watch-end = Stop watching
console-view-only-click = You are only viewing, so this click did nothing. Request control first.
console-control-asking-long = The person at the instrument is being asked whether you may use mouse and keyboard.
console-control-how = Click the picture to type there. Ctrl + Alt + Home leaves the picture.
console-control-refused = No control. { $reason }
console-control-withdrawn = Control was taken back at the instrument. You can still see the screen.
console-restart = Request restart
console-restart-asking = Asking for a restart…
console-restart-waiting = Restart allowed
console-restart-asking-long = The person at the instrument is being asked whether the PC may be restarted.
console-restart-waiting-long = The PC restarts in a moment, unless somebody there stops it. You come back to a new question for the screen.
console-restart-refused = No restart. { $reason }
console-restart-withdrawn = The restart was stopped. You can still see the screen.
console-returning-title = { $host } is restarting
console-returning-waits = You come back by yourself when it is online again and somebody is logged in there, until { $until }. Leave this page open. The person there is asked again before you see anything.
console-returning-claims = It is online again. Coming back…
console-returning-failed = You cannot come back by yourself. Ask the person at the instrument for a new code.
console-returning-drop = Do not come back
console-screen-viewed = Screen of { $host }, view only
console-screen-controlled = Screen of { $host }, under your control
console-keys = Keyboard of the instrument. Ctrl + Alt + Home leaves it.

console-summary-title = Visit at { $host }
console-summary-duration = Duration
console-summary-no-picture = No picture was shown
console-summary-receipt =
    The instrument PC makes a receipt of this visit ({ $session }): what was asked in which words, what was answered, how it ended, and the name and SHA-256 of each file that went. Both logs
    prove each line of it. It lies at the instrument: ask for it there (chaperone-host receipts). Whoever has it and one public key checks it with chaperone-audit verify.
console-summary-refused = { $answer }. { $reason }
answer-open = not answered yet
answer-withdrawn = allowed, then taken back
