"""Accessibility of a page in a real browser, judged by axe-core. Run in the page's own world, past its CSP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).resolve().parents[2] / "tech_console" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = frozenset({"serious", "critical"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that the page breaks, and where."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]


async def serious_faults(page: Page) -> list[Fault]:
    """Everything serious or critical that axe-core finds on the page as it stands."""
    if not await page.evaluate("typeof window.axe === 'object'"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert result["passes"] or result["violations"], "axe found nothing to judge"
    return [
        Fault(each["id"], each["impact"], each["help"], tuple(str(node["target"]) for node in each["nodes"]))
        for each in result["violations"]
        if each["impact"] in SERIOUS
    ]
