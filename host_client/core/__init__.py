"""The host's decisions, without I/O: events go in, commands come out (docs/protocol.md, sections 2 to 6).

Glossary
    code     what the person reads out, with the counters that burn it (`help.py`)
    visit    one session from the broker's offer to its end (`visit.py`)
    run      one try of the key agreement (`agreement.py`)
    request  one *asked*, from its signature to its answer (`requests.py`)

Two rules. Record before every widening: what cannot be made durable does not happen. A narrowing acts first: what is
stopped is stopped before anything waits. Nothing here reads a clock, draws entropy or opens a socket.
"""
