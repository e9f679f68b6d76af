"""Reads a program's settings into its one frozen dataclass: TOML file, then environment, then command line; the last wins.

An unknown key is refused by name, because a misspelt restriction would restrict nothing. What lowers safety has a name that
begins with `Unsafe`, so that it names itself wherever it is written, and programs say at start which of them are set.
The dataclass checks its own values in `__post_init__` and raises ConfigRefused; nothing is read twice.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, cast, get_origin, get_type_hints

T = TypeVar("T")
_TABLES: dict[Any, Any] = {Mapping: dict, tuple: tuple}
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class ConfigRefused(Exception):
    """A setting is unknown, missing or wrong. The message names it, for the administrator."""


def read_config(
    cls: type[T], file: Path | None, *, prefix: str, environment: Mapping[str, str], given: Mapping[str, object] | None = None
) -> T:
    """Fill the dataclass `cls`, whose fields are str, int, float, bool or Path, or one of these or None, or a tuple of str.

    `prefix` is that of the environment's names, such as `CHAPERONE_HOST_`; a value of None in `given` was not said.
    Relative paths of the file are seen from its own folder. Raises ConfigRefused.
    """
    settings = {
        **_rooted(cls, _from_file(file), file),
        **_from_environment(environment, prefix),
        **{name: value for name, value in (given or {}).items() if value is not None},
    }
    kinds = _kinds(cls)
    unknown = sorted(settings.keys() - kinds.keys())
    if unknown:
        raise ConfigRefused(f"unknown setting: {', '.join(unknown)}")
    missing = sorted(_required(cls) - settings.keys())
    if missing:
        raise ConfigRefused(f"missing setting: {', '.join(missing)}")
    return cls(**{name: _typed(name, kinds[name], value) for name, value in settings.items()})


def unsafe_in_force(config: object) -> tuple[str, ...]:
    """The names of the settings that lower safety and are set, for the program to say at start."""
    return tuple(each.name for each in fields(cast(Any, config)) if each.name.startswith("Unsafe") and getattr(config, each.name))


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigRefused(f"{file} cannot be read: {fault.strerror}") from None
    except ValueError as fault:
        raise ConfigRefused(f"{file} is not TOML: {fault}") from None


def _from_environment(environment: Mapping[str, str], prefix: str) -> dict[str, Any]:
    said = {name.removeprefix(prefix): value for name, value in environment.items() if name.startswith(prefix)}
    return {name if name.startswith("Unsafe") else name.lower(): value for name, value in said.items()}


def _rooted(cls: type, settings: dict[str, Any], file: Path | None) -> dict[str, Any]:
    if file is None:
        return settings
    paths = {name for name, kind in _kinds(cls).items() if kind is Path}
    written = {name for name in paths if isinstance(settings.get(name), str) and settings[name]}
    here = file.resolve().parent
    tables = {name for name, kind in _kinds(cls).items() if kind is dict and isinstance(settings.get(name), dict)}
    return {
        name: here / value if name in written else _rooted_table(here, value) if name in tables else value
        for name, value in settings.items()
    }


def _rooted_table(here: Path, table: dict[str, Any]) -> dict[str, Any]:
    return {name: here / value if isinstance(value, str) and value else value for name, value in table.items()}


def _kinds(cls: type) -> dict[str, type]:
    """Field name -> plain type, `X | None` taken as X, and a table of paths (`Mapping[str, Path]`) as dict."""
    hints = {name: _TABLES.get(get_origin(hint), hint) for name, hint in get_type_hints(cls).items()}
    plain = {name: next((arm for arm in getattr(hint, "__args__", ()) if arm is not type(None)), hint) for name, hint in hints.items()}
    return {each.name: plain[each.name] for each in fields(cast(Any, cls))}


def _required(cls: type) -> set[str]:
    return {each.name for each in fields(cast(Any, cls)) if each.default is MISSING and each.default_factory is MISSING}


def _listed(name: str, value: object) -> tuple[str, ...]:
    listed = value.split() if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise ConfigRefused(f"{name} is not a list of texts")
    return tuple(listed)


def _typed(name: str, kind: type, value: object) -> object:
    if kind is bool and isinstance(value, str):
        value = _TRUTH.get(value.lower(), value)
    if kind in {int, float} and isinstance(value, str):
        try:
            value = kind(value)
        except ValueError:
            raise ConfigRefused(f"{name} is not a number") from None
    if kind is Path and isinstance(value, str):
        if not value:  # it would mean the working directory
            raise ConfigRefused(f"{name} is empty")
        value = Path(value)
    if kind is tuple:
        value = _listed(name, value)
    if kind is dict and isinstance(value, dict) and not all(isinstance(each, Path) for each in value.values()):
        raise ConfigRefused(f"{name} is not a table of files")
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    # True is an int to Python, and would pass for a port.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigRefused(f"{name} is not of the kind {kind.__name__}")
    return value
