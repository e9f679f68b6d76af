"""The administrator's file with the site's own rules: what of it is taken, what is told, and that a change is noticed."""

import asyncio
from pathlib import Path

import pytest

from host_client.core.site_rules import SiteFile
from host_client.guardian.site_policy import read_site_policy, stamp, watch_site_policy
from tests.helpers.site_rules import ALL, LOOK, site_text

SECONDS = 20


def written(folder: Path, text: str, mode: int = 0o644) -> Path:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    read = read_site_policy(written(tmp_path, site_text(ALL, 7)))
    assert read.page is not None
    assert read.document is not None
    assert read.document.version == 7
    assert len(read.digest) == 32


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (site_text(ALL).replace("permissions", "permisions"), "line"),
        (site_text(ALL).replace('"site"', '"vendor"'), "vendor's document"),
        ("\0", "line 1"),
    ],
)
def test_what_is_no_policy_of_a_site_is_told_and_lets_nobody_in(
    tmp_path: Path, text: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    read = read_site_policy(written(tmp_path, text))
    assert (read.page, read.document) == (None, None)
    assert told in caplog.text
    assert "site.toml" in caplog.text


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xff\xfe")
    assert read_site_policy(path).page is None
    assert "site.toml" in caplog.text


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_can_write_is_not_the_administrators_word(tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture) -> None:
    assert read_site_policy(written(tmp_path, site_text(ALL), mode)).page is None
    assert "chmod go-w" in caplog.text


def test_a_file_that_is_not_there_lets_nobody_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read = read_site_policy(tmp_path / "none.toml")
    assert read == SiteFile(bytes(32), None, None)
    assert "No such file" in caplog.text
    assert stamp(tmp_path / "none.toml") is None


async def test_every_change_is_noticed_once(tmp_path: Path) -> None:
    path = written(tmp_path, site_text(ALL, 1))
    heard: asyncio.Queue[SiteFile] = asyncio.Queue()
    watching = asyncio.create_task(watch_site_policy(path, stamp(path), heard.put))
    try:
        newer = tmp_path / "new.toml"
        newer.write_text(site_text(LOOK, 2), encoding="utf-8")
        newer.replace(path)
        async with asyncio.timeout(SECONDS):
            read = await heard.get()
            assert read.document is not None
            assert read.document.version == 2
            path.unlink()
            assert (await heard.get()).page is None
        assert heard.empty()
    finally:
        watching.cancel()
