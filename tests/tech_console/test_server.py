"""The console's origin: what it serves, under which rules, and what it never does."""

from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from tech_console.config import ConsoleConfig
from tech_console.server import DistMissing, content_security_policy, create_app, digest, read_dist
from tests.tech_console.vendor_root import VENDOR_ROOT
from wire.schema import base64url

BROKER = "https://broker.example:8443"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Chaperone</title>", encoding="utf-8")
    (built / "assets" / "index-Ab12.js").write_text("export {};", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not for anybody", encoding="utf-8")
    return built


def config(dist: Path) -> ConsoleConfig:
    root = dist.parent / "vendor.root.json"
    root.write_bytes(VENDOR_ROOT)
    return ConsoleConfig(BROKER, root, dist / "cert.pem", dist / "key.pem", dist=dist)


@pytest.fixture
def app(dist: Path) -> ASGIApp:
    return create_app(config(dist))


async def get(app: ASGIApp, path: str, origin: str = "https://console.example", method: str = "GET") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=origin) as browser:
        return await browser.request(method, path)


async def test_the_page_its_scripts_and_its_settings_are_served(app: ASGIApp) -> None:
    assert "Chaperone" in (await get(app, "/")).text
    script = await get(app, "/assets/index-Ab12.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert (await get(app, "/config.json")).json() == {"broker_origin": BROKER, "vendor_root": base64url(VENDOR_ROOT)}


@pytest.mark.parametrize("path", ["/", "/assets/index-Ab12.js", "/config.json", "/nothing", "/../secret.txt"])
async def test_every_answer_carries_the_rules(app: ASGIApp, path: str) -> None:
    headers = (await get(app, path)).headers
    assert headers["content-security-policy"] == content_security_policy(BROKER)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "set-cookie" not in headers


def test_the_policy_lets_a_page_speak_to_the_broker_alone() -> None:
    rules = dict(rule.split(" ", 1) for rule in content_security_policy(BROKER).split("; "))
    assert rules["connect-src"] == f"'self' {BROKER} wss://broker.example:8443"
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {word for rule in rules.values() for word in rule.split()}


async def test_other_servers_of_this_machine_are_not_forced_to_https(app: ASGIApp) -> None:
    assert "strict-transport-security" not in (await get(app, "/", "https://localhost:8444")).headers


@pytest.mark.parametrize("path", ["/nothing", "/../secret.txt", "/%2e%2e/secret.txt", "/assets", "/assets/"])
async def test_nothing_outside_the_build_is_served(app: ASGIApp, path: str) -> None:
    answer = await get(app, path)
    assert answer.status_code == 404
    assert "not for anybody" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_nothing_can_be_sent_here(app: ASGIApp, method: str) -> None:
    assert (await get(app, "/", method=method)).status_code == 405


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DistMissing, match="make console"):
        read_dist(tmp_path)


def test_the_digest_names_one_build(dist: Path) -> None:
    before = digest(dist)
    assert before == digest(dist)
    (dist / "assets" / "index-Ab12.js").write_text("export {}; ", encoding="utf-8")
    assert digest(dist) != before
