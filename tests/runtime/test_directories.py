"""State lies where the system's rules say, unless somebody says otherwise."""

from pathlib import Path

import pytest

from runtime.directories import Directories, StateUnknown, directories


def found(state: Path | None = None, user_id: int = 1000, **environment: str) -> Directories:
    return directories("host", state=state, environment=environment, user_id=user_id)


def test_what_is_said_wins() -> None:
    said = found(Path("/srv/h"), CHAPERONE_STATE="/srv/e", HOME="/home/ana")
    assert said == Directories(Path("/srv/h"), Path("/srv/h/host.toml"))
    assert (said.log, said.keys, said.documents) == (Path("/srv/h/log"), Path("/srv/h/keys"), Path("/srv/h/documents"))
    assert found(CHAPERONE_STATE="/srv/e", HOME="/home/ana").state == Path("/srv/e")


def test_a_service_keeps_its_state_with_the_system() -> None:
    for user_id in (0, 999):
        assert found(user_id=user_id, HOME="/root") == Directories(Path("/var/lib/chaperone/host"), Path("/etc/chaperone/host.toml"))


def test_a_person_keeps_it_at_home_by_the_xdg_rules() -> None:
    assert found(HOME="/home/ana").state == Path("/home/ana/.local/state/chaperone/host")
    assert found(HOME="/home/ana").config_file == Path("/home/ana/.config/chaperone/host.toml")
    assert found(HOME="/home/ana", XDG_STATE_HOME="/x").state == Path("/x/chaperone/host")
    assert found(HOME="/home/ana", XDG_STATE_HOME="relative").state == Path("/home/ana/.local/state/chaperone/host")


def test_a_person_without_a_home_is_asked_to_say_where() -> None:
    with pytest.raises(StateUnknown, match="--state"):
        found()
