"""Gives signed documents to a broker. The signature is the authority; nobody signs in for this."""

import http.client
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from policy.decision import Reason
from wire.messages.documents import DocumentsBundle
from wire.messages.presence import Refused
from wire.schema import MalformedMessage, decode, encode

_ANSWER_SECONDS = 30
_ANSWER_MAX = 64 * 1024


class NotPublished(Exception):
    """The broker was not reached, or refused; `reason` is what it said, if it said one."""

    def __init__(self, what: str, reason: Reason | None = None) -> None:
        super().__init__(what)
        self.reason = reason


def publish_documents(bundle: DocumentsBundle, broker_url: str, ca: Path | None) -> None:
    """PUT /api/documents/vendor or /site over TLS. Raises NotPublished, and OSError for a `ca` that cannot be read."""
    _put(f"/api/documents/{bundle.repository.value}", encode(bundle), broker_url, ca)


def _put(path: str, content: bytes, broker_url: str, ca: Path | None) -> None:
    parts = urlsplit(broker_url)
    if parts.scheme != "https" or not parts.hostname:
        raise NotPublished(f"{broker_url} is not an https:// address")
    trusted = ssl.create_default_context(cafile=ca)
    connection = http.client.HTTPSConnection(parts.hostname, parts.port or 443, timeout=_ANSWER_SECONDS, context=trusted)
    try:
        connection.request("PUT", path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read(_ANSWER_MAX)
    except (OSError, http.client.HTTPException) as fault:
        raise NotPublished(f"the broker at {broker_url} was not reached: {fault}") from None
    finally:
        connection.close()
    if answer.status >= 300:
        raise NotPublished(f"the broker answered {answer.status}", _reason(body))


def _reason(body: bytes) -> Reason | None:
    try:
        return decode(body, Refused).reason
    except MalformedMessage:
        return None
