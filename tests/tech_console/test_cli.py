"""The console's command: it refuses before it opens a socket, and serves over TLS only."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from sys import executable

import httpx
import pytest
from typer.testing import CliRunner

from runtime.certificates import prepare_certificates
from tech_console.cli import app
from tech_console.server import digest
from tests.tech_console.vendor_root import VENDOR_ROOT

DEADLINE = 20.0


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    built.mkdir()
    (built / "index.html").write_text("<!doctype html><title>Chaperone</title>", encoding="utf-8")
    return built


def options(dist: Path, cert: Path, key: Path) -> list[str]:
    root = dist.parent / "vendor.root.json"
    root.write_bytes(VENDOR_ROOT)
    named = {"broker-origin": "https://localhost:8443", "vendor-root": str(root), "cert": str(cert), "key": str(key), "dist": str(dist)}
    return [word for name, value in named.items() for word in (f"--{name}", value)]


def test_it_does_not_start_without_a_build(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", *options(tmp_path, tmp_path / "a", tmp_path / "b")])
    assert result.exit_code == 2
    assert "make console" in result.stderr


def test_it_does_not_start_without_a_certificate(tmp_path: Path, dist: Path) -> None:
    result = CliRunner().invoke(app, ["serve", *options(dist, tmp_path / "none.pem", tmp_path / "none.key")])
    assert result.exit_code == 2
    assert "TLS only" in result.stderr


def test_it_does_not_start_with_a_root_that_is_none(tmp_path: Path, dist: Path) -> None:
    words = options(dist, tmp_path / "a", tmp_path / "b")
    (tmp_path / "vendor.root.json").write_text("{}", encoding="utf-8")
    result = CliRunner().invoke(app, ["serve", *words])
    assert result.exit_code == 2
    assert "is no root of signed documents" in result.stderr


def test_it_does_not_start_with_a_setting_it_does_not_know(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--port", "1"])
    assert result.exit_code == 2
    assert "missing setting" in result.stderr


def test_it_prints_the_digest_of_its_build(dist: Path) -> None:
    result = CliRunner().invoke(app, ["digest", "--dist", str(dist)])
    assert result.exit_code == 0
    assert result.stdout.strip() == digest(dist)


def test_it_has_no_digest_without_a_build(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["digest", "--dist", str(tmp_path)])
    assert result.exit_code == 2
    assert "make console" in result.stderr


@asynccontextmanager
async def serving(arguments: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    code = "from tech_console.cli import main; main()"
    process = await asyncio.create_subprocess_exec(executable, "-c", code, "serve", *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def test_it_serves_over_tls_until_it_is_stopped(tmp_path: Path, dist: Path) -> None:
    made = prepare_certificates(tmp_path / "tls")
    arguments = [*options(dist, made.console.chain, made.console.key), "--port", "0"]
    trust = ssl.create_default_context(cafile=str(made.authority))
    async with asyncio.timeout(DEADLINE), serving(arguments) as process, httpx.AsyncClient(verify=trust, trust_env=False) as browser:
        assert process.stdout is not None
        said = (await process.stdout.readline()).decode()
        port = int(said.strip().rsplit(":", 1)[1])
        answer = await browser.get(f"https://127.0.0.1:{port}/config.json")
        assert answer.json()["broker_origin"] == "https://localhost:8443"
        process.terminate()
        assert await process.wait() in {0, -15}


async def test_its_health_is_its_own_answer_under_its_own_certificate(tmp_path: Path, dist: Path) -> None:
    made, other = prepare_certificates(tmp_path / "tls"), prepare_certificates(tmp_path / "other")
    arguments = [*options(dist, made.console.chain, made.console.key), "--port", "0"]

    def asked(chain: Path, port: str) -> int:
        named = {"broker_origin": "https://localhost:8443", "vendor_root": "v.json", "cert": str(chain), "key": str(made.console.key)}
        config = tmp_path / "console.toml"
        config.write_text(f"port = {port}\n" + "".join(f'{name} = "{value}"\n' for name, value in named.items()), encoding="utf-8")
        return CliRunner().invoke(app, ["health", "--config", str(config)]).exit_code

    async with asyncio.timeout(DEADLINE), serving(arguments) as process:
        assert process.stdout is not None
        port = (await process.stdout.readline()).decode().strip().rsplit(":", 1)[1]
        assert await asyncio.to_thread(asked, made.console.chain, port) == 0
        assert await asyncio.to_thread(asked, other.console.chain, port) == 1
    assert await asyncio.to_thread(asked, made.console.chain, port) == 1
