"""Who may import whom, checked on the real tree and on planted faults (docs/adr/0001).

The rules are tables; a planted fault beside each proves that the check bites.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.helpers.imports import ROOMS, Graph, graph, sources

ROOT = Path(__file__).parent.parent
LINES_MAX = 500

MAY_IMPORT: dict[str, frozenset[str]] = {
    "policy": frozenset(),
    "wire": frozenset({"policy"}),
    "audit": frozenset({"policy", "wire", "trust", "runtime"}),
    "trust": frozenset({"policy", "wire", "audit", "runtime"}),
    "runtime": frozenset({"policy", "wire", "audit"}),
    "broker": frozenset({"policy", "wire", "audit", "trust", "runtime"}),
    "host_client": frozenset({"policy", "wire", "audit", "trust", "runtime"}),
    "tech_console": frozenset({"policy", "wire", "trust", "runtime"}),
}
"""Rooms by rooms. `audit` reaches `trust` and `runtime` only from its program, see AUDIT_PROGRAM."""

AUDIT_PROGRAM = (
    "audit.cli",
    "audit.cli_common",
    "audit.cli_prove",
    "audit.cli_read",
    "audit.cli_receipt",
    "audit.cli_verdict",
    "audit.cli_verify",
    "audit.against_receipt",
    "audit.export",
    "audit.export_pages",
    "audit.export_paper",
    "audit.jsonl",
    "audit.receipt_pdf",
    "audit.show",
    "audit.siem_stream",
    "audit.standalone",
    "audit.stores",
)
PURE_PREFIXES = ("policy", "wire", "audit", "broker.core", "host_client.core", "host_client.abilities")
NOT_PURE = (*AUDIT_PROGRAM, "wire.gen_ts", "wire.gen_vectors")
IMPURE = frozenset(
    {
        "asyncio",
        "socket",
        "time",
        "random",
        "secrets",
        "os",
        "threading",
        "sqlalchemy",
        "starlette",
        "aiortc",
        "uvicorn",
        "websockets",
        "subprocess",
        "pathlib",
        "sqlite3",
        "ssl",
        "uuid",
    }
)
CRYPTOGRAPHY_IN = ("wire.sealed", "audit", "trust", "host_client", "broker", "runtime")


def under(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def is_pure(module: str) -> bool:
    return any(under(module, prefix) for prefix in PURE_PREFIXES) and not any(under(module, program) for program in NOT_PURE)


def room_faults(imports: Graph) -> Iterator[str]:
    for module, imported in imports.ours.items():
        room = module.split(".")[0]
        for other in {each.split(".")[0] for each in imported} - {room} - MAY_IMPORT[room]:
            yield f"{module} imports {other}"


def sealed_faults(imports: Graph) -> Iterator[str]:
    for module in imports.ours:
        if module.split(".")[0] in {"broker", "trust", "runtime", "audit", "tech_console"}:
            reached = {each for each in imports.reach(module) if under(each, "wire.sealed")}
            if reached:
                yield f"{module} reaches {sorted(reached)}"


def pure_faults(imports: Graph) -> Iterator[str]:
    for module in filter(is_pure, imports.ours):
        for each in {module, *imports.reach(module)}:
            for banned in imports.others.get(each, frozenset()) & IMPURE:
                yield f"{module} reaches {banned} through {each}"


def cryptography_faults(imports: Graph) -> Iterator[str]:
    for module, others in imports.others.items():
        if others & {"cryptography", "cpace"} and not any(under(module, room) for room in CRYPTOGRAPHY_IN):
            yield f"{module} does cryptography"
        if is_pure(module) and under(module, "broker") and others & {"cryptography"}:
            yield f"{module} does cryptography in a core"


CHECKS = (room_faults, sealed_faults, pure_faults, cryptography_faults)

PLANTED: list[tuple[str, Mapping[str, str]]] = [
    ("policy imports wire", {"policy.x": "from wire import frames", "wire.frames": ""}),
    ("broker imports host_client", {"broker.web.x": "import host_client.core", "host_client.core": ""}),
    ("host_client imports broker", {"host_client.x": "def f():\n    from broker import config", "broker.config": ""}),
    ("runtime imports broker", {"runtime.run": "from broker.cli import main", "broker.cli": ""}),
    ("broker reaches wire.sealed directly", {"broker.x": "from wire.sealed.records import Opener", "wire.sealed.records": ""}),
    (
        "broker reaches wire.sealed through trust",
        {"broker.x": "import trust.y", "trust.y": "from wire import sealed", "wire.sealed": ""},
    ),
    ("policy reads a clock", {"policy.x": "import time"}),
    ("a core starts a task", {"broker.core.x": "from asyncio import create_task"}),
    (
        "a core reads a clock through another room",
        {"host_client.core.x": "import trust.clock", "trust.clock": "from time import monotonic"},
    ),
    ("wire outside the seals does cryptography", {"wire.x": "from cryptography.hazmat import primitives"}),
]


@pytest.mark.parametrize(("fault", "modules"), PLANTED, ids=[fault for fault, _ in PLANTED])
def test_a_planted_fault_is_found(fault: str, modules: Mapping[str, str]) -> None:
    assert [each for check in CHECKS for each in check(graph(modules))], fault


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_the_real_rooms_keep_the_rules(check: type) -> None:
    found = graph(sources(ROOT))
    assert {each.split(".")[0] for each in found.ours} >= {"policy", "wire"}
    assert list(check(found)) == []


def test_every_room_has_its_rule() -> None:
    assert set(MAY_IMPORT) == set(ROOMS)


def test_no_file_is_too_long_to_read() -> None:
    files = [
        path
        for room in (*ROOMS, "tests", "benchmarks")
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".ts", ".tsx", ".css"}
    ]
    ours = [path for path in files if "node_modules" not in path.parts and "dist" not in path.parts and not path.name.endswith(".gen.ts")]
    assert len(ours) > 20
    long = {
        str(path.relative_to(ROOT)): lines for path in ours if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert long == {}
