"""Who is who: keys, their fingerprints, signatures, and the signed directory that says whose key is whose.

Glossary
    directory key    the security officer's key; it signs the directory and is on no broker
    directory        who may help, with which devices, at which hosts (wire/messages/documents.py)
    fingerprint      what two people read to each other to compare a key (`keys.fingerprint`)

The checks take `now` as an argument and touch no file; files are in `store.py` and `draft.py`, the program in `cli*.py`.
"""
