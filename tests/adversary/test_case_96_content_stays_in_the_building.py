"""Case 96: content that does not leave the building, in two networks with a cable between them (tests/journeys/walk_direct_path.py).

The browser lives in the other, and reaches the broker through a way that is no network. So whatever crosses the cable went directly.
A raw packet socket sees everything that passes there and at the broker, heads alone; one that lost packets fails the test.
"""

import subprocess
import sys
from pathlib import Path

from tests.helpers.browser import CHROMIUM
from tests.helpers.namespaces import browser_there, inside, two_namespaces

WALK = Path(__file__).parents[1] / "journeys" / "walk_direct_path.py"


def test_content_stays_between_the_two_ends_and_nothing_is_lost_when_the_cable_is_cut(tmp_path: Path) -> None:
    with two_namespaces() as cable:
        environment = browser_there(cable, tmp_path, CHROMIUM)
        words = inside(cable, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(WALK))
        walked = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert walked.returncode == 0, walked.stdout[-20_000:] + walked.stderr[-5_000:]
