"""`make trust`: explains always, changes only what was asked for."""

from pathlib import Path

import pytest

from runtime.trust_store import NICKNAME, explanation, trust

CERTUTIL = """#!/bin/sh
# Keeps one file per trusted name, and writes down what it was told.
echo "$@" >> "$HOME/told"
folder="${2#sql:}"
case "$3" in
    -N) : > "$folder/cert9.db" ;;
    -A) : > "$folder/authority" ;;
    -D) rm "$folder/authority" ;;
    -L) test -e "$folder/authority" ;;
esac
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return tmp_path


def with_certutil(home: Path) -> None:
    tool = home / "bin" / "certutil"
    tool.write_text(CERTUTIL)
    tool.chmod(0o755)


def test_the_explanation_names_the_file_and_the_fingerprint_to_compare() -> None:
    text = explanation(Path("/var/authority.pem"), "AB:CD")
    assert "/var/authority.pem" in text
    assert "AB:CD" in text
    assert "Firefox" in text


def test_a_yes_adds_the_authority_to_chromiums_store(home: Path) -> None:
    with_certutil(home)
    said: list[str] = []
    trust(home / "authority.pem", "AB:CD", lambda _question: True, said.append, home)
    trust(home / "authority.pem", "AB:CD", lambda _question: True, said.append, home)
    told = (home / "told").read_text().splitlines()
    store = f"-d sql:{home}/.pki/nssdb"
    added = f"{store} -A -t C,, -n {NICKNAME} -i {home}/authority.pem"
    assert told.count(added) == 2
    assert told.count(f"{store} -N --empty-password") == 1
    assert f"{store} -D -n {NICKNAME}" in told
    assert said[-1].startswith("Done.")


def test_anything_else_changes_nothing(home: Path) -> None:
    with_certutil(home)
    said: list[str] = []
    trust(home / "authority.pem", "AB:CD", lambda _question: False, said.append, home)
    assert said[-1] == "Nothing was changed."
    assert not (home / ".pki").exists()


def test_without_certutil_the_package_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home / "bin"))
    said: list[str] = []
    trust(home / "authority.pem", "AB:CD", lambda _question: True, said.append, home)
    assert "apt-get install libnss3-tools" in said[-1]
