"""The generator of the console's wire types: complete, and checked against what stands on disk."""

import importlib
import pkgutil
from enum import Enum
from pathlib import Path

import pytest

import wire
from wire import gen_ts
from wire.schema import MESSAGES


def test_every_module_with_messages_or_words_is_listed() -> None:
    listed = {module.__name__ for module in gen_ts.LISTED}
    for found in pkgutil.walk_packages(wire.__path__, "wire."):
        module = importlib.import_module(found.name)
        own = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == found.name]
        if any(issubclass(cls, Enum) or cls in MESSAGES.values() for cls in own):
            assert found.name in listed, f"add {found.name} to wire/gen_ts.py"


def test_every_message_is_in_the_tables() -> None:
    text = gen_ts.generate()
    for name, cls in MESSAGES.items():
        if cls.__module__.startswith("wire."):
            assert f'\n  "{name}",\n' in text
            assert f"\n  {name}: {{\n" in text


def test_shapes_tell_kind_bounds_and_whether_null_may_stand_there() -> None:
    text = gen_ts.generate()
    assert 'nonce: { kind: "bytes", low: 16, high: 32 },' in text
    assert 'device: { kind: "part", name: "statement", optional: true },' in text
    assert 'leaves: { kind: "list", most: 16, item: { kind: "bytes", low: 32, high: 32 } },' in text
    assert 'reason: { kind: "enum", name: "Reason", optional: true },' in text
    assert "readonly persons: readonly Person[];" in text
    assert "readonly reason: Reason | null;" in text


def test_it_writes_what_it_then_finds_unchanged(tmp_path: Path) -> None:
    target = tmp_path / "src" / "wire.gen.ts"
    gen_ts.main(["--target", str(target)])
    assert target.read_text(encoding="utf-8") == gen_ts.generate()
    gen_ts.main(["--check", "--target", str(target)])


@pytest.mark.parametrize("content", [None, "export const OLD = 1;\n"])
def test_a_stale_or_missing_file_fails_with_the_command_to_run(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "wire.gen.ts"
    if content is not None:
        target.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        gen_ts.main(["--check", "--target", str(target)])
    assert caught.value.code == 1
    assert capsys.readouterr().err == "wire.gen.ts is stale. Run: make gen\n"
