"""Cycles that other threads leave behind are collected by the thread of the windows, never by those threads."""

import gc
import threading

from PySide6.QtWidgets import QApplication

from host_client.desk.qt.garbage import collect_what_is_due, collected_here
from tests.host_client.desk.qt.conftest import until


class Cycle:
    """Garbage that says on which thread it was collected."""

    def __init__(self, collected_on: list[int]) -> None:
        self._collected_on = collected_on
        self._itself = self

    def __del__(self) -> None:
        self._collected_on.append(threading.get_ident())


def leave(collected_on: list[int], many: int) -> None:
    """What a busy thread does: it leaves far more behind than Python suffers before it collects."""
    for _ in range(many):
        Cycle(collected_on)


def test_only_the_thread_of_the_windows_collects(qt: QApplication) -> None:
    collected_on: list[int] = []
    many = gc.get_threshold()[0] * 5
    with collected_here():
        busy = threading.Thread(target=leave, args=(collected_on, many))
        busy.start()
        busy.join()
        assert collected_on == []
        assert until(lambda: len(collected_on) == many)
    assert set(collected_on) == {threading.get_ident()}


def test_what_is_left_when_the_windows_are_closed_is_collected_then_and_python_goes_on_by_itself(qt: QApplication) -> None:
    collected_on: list[int] = []
    with collected_here():
        assert not gc.isenabled()
        leave(collected_on, 1)
    assert collected_on == [threading.get_ident()]
    assert gc.isenabled()


def test_older_generations_have_their_turn() -> None:
    collected_on: list[int] = []
    leave(collected_on, 1)
    gc.collect(0)  # nothing holds it: gone with the youngest
    assert len(collected_on) == 1
    kept = [Cycle(collected_on)]
    gc.collect(0)
    gc.collect(0)
    kept.clear()
    before, collections = gc.get_threshold(), gc.get_stats()[1]["collections"]
    gc.set_threshold(1, 1, 1)
    try:
        leave(collected_on, 5)
        collect_what_is_due()
        leave(collected_on, 5)
        collect_what_is_due()
        leave(collected_on, 5)
        collect_what_is_due()
    finally:
        gc.set_threshold(*before)
    assert gc.get_stats()[1]["collections"] > collections
    assert len(collected_on) == 17
