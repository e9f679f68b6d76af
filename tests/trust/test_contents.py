"""What verified documents say is read only if it makes sense."""

import pytest

from trust.contents import Target, read_vendor
from trust.metadata import PERSONS_PATH, VENDOR_PATH
from trust.refused import DocumentInvalid
from wire.messages.documents import ListedBroker, PersonsDocument, VendorDocument
from wire.schema import encode_part


def documents(auditor_key: bytes) -> dict[str, Target]:
    service = VendorDocument("Acme", ListedBroker("b-1", bytes(32)), "", auditor_key)
    return {
        PERSONS_PATH: Target("targets", encode_part(PersonsDocument(()))),
        VENDOR_PATH: Target("targets", encode_part(service)),
    }


@pytest.mark.parametrize("key", [b"", b"k" * 32], ids=["none", "32 bytes"])
def test_an_auditors_key_is_there_or_not(key: bytes) -> None:
    assert read_vendor(documents(key)).service.auditor_key == key


@pytest.mark.parametrize("key", [b"k", b"k" * 31])
def test_half_a_key_is_no_key(key: bytes) -> None:
    with pytest.raises(DocumentInvalid, match="auditor"):
        read_vendor(documents(key))
