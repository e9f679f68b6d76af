"""Who is who: keys, their fingerprints, signatures, and the signed directory that says whose key is whose.

Glossary
    documents        what many signers say, each of their own part (docs/keys.md): `updater.Documents` verifies, `view.compose` answers
    signing folder   the keys and the published repository of one party; `chaperone-keys ceremony` makes it
    directory key    the security officer's key; it signs the directory and is on no broker
    directory        who may help, with which devices, at which hosts (wire/messages/documents.py)
    fingerprint      what two people read to each other to compare a key (`keys.fingerprint`)

The checks take `now` as an argument and touch no file; files are in `store.py`, `draft.py`, `updater.py` and
`signing_folder.py`, the program in `cli*.py`.
"""
