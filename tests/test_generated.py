"""What is generated is what would be generated now."""

from pathlib import Path

import pytest

from broker import gen_openapi
from tests import make_vectors
from wire import gen_ts


def test_the_console_has_the_wire_types_of_today() -> None:
    written = gen_ts.TARGET.read_text(encoding="utf-8")
    assert written == gen_ts.generate(), "run: make gen"


def test_the_page_of_the_api_is_that_of_the_routes_of_today() -> None:
    assert gen_openapi.TARGET.read_text(encoding="utf-8") == gen_openapi.generate(), "run: make gen"


@pytest.mark.parametrize("name", make_vectors.SETS)
def test_the_shared_vectors_are_those_of_today(name: str) -> None:
    written = (make_vectors.TARGET / f"{name}.json").read_text(encoding="utf-8")
    assert written == make_vectors.written(name), "run: python -m tests.make_vectors"


def test_no_vector_file_is_left_over() -> None:
    left = {str(path.relative_to(make_vectors.TARGET).with_suffix("")) for path in make_vectors.TARGET.rglob("*.json")}
    assert left == set(make_vectors.SETS)


def test_vectors_are_written_and_then_found_unchanged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_vectors.main(["--target", str(tmp_path)])
    make_vectors.main(["--check", "--target", str(tmp_path)])
    (tmp_path / "input.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        make_vectors.main(["--check", "--target", str(tmp_path)])
    assert caught.value.code == 1
    assert "input.json is stale" in capsys.readouterr().err
