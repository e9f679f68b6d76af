"""The console's copy of the catalogues: made by `make gen`, never stale."""

from pathlib import Path

import pytest

from runtime import gen_locale


def test_the_copy_in_the_console_is_not_stale() -> None:
    assert gen_locale.stale() == [], "run: make gen"


def test_a_copy_is_stale_until_it_is_written(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    copy.mkdir()
    (source / "en.ftl").write_text("a = A", encoding="utf-8")
    (source / "fr.ftl").write_text("a = À", encoding="utf-8")
    (copy / "en.ftl").write_text("a = B", encoding="utf-8")
    (copy / "de.ftl").write_text("a = C", encoding="utf-8")
    assert gen_locale.stale(source, copy) == ["de.ftl", "en.ftl", "fr.ftl"]
    gen_locale.write(source, copy)
    assert gen_locale.stale(source, copy) == []
    assert [path.name for path in sorted(copy.iterdir())] == ["en.ftl", "fr.ftl"]


def test_the_command_says_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert gen_locale.main(["--check"]) == 0
    monkeypatch.setattr(gen_locale, "stale", lambda: ["en.ftl"])
    assert gen_locale.main(["--check"]) == 1
    assert "make gen" in capsys.readouterr().err
