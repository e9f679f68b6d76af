"""The configuration is read once and refused when anything in it is unknown or unsafe."""

from pathlib import Path

import pytest

from broker.config import read_config
from runtime.config import ConfigRefused
from trust.keys import public_key_text

WHOLE = {
    "certificate": '"broker.pem"',
    "certificate_key": '"broker.key"',
    "console_origin": '"https://localhost:8444"',
    "state": '"state"',
    "directory_key": '"directory.pub"',
}


def written(folder: Path, **changes: str | None) -> Path:
    (folder / "directory.pub").write_text(public_key_text(bytes(32)))
    lines = {**WHOLE, **changes}
    path = folder / "broker.toml"
    path.write_text("".join(f"{name} = {value}\n" for name, value in lines.items() if value is not None))
    return path


def test_paths_are_seen_from_the_files_folder_and_defaults_are_local(tmp_path: Path) -> None:
    config = read_config(written(tmp_path), {})
    assert (config.listen_host, config.listen_port, config.log_level) == ("127.0.0.1", 8443, "info")
    assert config.database == tmp_path / "state" / "broker.sqlite3"
    assert config.pinned_key() == bytes(32)


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
        {"log_level": '"loud"'},
        {"directory_key": '"missing.pub"'},
        {"directory_key": '"broker.toml"'},
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


def test_a_short_directory_key_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "directory.pub").write_text(public_key_text(bytes(16)))
    with pytest.raises(ConfigRefused, match="Ed25519"):
        read_config(path, {})
    with pytest.raises(ConfigRefused):
        read_config(tmp_path / "none.toml", {})
