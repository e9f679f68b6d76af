"""Fixtures of every test that needs a house and a browser: one Chromium for the run, one house for each file."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.helpers.browser import chromium
from tests.helpers.house import House, house
from tests.helpers.house_template import certificates_in, template_in


def share_one_loop(items: Sequence[pytest.Item], folder: Path, mark: pytest.MarkDecorator) -> None:
    """Run everything of a folder in one loop, because one browser serves all of it."""
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(mark)


@pytest.fixture(scope="session", name="shared")
def folder_of_this_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """What every process of this test run sees, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def certificates(shared: Path) -> Path:
    """Keys of the test's servers."""
    return certificates_in(shared)


@pytest_asyncio.fixture(scope="session", loop_scope="session", name="template")
async def house_template(shared: Path, certificates: Path) -> Path:
    """What every house is a copy of."""
    return await template_in(shared, certificates)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(certificates: Path) -> AsyncIterator[Browser]:
    """The one browser of this run."""
    async with chromium((certificates / "broker.pem", certificates / "console.pem")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session", name="home")
async def opened_house(request: pytest.FixtureRequest, browser: Browser, template: Path) -> AsyncIterator[House]:
    """The house of this file. A file may set LANGUAGE, THEME and SETTINGS."""
    module = request.module
    language, theme = getattr(module, "LANGUAGE", "en"), getattr(module, "THEME", "light")
    async with house(browser, template, language=language, theme=theme, settings=getattr(module, "SETTINGS", None)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def logs_are_whole(home: House) -> AsyncIterator[None]:
    """After every journey both logs verify, and no page broke its own policy."""
    home.technicians.clear()
    yield
    await home.verify_logs()
    for technician in home.technicians:
        assert technician.complaints.violations == []
        assert technician.complaints.errors == []
