"""Reads the site's own rules from the administrator's file, and looks once a second whether it changed.

A file that others than its owner can write, or that is no policy, lets nobody in; what is wrong with it is told on this
program's own log of faults, with file and line (`chaperone-policy check` tells the same).
"""

import asyncio
import logging
import os
import stat
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from host_client.core.site_rules import SiteFile
from policy.language import DOCUMENT_MAX, Document, Party
from policy.reading import PolicyRefused, read_policy
from policy.rulebook import Page

LOOK_SECONDS = 1.0
_BYTES_MAX = 4 * DOCUMENT_MAX
_LOG = logging.getLogger(__name__)
Stamp = tuple[int, int, int] | None


def read_site_policy(path: Path) -> SiteFile:
    """The document in this file; without a page if it cannot be used. Raises nothing: what cannot be read lets nobody in."""
    try:
        data = _owners_bytes(path)
    except OSError as fault:
        _LOG.error("site policy %s: %s", path, fault.strerror or fault)
        return SiteFile(bytes(32), None, None)
    digest = sha256(data).digest()
    try:
        document = _site_document(data.decode(), path)
        return SiteFile(digest, document, Page(document, ZoneInfo))
    except PolicyRefused as refused:
        for each in refused.faults:
            _LOG.error("site policy %s, line %d: %s (%s)", path, each.line, each.kind.value, each.key)
    except (UnicodeDecodeError, KeyError, ValueError, OSError) as fault:
        _LOG.error("site policy %s: %s", path, fault)
    return SiteFile(digest, None, None)


def _owners_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(0, "others than its owner can write it; say: chmod go-w")
        return file.read(_BYTES_MAX)


def _site_document(text: str, path: Path) -> Document:
    document = read_policy(text, str(path), ZoneInfo)
    if document.party is not Party.SITE:
        raise ValueError("this is the vendor's document; the site's says party = \"site\"")
    return document


def stamp(path: Path) -> Stamp:
    """Changes whenever the file does; None when there is none."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


async def watch_site_policy(path: Path, known: Stamp, changed: Callable[[SiteFile], Awaitable[None]]) -> None:
    """Call `changed` with what is read each time the file is another one, or gone. Ends when it is cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = stamp(path)
        if now != known:
            known = now
            await changed(read_site_policy(path))
