"""How it is written down: the single source of every byte that crosses a socket. Pure.

Glossary
    frame       one WebSocket message: a kind byte, then a body (`frames.py`)
    message     a JSON body with a `type` (`schema.py`, `messages/`)
    statement   a message that somebody signed; the signature covers the payload as received (`statements.py`)
    ledger      the statements of a visit: asked, answered, withdrawn, ended
    record      sealed bytes that only the two ends can open (`sealed/`, closed to the broker)
"""
