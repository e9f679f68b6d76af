"""The guardian's shell: sockets, files, clock and timers around `host_client.core`. It performs, and decides nothing.

main.py         from settings to a running guardian, and its exit code
shell.py        one event at a time into the core, its commands out
control.py      the control socket, opened again and again
session.py      the session socket of one visit, and the pictures on it
desk_server.py  the Unix socket where the desk comes
logbook.py      the log, and what could not be written yet
texts.py        prompts and summaries from the catalogues
enrol.py        enrolment: terms first, then a socket
"""
