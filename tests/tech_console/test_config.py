"""The console's settings: everything unsafe, unknown or missing is refused, with words for the administrator."""

from pathlib import Path
from typing import Any

import pytest

from tech_console.config import ConfigRefused, origin_of, read_config
from tests.tech_console.vendor_root import VENDOR_ROOT

GOOD: dict[str, Any] = {
    "broker_origin": "https://broker.example:8443",
    "vendor_root": "vendor.root.json",
    "cert": "console.pem",
    "key": "console.key",
}


def test_options_win_over_the_environment_and_both_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "console.toml"
    lines = [f'{name} = "{value}"' for name, value in GOOD.items()]
    file.write_text("\n".join([*lines, "port = 1", 'host = "127.0.0.2"']), encoding="utf-8")
    config = read_config(file, {"port": 3, "host": None}, {"CHAPERONE_CONSOLE_PORT": "2", "CHAPERONE_CONSOLE_HOST": "127.0.0.3"})
    assert (config.port, config.host) == (3, "127.0.0.3")
    assert config.cert == Path("console.pem")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(ConfigRefused, match=name):
        read_config(None, {each: value for each, value in GOOD.items() if each != name}, {})


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "console.toml"
    file.write_text('broker = "https://broker.example"', encoding="utf-8")
    with pytest.raises(ConfigRefused, match="unknown setting: broker"):
        read_config(file, GOOD, {})


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "console.toml"
    file.write_text("port: 3", encoding="utf-8")
    with pytest.raises(ConfigRefused, match="not TOML"):
        read_config(file, GOOD, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("broker_origin", "http://broker.example"),
        ("broker_origin", "https://broker.example/"),
        ("broker_origin", "https://someone@broker.example"),
        ("broker_origin", "https://Broker.example"),
        ("broker_origin", "https://broker.example:443"),
        ("broker_origin", "https://broker.example; script-src *"),
        ("broker_origin", "https://broker.example:port"),
        ("broker_origin", "https://"),
        ("port", "many"),
        ("port", 65536),
        ("port", -1),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigRefused):
        read_config(None, {**GOOD, name: value}, {})


def test_the_root_of_the_vendor_is_given_as_it_was_published(tmp_path: Path) -> None:
    file = tmp_path / "1.root.json"
    file.write_bytes(VENDOR_ROOT)
    assert read_config(None, {**GOOD, "vendor_root": file}, {}).root() == VENDOR_ROOT


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"CPLPQK708PYrKSn2KHijTiLyICGDcIFfZ_W6aCkiO1c",
        VENDOR_ROOT + b"\n",
        VENDOR_ROOT.replace(b'"threshold":1', b'"threshold":2', 1),
        VENDOR_ROOT.replace(b'"version":1', b'"version":2'),
    ],
    ids=["nothing", "a key", "another spelling", "not what was signed", "another version"],
)
def test_a_file_that_is_no_root_that_signs_itself_is_refused_with_words_that_say_which_file_it_is(tmp_path: Path, content: bytes) -> None:
    assert content != VENDOR_ROOT
    file = tmp_path / "1.root.json"
    file.write_bytes(content)
    with pytest.raises(ConfigRefused, match=r"is no root of signed documents .*published/metadata/1\.root\.json"):
        read_config(None, {**GOOD, "vendor_root": file}, {}).root()


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="vendor_root cannot be read"):
        read_config(None, {**GOOD, "vendor_root": tmp_path / "1.root.json"}, {}).root()


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://a.example/path", "https://a.example"),
        ("https://[::1]:9", "https://[::1]:9"),
        ("ftp://a.example", None),
        ("https://[::1", None),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address: str, origin: str | None) -> None:
    assert origin_of(address) == origin
