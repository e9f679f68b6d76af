"""What holds for every test: in which order files begin, and that no property fails because the machine has something else to do.

Files that take longest begin first, so that none of them still runs when everything else is done: it is the order in which `make test`
hands files to its processes. Within a file tests stay as they are written.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long a property takes says on a busy machine only how busy it is.
settings.register_profile("whole", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("whole")

HERE = Path(__file__).parent


def longest_first() -> dict[Path, int]:
    """The place of each file that is listed. Raises FileNotFoundError for one that is not there any more."""
    lines = (HERE / "longest_first.txt").read_text(encoding="utf-8").splitlines()
    return {(HERE / line).resolve(strict=True): number for number, line in enumerate(lines) if not line.startswith("#")}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that are not listed come after those that are, in the order in which they were found."""
    places = longest_first()
    items.sort(key=lambda item: places.get(item.path, len(places) + 1))
