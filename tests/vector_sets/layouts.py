"""Vectors of the packed lanes: screen messages with their records, input batches, and what people write to each other."""

from collections.abc import Iterator
from dataclasses import asdict
from struct import pack

from tests.vector_sets.messages import Json
from tests.vector_sets.tiles import bad_tiles, good_tiles, png
from wire.limits import CHAT_TEXT_MAX, CLIPBOARD_TEXT_MAX, POINTER_HIDDEN
from wire.sealed.chat import encode_said
from wire.sealed.clipboard import ClipboardMissing, PutOutcome, encode_done, encode_fetch, encode_missing, encode_text
from wire.sealed.clipboard import records_of as clipboard_records
from wire.sealed.input import KEYS, Batch, Button, Character, Event, Key, Move, Wheel, encode_batch
from wire.sealed.parcel import packed
from wire.sealed.plain_text import TEXT_REFUSED, cleaned
from wire.sealed.scene import Cursor, Monitor, Monitors, Pointer
from wire.sealed.screen import Copy, FrameEnd, Layout, Picture, Piece, encode_ack, encode_picture, records_of
from wire.sealed.tiles import Codec

BAD_ACKS = ("", "01", "0200000007", "010000000700")


def screen_set() -> Json:
    """Messages, acknowledgements and parcels, good and bad; then the records of a long parcel by their lengths."""
    long = packed((encode_picture(Piece(1, 0, 0, 256, 256, Codec.PNG, png(256, 256, bytes(200_000)))),))
    good: tuple[Picture, ...] = (
        Layout(1280, 800),
        Piece(7, 256, 0, 256, 128, Codec.PNG, png(256, 128)),
        FrameEnd(7, 81_000_000_123),
        Copy(7, 0, 16, 0, 0, 1280, 784),
        Copy(2**32 - 1, 2**16 - 1, 2**16 - 1, 2**16 - 1, 2**16 - 1, 2**16 - 1, 2**16 - 1),
        FrameEnd(2**32 - 1, 2**53 - 1),
        *(Piece(9, 3, 4, width, height, codec, data) for codec, width, height, data in good_tiles()),
        Cursor(15, 2, 1, 1, 0, bytes(range(8))),
        Pointer(15, 640, 400),
        Pointer(POINTER_HIDDEN, 16383, 16383),
        Monitors(()),
        Monitors((Monitor(0, 0, 1280, 800, 1), Monitor(1280, 0, 1024, 768, 0))),
    )
    copy = encode_picture(good[3])
    end = encode_picture(good[2])
    piece = encode_picture(good[1])
    bad = {
        "nothing": b"",
        "an unknown message": b"\x13" + end[1:],
        "a layout cut short": encode_picture(good[0])[:-1],
        "a layout with more behind": encode_picture(good[0]) + b"\0",
        "a layout without width": b"\x01\0\0\x03\x20",
        "a layout without height": b"\x01\x05\0\0\0",
        "a layout that is too wide": b"\x01\x40\x01\0\x10",
        "a layout that is too high": b"\x01\0\x10\x40\x01",
        "a layout of too many pixels": b"\x01\x3f\xff\x3f\xff",
        "a piece of another size than its picture": piece[:10] + b"\x80" + piece[11:],
        "a piece whose picture unfolds": piece[:30] + b"\0\0\x40\0" + piece[34:],
        **{why: piece[:9] + pack(">HHB", width, height, codec) + data for why, codec, width, height, data in bad_tiles()},
        "a copy cut short": copy[:-1],
        "a copy with more behind": copy + b"\0",
        "a copy without width": copy[:13] + b"\0\0" + copy[15:],
        "a copy without height": copy[:15] + b"\0\0",
        "an end beyond 2^53": end[:5] + b"\0\x20" + bytes(6),
        "a piece without pixels": piece[:14],
        "a piece cut short": piece[:13],
        "a piece without width": piece[:9] + b"\0\0" + piece[11:],
        "a piece that is too wide": piece[:9] + b"\x01\x01" + piece[11:],
        "a piece that is too high": piece[:11] + b"\x01\x01" + piece[13:],
        "an unknown codec": piece[:13] + b"\x06" + piece[14:],
        "a codec of nothing": piece[:13] + b"\0" + piece[14:],
        "one codec told, another sent": piece[:13] + b"\x02" + piece[14:],
        "an end cut short": end[:-1],
        "an end with more behind": end + b"\0",
        **_bad_scenes(),
    }
    return {
        "good": [{**_picture(each), "hex": encode_picture(each).hex()} for each in good],
        "bad": [{"why": why, "hex": data.hex()} for why, data in bad.items()],
        "acks": [
            *({"hex": encode_ack(7, each).hex(), "frame": 7, "worked": each} for each in (0, 300, 65535)),
            *({"hex": each, "frame": None} for each in ("", "01", "02000000070000", "0100000007", "010000000700", "0100000007000000")),
        ],
        "parcels": [
            {"hex": packed((bytes((7,)), bytes((8, 9)))).hex(), "messages": ["07", "0809"]},
            *({"hex": each, "messages": None} for each in ("", "00", "00000000", "00000003" + "0708", "ffffffff07")),
            *({"hex": "0000000107" + each, "messages": None} for each in ("000000", "00000000", "0000000208")),
        ],
        "chunks": {"message_bytes": len(long), "records": [{"more": part[0], "bytes": len(part)} for part in records_of(long)]},
        "joined": [
            {"records": ["0001", "010203", "000405"], "messages": ["01", None, "020304" + "05"]},
            *({"records": [each], "messages": None} for each in ("", "00", "01", "0201")),
        ],
    }


