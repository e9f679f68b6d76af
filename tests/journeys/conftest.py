"""One Chromium for all journeys, one house for each file, one technician with an empty browser for each test."""

from pathlib import Path

import pytest

from tests.helpers.house_fixtures import (
    browser,
    certificates,
    folder_of_this_run,
    house_template,
    logs_are_whole,
    opened_house,
    share_one_loop,
)

__all__ = ["browser", "certificates", "folder_of_this_run", "house_template", "logs_are_whole", "opened_house"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    share_one_loop(items, Path(__file__).parent, pytest.mark.journey)
