"""A browser that nobody watches while it works: what drives it is there before and after, and gone while something is measured.

Whoever drives a browser over its debugging port is told of every message of every WebSocket, in base64, through three processes. While a
file of 256 MB moves that was a third of all CPU of the machine, and no technician has it.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from tests.helpers.browser import CHROMIUM, switches
from tests.helpers.desktop import plain_environment

_ADDRESS = re.compile(rb"DevTools listening on (ws://\S+)")


class Unwatched:
    """One Chromium, and who drives it for now. Its pages are those of its only profile."""

    def __init__(self, playwright: Playwright, address: str, downloads: Path) -> None:
        self._playwright, self._address = playwright, address
        self._watching: Browser | None = None
        self.downloads = downloads

    @property
    def as_browser(self) -> Browser:
        """For whoever only opens contexts."""
        return cast(Browser, self)

    async def new_context(self, **_: object) -> BrowserContext:
        """There is one; it would not outlive its driver if it were another."""
        return (await self.watch()).contexts[0]

    async def watch(self) -> Browser:
        """Drive it."""
        if self._watching is None:
            self._watching = await self._playwright.chromium.connect_over_cdp(self._address)
        return self._watching

    async def leave(self) -> None:
        """Let it work by itself."""
        watching, self._watching = self._watching, None
        if watching is not None:
            await watching.close()

    async def page(self, place: str) -> Page:
        """The page of this address."""
        pages = (await self.watch()).contexts[0].pages
        return next(each for each in pages if each.url.startswith(place))


async def give_file(page: Page, selector: str, place: Path) -> None:
    """Pick a file of any size. Playwright itself hands on no more than 50 MB to a browser that it did not start."""
    session = await page.context.new_cdp_session(page)
    root = (await session.send("DOM.getDocument"))["root"]["nodeId"]
    node = (await session.send("DOM.querySelector", {"nodeId": root, "selector": selector}))["nodeId"]
    await session.send("DOM.setFileInputFiles", {"files": [str(place)], "nodeId": node})
    await session.detach()


@asynccontextmanager
async def unwatched(certificates: Iterable[Path], folder: Path) -> AsyncIterator[Unwatched]:
    """A browser with a fresh profile, which saves what is downloaded in `folder`."""
    profile, downloads = folder / "profile", folder / "downloads"
    (profile / "Default").mkdir(parents=True)
    downloads.mkdir()
    wishes = {"download": {"default_directory": str(downloads), "prompt_for_download": False}}
    (profile / "Default" / "Preferences").write_text(json.dumps(wishes))
    words = (CHROMIUM, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", *switches(certificates), "about:blank")
    process = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.PIPE, env=dict(plain_environment()))
    assert process.stderr is not None
    reading: asyncio.Task[bytes] | None = None
    try:
        while (said := _ADDRESS.search(await process.stderr.readline())) is None:
            pass
        reading = asyncio.create_task(process.stderr.read())
        async with async_playwright() as playwright:
            yield Unwatched(playwright, said[1].decode(), downloads)
    finally:
        process.terminate()
        await process.wait()
        if reading is not None:
            await reading
