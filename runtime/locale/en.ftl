
## Host: windows and terminal of the desk

desk-title = Chaperone
desk-get-help = Get help
desk-get-help-hint = Press this and read the code to your support agent on the telephone.
desk-this-pc = This PC: { $name }
desk-vendor = Support by { $vendor }
desk-fingerprint = Fingerprint of this PC: { $fingerprint }
online-connecting = Connecting to the support service…
online-ready = Ready
online-new = Enrolled. The support service has not listed this PC yet.
online-refused = The support service does not accept this PC.
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
desk-prompt-injected = Only the mouse or keyboard at this PC can allow this.
desk-prompt-unproven = This PC cannot tell a person’s press from a program’s, so this cannot be allowed here.
desk-banner-title = Chaperone: visit in progress
desk-banner = { $technician }, { $company } is { $state } · { $clock }
desk-banner-ending = { $technician }, { $company } is { $state } · ends in { $seconds } s
banner-viewing = VIEWING
banner-controlling = CONTROLLING
banner-asked = CONNECTED, sees nothing
desk-end = End
desk-end-hint = End the visit now (Ctrl+Alt+End)
desk-summary-title = The visit is over
desk-summary-close = Close
desk-terminal-keys = h + Enter: get help   c + Enter: cancel the code   e + Enter: end the visit
desk-terminal-no-keys = No keyboard here: nothing can be pressed, and prompts run out unanswered.
desk-terminal-allow-word = allow
desk-terminal-answer = Type “{ $word }” and Enter to allow. Anything else, or Enter alone, refuses.
desk-terminal-too-early = That was too early: read first, then answer.
desk-terminal-answered-allow = You allowed it.
desk-terminal-answered-refuse = You refused.
desk-terminal-unknown = Not a key of this program.
