"""Frames of one PipeWire stream, by GStreamer: the newest one, with the size that it says of itself.

    pipewiresrc  the stream, through the connection that the portal handed out
    appsink      holds one frame; a newer one takes its place, so that nothing piles up, and a still screen makes none

PipeWire has no binding that comes as a wheel. A few functions of GStreamer are declared here (gst.h, gstappsink.h) and copy each
frame into memory of ours. Every frame says its width and height, and is held to it: a new resolution is not taken for the old one.
"""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from host_client.ports import ScreenLost
from wire.limits import PICTURE_SIDE_MAX

_POINTER, _INT, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_NULL, _PLAYING, _FAILED = 1, 4, 0
_NANOSECONDS: Final = 1_000_000_000
_STRIDE: Final = 16
"""Rows that are padded begin at whole multiples of so many bytes, or of more."""
_PADDING_MOST: Final = 256
_TROUBLE: Final = 1 << 0 | 1 << 1
"""GST_MESSAGE_EOS and GST_MESSAGE_ERROR."""
_ELEMENTS: Final = {
    "pipewiresrc": "gstreamer1.0-pipewire",
    "videoconvert": "gstreamer1.0-plugins-base",
    "appsink": "gstreamer1.0-plugins-base",
}
"""What is used, and the Debian package that brings it."""
PIPELINE: Final = (
    "pipewiresrc fd={fd} path={node} always-copy=true do-timestamp=true ! video/x-raw "
    "! videoconvert ! video/x-raw,format=BGRx ! appsink name=end sync=false max-buffers=1 drop=true"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """BGRX, rows without padding."""

    width: int
    height: int
    pixels: bytes | bytearray


class SizeChanged(Exception):
    """The frames have another size than they say: the stream has to be opened anew. `pixels` of the one that showed it, if one did."""

    def __init__(self, pixels: bytes | bytearray = b"") -> None:
        super().__init__("the size of the stream has changed")
        self.pixels = pixels


class _Calls:
    """The functions of the two libraries, with their types. Raises OSError where one is not installed."""

    def __init__(self) -> None:
        core, app = (ctypes.CDLL(name) for name in ("libgstreamer-1.0.so.0", "libgstapp-1.0.so.0"))

        def function(library: ctypes.CDLL, name: str, result: type | None, *arguments: type) -> Callable[..., Any]:
            found: Callable[..., Any] = ctypes.CFUNCTYPE(result, *arguments)((name, library))
            return found

        long = ctypes.c_uint64
        self.init = function(core, "gst_init_check", _INT, _POINTER, _POINTER, _POINTER)
        self.factory = function(core, "gst_element_factory_find", _POINTER, _TEXT)
        self.parse = function(core, "gst_parse_launch", _POINTER, _TEXT, _POINTER)
        self.by_name = function(core, "gst_bin_get_by_name", _POINTER, _POINTER, _TEXT)
        self.state = function(core, "gst_element_set_state", _INT, _POINTER, _INT)
        self.bus = function(core, "gst_element_get_bus", _POINTER, _POINTER)
        self.message = function(core, "gst_bus_pop_filtered", _POINTER, _POINTER, _INT)
        self.unref = function(core, "gst_object_unref", None, _POINTER)
        self.forget = function(core, "gst_mini_object_unref", None, _POINTER)
        self.pull = function(app, "gst_app_sink_try_pull_sample", _POINTER, _POINTER, long)
        self.caps = function(core, "gst_sample_get_caps", _POINTER, _POINTER)
        self.structure = function(core, "gst_caps_get_structure", _POINTER, _POINTER, ctypes.c_uint)
        self.number = function(core, "gst_structure_get_int", _INT, _POINTER, _TEXT, ctypes.POINTER(_INT))
        self.buffer = function(core, "gst_sample_get_buffer", _POINTER, _POINTER)
        self.size = function(core, "gst_buffer_get_size", ctypes.c_size_t, _POINTER)
        self.extract = function(core, "gst_buffer_extract", ctypes.c_size_t, _POINTER, ctypes.c_size_t, _POINTER, ctypes.c_size_t)


@cache
def _calls() -> _Calls:
    try:
        calls = _Calls()
    except OSError as missing:
        raise ScreenLost("GStreamer is not installed (libgstreamer1.0-0, libgstreamer-plugins-base1.0-0)") from missing
    if not calls.init(None, None, None):
        raise ScreenLost("GStreamer does not start")
    return calls


def usable() -> None:
    """Raises ScreenLost, with what to install, where a part of GStreamer is missing."""
    calls = _calls()
    for element, package in _ELEMENTS.items():
        found = calls.factory(element.encode())
        if not found:
            raise ScreenLost(f"GStreamer has no {element} here (Debian: {package})")
        calls.unref(found)


class Frames:
    """One stream. Closed on the thread that pulls, or where none does. Raises ScreenLost, and `pull` SizeChanged."""

    def __init__(self, remote: int, node: int) -> None:
        """`remote`, a connection to PipeWire, is ours from now on."""
        self._remote = remote
        self._calls = _calls()
        words = PIPELINE.format(fd=remote, node=node)
        self._pipeline = self._calls.parse(words.encode(), None)
        if not self._pipeline:
            os.close(remote)
            raise ScreenLost("GStreamer cannot be put together")
        self._sink = self._calls.by_name(self._pipeline, b"end")
        self._bus = self._calls.bus(self._pipeline)
        self._alive = select.poll()
        self._alive.register(remote, select.POLLHUP | select.POLLRDHUP)
        if self._calls.state(self._pipeline, _PLAYING) == _FAILED:
            self.close()
            raise ScreenLost("PipeWire does not play the stream")

    def pull(self, seconds: float) -> Frame | None:
        """The newest frame that was not pulled yet; None when none came in time."""
        sample = self._calls.pull(self._sink, int(max(0.0, seconds) * _NANOSECONDS))
        if not sample:
            self._look()
            return None
        try:
            return self._frame(sample)
        finally:
            self._calls.forget(sample)

    def _look(self) -> None:
        message = self._calls.message(self._bus, _TROUBLE)
        if message:
            self._calls.forget(message)
            raise ScreenLost("the stream of the screen has ended")
        if self._alive.poll(0):
            raise ScreenLost("PipeWire has gone")  # of which pipewiresrc says nothing

    def _frame(self, sample: int) -> Frame:
        calls = self._calls
        structure = calls.structure(calls.caps(sample), 0)
        width, height = _INT(), _INT()
        told = calls.number(structure, b"width", ctypes.byref(width)) and calls.number(structure, b"height", ctypes.byref(height))
        if not told or not (0 < width.value <= PICTURE_SIDE_MAX and 0 < height.value <= PICTURE_SIDE_MAX):
            raise ScreenLost("a frame of the stream says no size")
        buffer = calls.buffer(sample)
        size = calls.size(buffer)
        taken = bytearray(size)
        if not size or calls.extract(buffer, 0, ctypes.addressof((ctypes.c_char * size).from_buffer(taken)), size) != size:
            raise ScreenLost("a frame of the stream cannot be copied")
        return Frame(width.value, height.value, packed(taken, width.value, height.value))

    def close(self) -> None:
        """Stop, and let the connection go: last, because GStreamer finds it by its number."""
        self._calls.state(self._pipeline, _NULL)
        for each in (self._sink, self._bus, self._pipeline):
            self._calls.unref(each)
        os.close(self._remote)


def packed(pixels: bytes | bytearray, width: int, height: int) -> bytes | bytearray:
    """Rows without padding, from rows that may each have some at the end. Raises SizeChanged where they cannot be rows of this size."""
    row = 4 * width
    if len(pixels) == row * height:
        return pixels
    stride, rest = divmod(len(pixels), height)
    if rest or stride % _STRIDE or not row <= stride < row + _PADDING_MOST:
        raise SizeChanged(pixels)
    return b"".join(pixels[at : at + row] for at in range(0, len(pixels), stride))
