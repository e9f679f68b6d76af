"""Settings are read once, from three places, and none is ever taken for another."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.config import ConfigRefused, read_config, unsafe_in_force


@dataclass(frozen=True, slots=True)
class Settings:
    broker: str
    state: Path
    port: int = 1
    wait: float = 1.5
    loud: bool = False
    proxy: str | None = None
    UnsafeNoProof: bool = False


def read(tmp_path: Path, text: str, given: dict[str, object] | None = None, **environment: str) -> Settings:
    file = tmp_path / "host.toml"
    file.write_text(text, encoding="utf-8")
    return read_config(Settings, file, prefix="CHAPERONE_HOST_", environment=environment, given=given)


WHOLE = 'broker = "b"\nstate = "kept"\n'


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE + "port = 2").port == 2
    assert read(tmp_path, WHOLE + "port = 2", CHAPERONE_HOST_PORT="3").port == 3
    assert read(tmp_path, WHOLE + "port = 2", {"port": 4}, CHAPERONE_HOST_PORT="3").port == 4
    assert read(tmp_path, WHOLE + "port = 2", {"port": None}).port == 2


def test_a_relative_path_is_seen_from_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE).state == tmp_path / "kept"
    assert read(tmp_path, WHOLE, CHAPERONE_HOST_STATE="here").state == Path("here")


def test_text_of_the_environment_becomes_what_the_field_is(tmp_path: Path) -> None:
    read_back = read(tmp_path, WHOLE + "wait = 2", CHAPERONE_HOST_LOUD="Yes", CHAPERONE_HOST_PROXY="p")
    assert read_back == Settings("b", tmp_path / "kept", wait=2.0, loud=True, proxy="p")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (WHOLE + "prot = 3", "unknown setting: prot"),
        ('broker = "b"', "missing setting: state"),
        (WHOLE + 'port = "x"', "port is not a number"),
        (WHOLE + "port = true", "port is not of the kind int"),
        (WHOLE + 'loud = "perhaps"', "loud is not of the kind bool"),
        (WHOLE + "broker = 3", "is not TOML"),
        ("broker = 3\nstate = 'x'", "broker is not of the kind str"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigRefused, match=named):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_refused_and_none_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="cannot be read"):
        read_config(Settings, tmp_path / "none.toml", prefix="X_", environment={})
    given: dict[str, object] = {"broker": "b", "state": tmp_path}
    assert read_config(Settings, None, prefix="X_", environment={}, given=given) == Settings("b", tmp_path)


def test_what_lowers_safety_names_itself(tmp_path: Path) -> None:
    assert unsafe_in_force(read(tmp_path, WHOLE)) == ()
    assert unsafe_in_force(read(tmp_path, WHOLE + "UnsafeNoProof = true")) == ("UnsafeNoProof",)
    assert unsafe_in_force(read(tmp_path, WHOLE, CHAPERONE_HOST_UnsafeNoProof="true")) == ("UnsafeNoProof",)
