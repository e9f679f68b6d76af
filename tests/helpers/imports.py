"""The import graph of our rooms, read from source without importing anything."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("audit", "broker", "host_client", "policy", "runtime", "tech_console", "trust", "wire")


@dataclass(frozen=True, slots=True)
class Graph:
    """Imports of each module: ours by full module name, everybody else's by top-level name."""

    ours: Mapping[str, frozenset[str]]
    others: Mapping[str, frozenset[str]]

    def reach(self, start: str) -> frozenset[str]:
        """Every module of ours that `start` imports, directly or through others of ours."""
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for imported in self.ours.get(waiting.pop(), frozenset()) - seen:
                seen.add(imported)
                waiting.append(imported)
        return frozenset(seen)


def sources(root: Path) -> dict[str, str]:
    """Module name -> source, of every Python file in our rooms."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def graph(modules: Mapping[str, str]) -> Graph:
    """Read the imports of every module. Imports inside functions and `if TYPE_CHECKING` count like any other."""
    ours: dict[str, frozenset[str]] = {}
    others: dict[str, frozenset[str]] = {}
    for name, source in modules.items():
        imported = set(_imported(ast.parse(source)))
        inside = {each for each in imported if each.split(".")[0] in ROOMS}
        ours[name] = frozenset(_existing(each, modules) for each in inside)
        others[name] = frozenset(each.split(".")[0] for each in imported - inside)
    return Graph(ours, others)


def _existing(name: str, modules: Mapping[str, str]) -> str:
    """`from a.b import c` names a.b.c, which may be a module or something inside a.b."""
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