def _bad_scenes() -> dict[str, bytes]:
    """What is no pixel, and is not as it should be either."""
    cursor = encode_picture(Cursor(3, 2, 1, 1, 0, bytes(8)))
    pointer = encode_picture(Pointer(3, 5, 6))
    monitors = encode_picture(Monitors((Monitor(0, 0, 5, 5, 1), Monitor(5, 0, 5, 5, 0))))
    return {
        "a cursor cut short": cursor[:5],
        "a cursor with fewer pixels": cursor[:-1],
        "a cursor with more pixels": cursor + b"\0",
        "a cursor in no slot": cursor[:1] + b"\x10" + cursor[2:],
        "a cursor without width": cursor[:2] + b"\0\1\0\0",
        "a cursor without height": cursor[:2] + b"\2\0\0\0",
        "a cursor that is too wide": cursor[:2] + b"\x81\1\0\0" + bytes(129 * 4),
        "a cursor that is too high": cursor[:2] + b"\1\x81\0\0" + bytes(129 * 4),
        "a cursor that points beside it": cursor[:4] + b"\2" + cursor[5:],
        "a cursor that points below it": cursor[:5] + b"\1" + cursor[6:],
        "a pointer cut short": pointer[:-1],
        "a pointer with more behind": pointer + b"\0",
        "a pointer of no shape": pointer[:1] + b"\x10" + pointer[2:],
        "a pointer too far to the right": pointer[:2] + b"\x40\0\0\0",
        "a pointer too far down": pointer[:2] + b"\0\0\x40\0",
        "monitors without a number": monitors[:1],
        "fewer monitors than counted": monitors[:-9],
        "a monitor cut short": monitors[:-1],
        "too many monitors": monitors[:1] + b"\x11" + monitors[11:20] * 17,
        "a monitor without width": monitors[:6] + b"\0\0" + monitors[8:],
        "a monitor without height": monitors[:8] + b"\0\0" + monitors[10:],
        "a monitor beyond any screen": monitors[:2] + b"\x3f\xfc" + monitors[4:],
        "a monitor below any screen": monitors[:4] + b"\x3f\xfc" + monitors[6:],
        "a monitor half the first": monitors[:10] + b"\2" + monitors[11:],
        "two first monitors": monitors[:-1] + b"\1",
    }


def _picture(message: Picture) -> Json:
    fields = asdict(message)
    if "data" in fields:
        fields["data"] = fields["data"].hex()
    return {"type": type(message).__name__, "fields": {name: str(value) if name == "boot" else value for name, value in fields.items()}}


def input_set() -> Json:
    """Batches with each kind of event at its bounds, and bytes that no writer makes."""
    return {
        "good": [{**_batch(each), "hex": encode_batch(each).hex()} for each in _batches()],
        "bad": [{"why": why, "hex": data.hex()} for why, data in _bad_batches()],
    }


def _batches() -> Iterator[Batch]:
    yield Batch(0, 0, ())
    yield Batch(7, 61_000, (Move(640, 400), Button(0, True), Button(0, False)))
    yield Batch(2**32 - 1, 2**32 - 1, (Move(2**16 - 1, 0), Wheel(-128, 127), Button(4, True)))
    yield Batch(9, 5, (Character(0x20), Character(0xE9), Character(0x1F52C), Character(0x10FFFF)))
    yield Batch(9, 6, (Key("ControlLeft", True), Key("KeyC", True), Key("KeyC", False), Key("ControlLeft", False), Key(KEYS[-1], True)))
    yield Batch(9, 7, (Move(1, 2),) * 11)


def _batch(batch: Batch) -> Json:
    return {"picture": batch.picture, "milliseconds": batch.milliseconds, "events": [_event(event) for event in batch.events]}


def _event(event: Event) -> Json:
    return {"type": type(event).__name__, **asdict(event)}


