"""A vendor's signed documents and an up-to-date reader of them, for the adversaries of case 56."""

from pathlib import Path

import pytest

from tests.trust.simulator import (
    LYON,
    Vendor,
    at,
    person,
    reader,
)
from trust.updater import Documents


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


@pytest.fixture
def documents(tmp_path: Path, vendor: Vendor) -> Documents:
    """A host's reader that is up to date."""
    made = reader(tmp_path, vendor)
    assert made.refresh(vendor.fetch, at(10), LYON)
    return made


def changed(vendor: Vendor) -> None:
    """An honest change: a third technician."""
    vendor.persons = (*vendor.persons, person("t-cleo"))
    vendor.sign_targets()
    vendor.publish()
