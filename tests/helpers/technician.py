"""A technician in front of a real browser: from an invitation to a visit, through the handles of tech_console/src/app/ids.ts.

Everything is typed and pressed as a person would; codes of the second factor are used once each, in rising steps.
"""

import time
from dataclasses import dataclass, field

import pyotp
from playwright.async_api import BrowserContext, Page, expect

from tests.helpers.browser import Complaints

PASSWORD = "seven brave otters at dusk"
TOTP_SECONDS = 30
_TYPING_SECONDS = 3
"""What may pass until the broker sees a code."""
VISIT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, as the directory and the account name them."""

    identity: str
    name: str
    company: str = "Meridian Diagnostics"
    group: str = "demo"


@dataclass
class Technician:
    """One person with one browser context."""

    invited: Invited
    context: BrowserContext
    complaints: Complaints
    page: Page
    secret: str = ""
    fingerprint: str = ""
    last_step: int = 0
    recovery_codes: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    """Everything that must never be seen outside this browser and the request that carries it."""

    def totp(self) -> str:
        """A code that was not used before: the oldest step that the broker takes, also when it is typed as the step changes."""
        step = max(self.last_step + 1, int(time.time() + _TYPING_SECONDS) // TOTP_SECONDS - 1)
        self.last_step = step
        code = pyotp.TOTP(self.secret).at(step * TOTP_SECONDS)
        self.secrets.append(code)
        return code

    async def accept_invitation(self, link: str) -> str:
        """Choose a password, take the second factor, make the device key. Returns the fingerprint that the page shows."""
        page = self.page
        await page.goto(link)
        await page.fill("#new-password", PASSWORD)
        await page.fill("#new-password-again", PASSWORD)
        await page.click("#accept")
        self.secret = ((await page.text_content("#totp-secret")) or "").replace(" ", "")
        self.secrets += [PASSWORD, self.secret, link.rpartition("/")[2]]
        await page.fill("#totp", self.totp())
        await page.click("#confirm")
        self.fingerprint = ((await page.text_content("#fingerprint")) or "").strip()
        self.recovery_codes = await page.locator("#recovery-codes li").all_inner_texts()
        self.secrets += self.recovery_codes
        return self.fingerprint

    async def sign_in(self) -> None:
        """From the sign-in page to an open link with the broker."""
        await self.type_sign_in(PASSWORD, self.totp())
        await expect(self.page.locator("#link")).to_have_attribute("data-state", "open", timeout=VISIT_MS)

    async def type_sign_in(self, password: str, totp: str) -> None:
        """Fill the sign-in page and press the button."""
        await self.page.fill("#sign-in-name", self.invited.identity)
        await self.page.fill("#password", password)
        await self.page.fill("#totp", totp)
        await self.page.click("#sign-in")

    async def enter_code(self, code: str, case: str = "CASE-17", words: str = "") -> None:
        """Type the support code, the reason and the case reference, and ask."""
        await self.page.fill("#code", code)
        await self.page.fill("#case-reference", case)
        if words:
            await self.page.fill("#words", words)
        await self.page.click("#claim")

    async def phase(self, phase: str) -> None:
        """Wait until the visit stands here."""
        await expect(self.page.locator("#visit")).to_have_attribute("data-phase", phase, timeout=VISIT_MS)

    async def told(self, words: str) -> None:
        """Wait until the page says where the visit stands in these words."""
        await expect(self.page.locator("#visit [role=status] p").first).to_have_text(words, timeout=VISIT_MS)

    async def problem(self, reason: str) -> None:
        """Wait until the page says this refusal."""
        await expect(self.page.locator("#problem")).to_have_attribute("data-reason", reason, timeout=VISIT_MS)

    async def ask_control(self) -> None:
        """Press *Request control*."""
        await self.page.click("#request-control")

    async def control(self, state: str) -> None:
        """Wait until control stands so: none, asking, held."""
        await expect(self.page.locator("#visit")).to_have_attribute("data-control", state, timeout=VISIT_MS)

    async def hand(self, state: str) -> None:
        """Wait until the page says who has the hand: viewing (nobody from afar), controlling, held (the person)."""
        await expect(self.page.locator("#visit .state")).to_have_attribute("data-state", state, timeout=VISIT_MS)

    async def end(self) -> None:
        """Press *End*."""
        await self.page.click("#end")

    async def summary(self, cause: str, milliseconds: float = VISIT_MS) -> str:
        """Wait for the goodbye and its cause. Returns its text."""
        await expect(self.page.locator("#summary")).to_have_attribute("data-cause", cause, timeout=milliseconds)
        return (await self.page.text_content("#summary")) or ""

    async def click_at(self, x: int, y: int, width: int, height: int) -> None:
        """Press a pixel of the host's screen, wherever the page shows it."""
        box = await self.page.locator("#screen").bounding_box()
        assert box is not None
        await self.page.mouse.click(box["x"] + (x + 0.5) * box["width"] / width, box["y"] + (y + 0.5) * box["height"] / height)
