"""The meeting point: it admits, relays and remembers, and can read nothing of a session.

Glossary
    board          who is here, which codes are shown, which visits run (`core/board.py`)
    control socket the one long connection of a host or console; session socket: one end of a visit
    visit          one session between one technician and one host (`core/visits.py`)
    reservation    a right first half holds a ticket for one technician while the ends agree on a key
    sign-in        a technician's browser session, by its cookie (`storage/sign_ins.py`)

core/ decides and performs nothing; web/ holds the only sockets; storage/ the only database.
"""
