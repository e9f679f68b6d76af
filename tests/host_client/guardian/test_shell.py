"""The mark of a code that is out."""

from pathlib import Path

from host_client.guardian.shell import mark_code


def test_the_mark_of_a_code_comes_and_goes_and_a_disk_that_fails_stops_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "code.out"
    mark_code(mark, "482913")
    assert mark.read_text() == "482913"
    mark_code(mark, None)
    mark_code(mark, None)
    assert not mark.exists()
    mark_code(tmp_path / "nowhere" / "code.out", "482913")
    assert not (tmp_path / "nowhere").exists()
