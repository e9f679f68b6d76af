"""Debian's Chromium under Playwright: one per run, a fresh context per test, and everything it complained about.

It trusts the keys of the test's own servers and nothing else (`--ignore-certificate-errors-spki-list`), and does not talk
to anybody on its own account.
"""

import hashlib
import os
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response, async_playwright

from tests.helpers.desktop import plain_environment

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PAGE_MS = 20_000

CATCH_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP-VIOLATION " + event.violatedDirective + " " + event.blockedURI));
"""


def spki_pin(certificate: Path) -> str:
    """The SHA-256 of a certificate's public key, base64, as Chromium's switch takes it."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return b64encode(hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()


def switches(certificates: Iterable[Path]) -> list[str]:
    """What makes a browser accept exactly the servers of these certificates, and talk to nobody else."""
    pins = ",".join(spki_pin(each) for each in certificates)
    arguments = [
        f"--ignore-certificate-errors-spki-list={pins}",
        "--force-color-profile=srgb",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-proxy-server",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return arguments


@asynccontextmanager
async def chromium(certificates: Iterable[Path]) -> AsyncIterator[Browser]:
    """A browser that accepts exactly the servers of these certificates."""
    arguments = switches(certificates)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, env=dict(plain_environment()))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Complaints:
    """What the pages of one context said against themselves. (No slots: Playwright marks the object whose methods it calls.)"""

    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Every address that was asked for, sockets too: no secret may stand in one."""

    def watch(self, page: Page) -> None:
        """Listen to a page from its beginning."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", lambda opened: self.addresses.append(opened.url))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if "CSP-VIOLATION" in message.text or "Content Security Policy" in message.text:
            self.violations.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")


@asynccontextmanager
async def fresh_context(
    browser: Browser, language: str = "en-GB", *, dark: bool = False, width: int = 1400, height: int = 900
) -> AsyncIterator[tuple[BrowserContext, Complaints]]:
    """A context with nothing in it: no cookie, no key, no memory of another test."""
    context = await browser.new_context(
        locale=language, color_scheme="dark" if dark else "light", viewport={"width": width, "height": height}
    )
    context.set_default_timeout(PAGE_MS)
    await context.add_init_script(CATCH_VIOLATIONS)
    complaints = Complaints()
    context.on("page", complaints.watch)
    try:
        yield context, complaints
    finally:
        await context.close()
