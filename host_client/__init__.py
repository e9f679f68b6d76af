"""The instrument side. Two processes, so that what touches the screen holds no key.

Glossary
    guardian   keys, log, documents, sockets, seals, consent and grants; asyncio only
    desk       windows, capture, injection; no key, no network
    link       what the two say to each other over a local socket (`link.py`)
    ability    what one permission lets a technician do (`abilities/`, one file per permission)
    core       the guardian's decisions, without I/O
"""