def _bad_batches() -> Iterator[tuple[str, bytes]]:
    yield "too short", bytes(63)
    yield "too long", bytes(65)
    yield "padding that is not zero", bytes(63) + b"\x01"
    yield "fewer events than counted", _raw(1)
    yield "more events than fit", _raw(12, *((1, 0, 0, 0, 0),) * 11)
    yield "an unknown event", _raw(1, (6, 0, 0))
    yield "a button beyond the last", _raw(1, (2, 5, 1))
    yield "a button half down", _raw(1, (2, 0, 2))
    yield "a key beyond the last", _raw(1, (5, len(KEYS), 1))
    yield "a key half down", _raw(1, (5, 0, 255))
    yield "a control character", _raw(1, (4, 0, 0, 0, 0x0A))
    yield "the delete character", _raw(1, (4, 0, 0, 0, 0x7F))
    yield "a later control character", _raw(1, (4, 0, 0, 0, 0x9F))
    yield "half a character", _raw(1, (4, 0, 0, 0xD8, 0))
    yield "beyond the last character", _raw(1, (4, 0, 0x11, 0, 0))
    yield "an event cut off by the end", _raw(11, *((1, 0, 0, 0, 0),) * 10, (2, 0, 1), (4, 0))[:64]


def _raw(count: int, *events: tuple[int, ...]) -> bytes:
    return (bytes(8) + bytes((count,)) + b"".join(bytes(event) for event in events)).ljust(64, b"\0")


def chat_set() -> Json:
    """Messages that are read, and bytes that no writer makes; then texts as somebody typed them and as they travel."""
    good = (
        "a",
        "Fehler 14 · é — “ok”?",
        "line one\n\tline two",
        "\u05e9\u05dc\u05d5\u05dd",
        "\U0001f469\u200d\U0001f52c",
        "x" * CHAT_TEXT_MAX,
    )
    said = encode_said("a")
    bad = {
        "nothing": b"",
        "no text": said[:1],
        "an unknown kind": b"\x02a",
        "a text that is too long": said + b"x" * CHAT_TEXT_MAX,
        "no UTF-8": b"\x01\xff",
        "UTF-8 cut short": b"\x01\xe2\x82",
        "UTF-8 that is longer than it has to be": b"\x01\xc0\xaf",
        **{f"U+{each:04X}": b"\x01a" + chr(each).encode(errors="surrogatepass") for pair in TEXT_REFUSED for each in sorted(set(pair))},
    }
    typed = (
        "",
        "a\r\nb\rc\u0085d\u2028e\u2029f",
        "\ufeffa\x00b\x1b[31mc\x7f",
        "user\u202egnp.exe\u202c",
        "a\u200bb\u2066c\u2069",
        "tab\tand\nline",
    )
    return {
        "good": [{"hex": encode_said(each).hex(), "text": each} for each in good],
        "bad": [{"why": why, "hex": data.hex()} for why, data in bad.items()],
        "cleaned": [{"typed": each, "text": cleaned(each)} for each in typed],
    }


def clipboard_set() -> Json:
    """Texts between two clipboards with their records, requests and answers, good and bad."""
    text, long = encode_text(7, "Fehler 14\n\t\u00e9"), encode_text(2**32 - 1, "x" * CLIPBOARD_TEXT_MAX)
    done, missing = encode_done(7, PutOutcome.DONE), encode_missing(7, ClipboardMissing.NOT_TEXT)
    bad = {
        "nothing": b"",
        "no text": text[:5],
        "an unknown kind": b"\x03" + text[1:],
        "a number cut short": text[:4],
        "a text that is too long": long + b"x",
        "no UTF-8": text + b"\xff",
        "a text that steers": text + "\u202e".encode(),
        "an unknown reason": missing[:-1] + b"\x05",
        "no reason": missing[:-1],
    }
    return {
        "texts": [{"hex": text.hex(), "number": 7, "text": "Fehler 14\n\t\u00e9"}],
        "missing": [{"hex": encode_missing(7, why).hex(), "number": 7, "why": int(why)} for why in ClipboardMissing],
        "bad": [{"why": why, "hex": data.hex()} for why, data in bad.items()],
        "fetches": [
            {"hex": encode_fetch(7).hex(), "number": 7},
            *({"hex": each, "number": None} for each in ("", "01", "0200000007", "010000000700")),
        ],
        "dones": [
            *({"hex": encode_done(7, outcome).hex(), "number": 7, "outcome": int(outcome)} for outcome in PutOutcome),
            *(
                {"hex": each.hex(), "number": None, "outcome": None}
                for each in (b"", done[:-1], done + b"\0", b"\x02" + done[1:], done[:-1] + b"\x02")
            ),
        ],
        "chunks": {"message_bytes": len(long), "records": [{"more": part[0], "bytes": len(part)} for part in clipboard_records(long)]},
        "joined": [
            {"records": ["0001", "010203", "000405"], "messages": ["01", None, "02030405"]},
            *({"records": [each], "messages": None} for each in ("", "00", "01", "0201")),
        ],
    }
