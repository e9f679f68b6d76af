"""What is remembered: events, the chain they are kept in, and the program that anyone can check it with.

Glossary
    event    something that happened, one frozen dataclass each (`events/`)
    entry    the canonical bytes of one event and its time, as they stay (`entry.py`)
    leaf     salted hash of one entry; head: hash over all leaves so far (`log.py`)

The core is pure: clock and entropy come as arguments. Only `cli.py` and `stores.py` read files. No event holds a
secret, a picture, a keystroke or the content of a file, and free words stand in the host's log alone.
"""
