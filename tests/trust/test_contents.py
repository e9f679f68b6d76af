"""What verified documents say is read only if it makes sense."""

import json

import pytest

from trust.contents import Target, read_vendor
from trust.metadata import PERSONS_PATH, VENDOR_PATH
from trust.older import DocumentOlder, older_service
from trust.refused import DocumentInvalid
from trust.told import told
from wire.messages.documents import ListedBroker, PersonsDocument, VendorDocument
from wire.schema import canonical, encode_part


def documents(auditor_key: bytes) -> dict[str, Target]:
    service = VendorDocument("Acme", ListedBroker("b-1", bytes(32)), "", auditor_key)
    return {
        PERSONS_PATH: Target("targets", encode_part(PersonsDocument(()))),
        VENDOR_PATH: Target("targets", encode_part(service)),
    }


@pytest.mark.parametrize("key", [b"", b"k" * 32], ids=["none", "32 bytes"])
def test_an_auditors_key_is_there_or_not(key: bytes) -> None:
    assert read_vendor(documents(key)).service.auditor_key == key


def without_auditor(content: bytes) -> bytes:
    """As a version wrote it that knew no auditor."""
    body = json.loads(content)
    del body["auditor_key"]
    return canonical(body)


def test_documents_of_an_earlier_version_are_told_from_broken_ones_in_every_language() -> None:
    signed = documents(b"")
    signed[VENDOR_PATH] = Target("targets", without_auditor(signed[VENDOR_PATH].content))
    with pytest.raises(DocumentOlder) as raised:
        read_vendor(signed)
    assert told(raised.value).count("chaperone-keys auditor set") == 2
    assert "earlier version" in told(raised.value)
    assert "version antérieure" in told(raised.value)
    assert told(ValueError("another fault")) == "another fault"


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"[" * 100_000, b"\xff", b'{"vendor":"Acme"}'], ids=["none", "list", "deep", "bytes", "half"]
)
def test_what_is_broken_is_no_earlier_version(content: bytes) -> None:
    assert older_service(content) is None
    with pytest.raises(DocumentInvalid) as raised:
        read_vendor({**documents(b""), VENDOR_PATH: Target("targets", content)})
    assert type(raised.value) is DocumentInvalid


@pytest.mark.parametrize("key", [b"k", b"k" * 31])
def test_half_a_key_is_no_key(key: bytes) -> None:
    with pytest.raises(DocumentInvalid, match="auditor"):
        read_vendor(documents(key))
