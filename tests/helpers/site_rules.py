"""A site's own documents for tests of the host, as its guardian reads them."""

from hashlib import sha256
from zoneinfo import ZoneInfo

from host_client.core.site_rules import SiteFile
from policy.reading import read_policy
from policy.rulebook import Page

ALL = '[[allow]]\nname = "all"\npermissions = ["view", "control"]\n'
LOOK = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
NOTHING = ""
BROKEN = SiteFile(bytes(32), None, None)


def site_text(rules: str, version: int = 1) -> str:
    """A whole document in UTC."""
    return f'party = "site"\nversion = {version}\nzone = "UTC"\n{rules}'


def site(rules: str, version: int = 1) -> SiteFile:
    """The same, read."""
    text = site_text(rules, version)
    document = read_policy(text, "site.toml", ZoneInfo)
    return SiteFile(sha256(text.encode()).digest(), document, Page(document, ZoneInfo))
