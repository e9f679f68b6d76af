"""Who signs for which role: keys that are replaced, taken back or added, and how many of them must sign.

Each function leaves a signing folder as one sound step from before to after, or raises and changes nothing that is published.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from securesystemslib.signer import SSlibKey

from trust.metadata import ROOT, SNAPSHOT, TARGETS, TIMESTAMP, TOP_ROLES, key_id
from trust.publication import Who
from trust.signatures import sound_point
from trust.signing_folder import FolderRefused, SigningFolder


def change_keys(made: SigningFolder, role: str, change: Callable[[Who], Who], now: int) -> None:
    """Let other keys sign for a role, and have it signed by them. Raises FolderRefused, SignaturesMissing."""
    before = _named(made, role)
    after = change(before)
    if not 1 <= after.threshold <= len(after.keys):
        raise FolderRefused(f"{after.threshold} of {len(after.keys)} keys cannot sign for {role}")
    if role in TOP_ROLES:
        # The small signer is one: its keys stand for snapshot and timestamp alike.
        pair = {SNAPSHOT: after, TIMESTAMP: after} if role in {SNAPSHOT, TIMESTAMP} else {role: after}
        made.put_root({**made.roles(), **pair}, now)
    else:
        made.put(TARGETS, made.publication.documents(), now, {**made.delegations(), role: after})
    if role not in {ROOT, SNAPSHOT, TIMESTAMP}:
        made.put(role, made.publication.documents(role), now)
    made.finish(now)
    for gone in {each.keyid for each in before.keys} - {each.keyid for each in after.keys}:
        made.retire_key(role, gone)


def _named(made: SigningFolder, role: str) -> Who:
    try:
        return made.publication.who(role)
    except KeyError:
        raise FolderRefused(f"there is no role {role}; `show` names them") from None


def rotate(made: SigningFolder, role: str, keyid: str, now: int) -> SSlibKey:
    """A new key, made here, in the place of one. `keyid`: its first digits, empty where there is only one."""
    old = one_key(_named(made, role), keyid)
    new = made.make_key(role)
    change_keys(made, role, lambda who: replace(who, keys=tuple(new if each == old else each for each in who.keys)), now)
    return new


def revoke_key(made: SigningFolder, role: str, keyid: str, now: int) -> None:
    """Let a key sign no more. The others must reach the threshold."""
    old = one_key(_named(made, role), keyid)
    change_keys(made, role, lambda who: replace(who, keys=tuple(each for each in who.keys if each != old)), now)


def set_threshold(made: SigningFolder, role: str, threshold: int, now: int) -> int:
    """How many keys must sign; missing ones are made here. Returns how many were made."""
    missing = max(0, threshold - len(_named(made, role).keys))
    new = tuple(made.make_key(role) for _ in range(missing))
    change_keys(made, role, lambda who: Who((*who.keys, *new), threshold), now)
    return missing


def one_key(who: Who, start: str) -> SSlibKey:
    """The key whose id begins so. Raises FolderRefused unless it is exactly one."""
    found = [each for each in who.keys if each.keyid.startswith(start.lower())]
    if len(found) != 1:
        raise FolderRefused(f"{len(found)} keys begin with {start or 'nothing'}; say the first digits of one of: {_ids(who)}")
    return found[0]


def _ids(who: Who) -> str:
    return ", ".join(each.keyid[:12] for each in who.keys)


def sign_everything(made: SigningFolder, now: int) -> list[str]:
    """Sign every role whose keys are here anew, unchanged, so that none expires. Returns those that were.

    A role that needs other signers too comes last, and waits for them: raises SignaturesMissing then.
    """
    made.sign_pending_root()
    signed, shared = list[str](), list[str]()
    for role in (TARGETS, *made.publication.delegated()):
        who = _named(made, role)
        here = {each.public_key.keyid for each in made.signers(role)} & {each.keyid for each in who.keys}
        if len(here) >= who.threshold:
            made.put(role, made.publication.documents(role), now)
            signed.append(role)
        elif here:
            shared.append(role)
    made.finish(now)
    for role in shared:
        made.put(role, made.publication.documents(role), now)
    made.finish(now)
    return signed


def first_to_expire(made: SigningFolder) -> int:
    """When the first signature runs out that the small signer does not renew by itself, seconds since 1970."""
    signed = (made.publication.targets(role) for role in (TARGETS, *made.publication.delegated()))
    moments = [each.expires for each in (made.publication.root(), *signed) if each is not None]
    return int(min(moments).timestamp())


def roles_of(made: SigningFolder) -> Mapping[str, Who]:
    """Every role and who signs for it."""
    return {**made.roles(), **made.delegations()}


def public_key(text: str) -> SSlibKey:
    """A public Ed25519 key from 64 hex digits. Raises FolderRefused."""
    public = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", public) or not sound_point(bytes.fromhex(public)):
        raise FolderRefused("this is no Ed25519 key in hex")
    return SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public})
