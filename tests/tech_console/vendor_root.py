"""A root that signs itself, as a vendor publishes it."""

import json
from pathlib import Path

from wire.schema import from_base64url

_STORY = Path(__file__).parents[2] / "wire" / "vectors" / "tuf" / "taken.json"
VENDOR_ROOT = from_base64url(json.loads(_STORY.read_text(encoding="utf-8"))["root"])
