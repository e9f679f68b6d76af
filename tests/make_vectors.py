"""Writes wire/vectors/*.json, which Python and the console's tests both run. Run: python -m tests.make_vectors [--check]

Everything is fixed: a second run writes the same bytes. It lives with the tests, because statements are signed by
trust/, which the room wire/ may not enter. What each file holds is told in docs/protocol.md, section 10.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.vector_sets import agreements, documents, evidence, layouts, messages, records, statements

TARGET = Path(__file__).resolve().parent.parent / "wire" / "vectors"

SETS: dict[str, Callable[[], object]] = {
    "messages": messages.message_set,
    "frames": messages.frame_set,
    "codes": agreements.code_set,
    "commitments": agreements.commitment_set,
    "agreement": agreements.agreement_set,
    "records": records.record_set,
    "screen": layouts.screen_set,
    "input": layouts.input_set,
    "chat": layouts.chat_set,
    "clipboard": layouts.clipboard_set,
    "statements": statements.statement_set,
    "evidence": evidence.evidence_set,
    **dict(documents.sets()),
}


def written(name: str) -> str:
    """The text of one file."""
    return json.dumps(SETS[name](), ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all files, or with --check leave with 1 and the command to run when one is stale."""
    parser = argparse.ArgumentParser(prog="python -m tests.make_vectors", description="Write the shared vectors.")
    parser.add_argument("--check", action="store_true", help="only compare, and fail if a file is stale")
    parser.add_argument("--target", type=Path, default=TARGET, help="where the files stand")
    chosen = parser.parse_args(arguments)
    for name in SETS:
        path = chosen.target / f"{name}.json"
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(name), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != written(name):
            parser.exit(1, f"{path.name} is stale. Run: python -m tests.make_vectors\n")


if __name__ == "__main__":
    main()
