"""The broker's decisions, without I/O: events in, commands out. Nothing here knows a socket, a clock or a database.

Two rules
    1. `Record` comes before every widening: an entry that cannot be made durable means that it does not happen
       (LOG_UNAVAILABLE). A narrowing acts first and is recorded after (`Note`).
    2. A refusal to the peer carries only the Reason. What was wrong in detail stands in the log.

`handle(event, now)` yields commands; a command that has an answer gets it through `send()`, so a conversation reads
from top to bottom. Between a command with an answer and the next line anything may have happened elsewhere: whoever
records before widening looks again after.
"""
