"""Who is who: keys, their fingerprints, signatures, and the signed documents that say whose key is whose.

Glossary
    documents        what many signers say, each of their own part (docs/keys.md): `updater.Documents` verifies, `view.compose` answers
    signing folder   the keys and the published repository of one party; `chaperone-keys ceremony` makes it
    fingerprint      what two people read to each other to compare a key (`keys.fingerprint`)

The checks take `now` as an argument and touch no file; files are in `updater.py` and `signing_folder.py`, the program in `cli*.py`.
"""
