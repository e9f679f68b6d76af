"""Whatever a file is called elsewhere, here it gets a plain, visible name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.desk.files.names import NAME_BYTES, numbered, safe_name, twin_key


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("..\\..\\boot.ini", "_._.._boot.ini"),
        ("C:evil.txt", "C_evil.txt"),
        ("\\\\?\\C:\\x", "____C__x"),
        ("a.txt:stream", "a.txt_stream"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("lpt².log", "_lpt².log"),
        ("aux .txt", "_aux .txt"),
        ("name. . .", "name"),
        ("  spaced  ", "spaced"),
        (".bashrc", "_bashrc"),
        ("-rf", "_rf"),
        ("a\0b\nc\x1b[31m", "ab c[31m"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("e\u0301t\u00e9.txt", "\u00e9t\u00e9.txt"),
        ("\u2028", "_"),
        ("", "_"),
        ("...", "_"),
        ("~", "~"),
    ],
)
def test_names_that_are_known_to_do_harm(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_plain_one(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept.encode()) <= NAME_BYTES + 1
    assert not set(kept) & set('<>:"/\\|?*\0\n\r')
    assert kept[0] not in "-. "
    assert kept[-1] not in ". "
    assert all(unicodedata.category(each) not in {"Cc", "Cf", "Cs"} for each in kept)
    assert safe_name(kept) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("é" * 300 + ".tar.gz").endswith("é.gz")
    assert len(safe_name("x" * 300)) == NAME_BYTES


def test_numbers_stand_before_the_ending() -> None:
    assert [numbered("a.txt", each) for each in (1, 2, 3)] == ["a.txt", "a (2).txt", "a (3).txt"]
    assert numbered("noending", 2) == "noending (2)"
    assert numbered("odd." + "x" * 40, 2) == "odd." + "x" * 40 + " (2)"


def test_twins_have_one_key() -> None:
    assert twin_key("Straße.TXT") == twin_key("STRASSE.txt")
    assert twin_key("\u00e9") == twin_key("e\u0301")
    assert twin_key("a") != twin_key("b")
