"""The configuration is read once and refused when anything in it is unknown or unsafe."""

from pathlib import Path

import pytest

from broker.config import read_config
from runtime.config import ConfigRefused
from tests.helpers.documents import SiteSigners, VendorSigners

VENDOR, LYON = VendorSigners("Acme"), SiteSigners("Lyon Nord")
WHOLE = {
    "certificate": '"broker.pem"',
    "certificate_key": '"broker.key"',
    "console_origin": '"https://localhost:8444"',
    "state": '"state"',
    "vendor_root": '"vendor.root.json"',
}


def written(folder: Path, **changes: str | None) -> Path:
    (folder / "vendor.root.json").write_bytes(VENDOR.root)
    (folder / "lyon.root.json").write_bytes(LYON.root)
    lines = {**WHOLE, **changes}
    path = folder / "broker.toml"
    path.write_text("".join(f"{name} = {value}\n" for name, value in lines.items() if value is not None))
    return path


def test_paths_are_seen_from_the_files_folder_and_defaults_are_local(tmp_path: Path) -> None:
    config = read_config(written(tmp_path), {})
    assert (config.listen_host, config.listen_port, config.log_level) == ("127.0.0.1", 8443, "info")
    assert config.database == tmp_path / "state" / "broker.sqlite3"
    assert config.pinned() == (VENDOR.root, {})
    assert config.documents == tmp_path / "state" / "documents"


def test_sites_are_pinned_by_name(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text() + '[site_roots]\n"Lyon Nord" = "lyon.root.json"\n')
    assert read_config(path, {}).pinned() == (VENDOR.root, {"Lyon Nord": LYON.root})
    for wrong in ('"Lyon" = 1', '"Lyon" = "vendor.pem"'):
        path = written(tmp_path)
        path.write_text(path.read_text() + f"[site_roots]\n{wrong}\n")
        with pytest.raises(ConfigRefused, match="site_roots"):
            read_config(path, {})


def test_the_environment_overrides(tmp_path: Path) -> None:
    environment = {"CHAPERONE_BROKER_LISTEN_PORT": "0", "CHAPERONE_BROKER_LOG_LEVEL": "debug", "CHAPERONE_STATE": "somebody else's"}
    config = read_config(written(tmp_path), environment)
    assert (config.listen_port, config.log_level) == (0, "debug")


@pytest.mark.parametrize(
    "change",
    [
        {"strange": '"x"'},
        {"state": None},
        {"state": '""'},
        {"listen_port": "true"},
        {"listen_port": "70000"},
        {"listen_port": '"x"'},
        {"reread_rows": "0"},
        {"reread_rows": "1001"},
        {"log_level": '"loud"'},
        {"vendor_root": '"missing.json"'},
        {"vendor_root": '"broker.toml"'},
        {"console_origin": '"http://localhost:8444"'},
        {"console_origin": '"https://localhost:8444/"'},
        {"console_origin": '"https://LOCALHOST:8444"'},
        {"console_origin": '"https://me@localhost:8444"'},
        {"console_origin": '"*"'},
        {"state": "not TOML"},
    ],
)
def test_what_is_unknown_missing_or_unsafe_is_refused(tmp_path: Path, change: dict[str, str | None]) -> None:
    with pytest.raises(ConfigRefused):
        read_config(written(tmp_path, **change), {})


def test_a_root_that_does_not_sign_itself_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "vendor.root.json").write_bytes(VENDOR.root.replace(b"2027", b"2037"))
    with pytest.raises(ConfigRefused, match="vendor_root"):
        read_config(path, {})
    with pytest.raises(ConfigRefused):
        read_config(tmp_path / "nowhere.toml", {})
