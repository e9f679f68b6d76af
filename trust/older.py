"""Signed documents as an earlier version wrote them: recognised, so that whoever has to sign again is told so; no reader believes them."""

import json

from trust.metadata import VENDOR_PATH
from trust.refused import DocumentInvalid
from wire.messages.documents import VendorDocument
from wire.schema import MalformedMessage, part_of

_LATER = {"auditor_key": ""}
"""What `vendor.json` has had since, as it stands where nothing was said."""


class DocumentOlder(DocumentInvalid):
    """Signed by whoever must, in the form of an earlier version. What to do about it: `told.py`."""

    def __init__(self) -> None:
        super().__init__(f"{VENDOR_PATH} is of an earlier version and names no auditor's key")


def older_service(content: bytes) -> VendorDocument | None:
    """What an earlier version's `vendor.json` said, as it would be signed today; None if it is none."""
    try:
        body = json.loads(content)
        if not isinstance(body, dict) or body.keys() & _LATER.keys():
            return None
        return part_of(VendorDocument, {**body, **_LATER}, VENDOR_PATH)
    except (ValueError, RecursionError, MalformedMessage):
        return None
