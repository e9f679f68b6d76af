"""The data of pieces, good and bad, down to the chunks and segments that both ends look at. Nothing here is ever decoded."""

from collections.abc import Iterator
from struct import pack

from wire.limits import RAW_PIXELS_MAX
from wire.sealed.tiles import Codec

Tile = tuple[Codec, int, int, bytes]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB, PALETTE = 2, 3


def chunk(name: bytes, body: bytes = b"") -> bytes:
    """One chunk of a PNG. Nobody looks at its check sum before the decoder does."""
    return pack(">I", len(body)) + name + body + bytes(4)


def header(width: int, height: int, depth: int = 8, colours: int = RGB, *rest: int) -> bytes:
    """IHDR."""
    return chunk(b"IHDR", pack(">IIBB", width, height, depth, colours) + bytes(rest or (0, 0, 0)))


def png(width: int, height: int, packed: bytes = b"packed") -> bytes:
    """A PNG of this size, as far as anything here looks."""
    return SIGNATURE + header(width, height) + chunk(b"IDAT", packed) + chunk(b"IEND")


def palette_png(depth: int, colours: int) -> bytes:
    """A PNG of 5 x 6 with so many colours."""
    ends = chunk(b"IDAT") + chunk(b"IEND")
    return SIGNATURE + header(5, 6, depth, PALETTE) + chunk(b"PLTE", bytes(3 * colours)) + ends


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return pack(">BBH", 0xFF, marker, 2 + len(body)) + body


def frame(width: int, height: int, depth: int = 8, components: int = 3, sampling: bytes = b"\x11\x11\x11") -> bytes:
    """SOF0."""
    each = b"".join(bytes((place + 1, sampled, 0)) for place, sampled in enumerate(sampling))
    return segment(0xC0, pack(">BHHB", depth, height, width, components) + each)


SCAN = segment(0xDA, b"\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00")
TABLE = segment(0xDB, bytes(65))


def jpeg(framed: bytes, scan: bytes = SCAN, packed: bytes = b"data\xff\0data", ends: bytes = b"\xff\xd9") -> bytes:
    """A JPEG, as far as anything here looks."""
    return b"\xff\xd8" + segment(0xE0, b"JFIF") + TABLE + framed + segment(0xC4, b"table") + scan + packed + ends


def webp(width: int, height: int, packed: bytes = b"pack", bits: int = 0, name: bytes = b"VP8L") -> bytes:
    """A lossless WebP, as far as anything here looks."""
    body = pack("<BI", 0x2F, (width - 1) | (height - 1) << 14 | bits) + packed
    chunk = name + pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def good_tiles() -> Iterator[Tile]:
    """One of each kind, and each at its bounds."""
    yield Codec.PNG, 256, 256, SIGNATURE + header(256, 256) + chunk(b"IDAT", b"a") + chunk(b"IDAT", b"b") + chunk(b"IEND")
    for depth in (1, 2, 4, 8):
        yield Codec.PNG, 5, 6, palette_png(depth, 2**depth)
    yield Codec.PNG, 5, 6, palette_png(8, 1)
    yield Codec.JPEG, 256, 1, jpeg(frame(256, 1))
    yield Codec.JPEG, 5, 6, jpeg(frame(5, 6), packed=b"")
    yield Codec.WEBP, 256, 256, webp(256, 256)
    yield Codec.WEBP, 5, 6, webp(5, 6, b"odd")
    yield Codec.RAW, 2, 1, b"\x01\x02\x03\xff\xfe\xfd"
    yield Codec.RAW, RAW_PIXELS_MAX // 4, 4, bytes(range(256)) * (3 * RAW_PIXELS_MAX // 256)
    yield Codec.FILL, 256, 256, b"\x10\x20\xff"


def bad_tiles() -> Iterator[tuple[str, Codec, int, int, bytes]]:
    """What a decoder would obey, or what nobody ever writes."""
    for why, data in (*_bad_png(), *_bad_palettes()):
        yield f"a PNG {why}", Codec.PNG, 5, 6, data
    for why, data in _bad_jpeg():
        yield f"a JPEG {why}", Codec.JPEG, 5, 6, data
    for why, data in _bad_webp():
        yield f"a WebP {why}", Codec.WEBP, 5, 6, data
    yield "raw pixels of which one is missing", Codec.RAW, 2, 2, bytes(9)
    yield "raw pixels and one byte", Codec.RAW, 2, 2, bytes(13)
    yield "more raw pixels than may be", Codec.RAW, 41, 25, bytes(3 * 41 * 25)
    yield "no raw pixels", Codec.RAW, 1, 1, b""
    yield "a fill without blue", Codec.FILL, 5, 6, bytes(2)
    yield "a fill with more behind", Codec.FILL, 5, 6, bytes(4)


def _bad_png() -> Iterator[tuple[str, bytes]]:
    good = png(5, 6)
    body = chunk(b"IDAT") + chunk(b"IEND")
    yield "without its signature", b"\x88" + good[1:]
    yield "cut inside its signature", good[:7]
    yield "cut inside its header", good[:20]
    yield "cut before its end", good[:-1]
    yield "with more behind", good + b"\0"
    yield "with a chunk behind", good + chunk(b"IDAT")
    yield "whose chunk is longer than all", good[:-12] + pack(">I", 2**31) + good[-8:]
    yield "of a larger width", SIGNATURE + header(16384, 6) + body
    yield "of a larger height", SIGNATURE + header(5, 16384) + body
    yield "with 16 bits a channel", SIGNATURE + header(5, 6, 16) + body
    yield "with transparency", SIGNATURE + header(5, 6, 8, 6) + body
    yield "in grey", SIGNATURE + header(5, 6, 8, 0) + body
    yield "of an unknown compression", SIGNATURE + header(5, 6, 8, RGB, 1, 0, 0) + body
    yield "of an unknown filter", SIGNATURE + header(5, 6, 8, RGB, 0, 1, 0) + body
    yield "that is interlaced", SIGNATURE + header(5, 6, 8, RGB, 0, 0, 1) + body
    yield "whose header is too long", SIGNATURE + header(5, 6, 8, RGB, 0, 0, 0, 0) + body
    yield "with two headers", SIGNATURE + header(5, 6) + header(5, 6) + body
    yield "without pixels", SIGNATURE + header(5, 6) + chunk(b"IEND")
    yield "without an end", SIGNATURE + header(5, 6) + chunk(b"IDAT")
    yield "whose header comes late", SIGNATURE + chunk(b"IDAT") + header(5, 6) + chunk(b"IEND")
    for name in (b"iCCP", b"zTXt", b"acTL", b"tRNS", b"eXIf"):
        yield f"with {name.decode()}", SIGNATURE + header(5, 6) + chunk(name, b"x") + body


def _bad_palettes() -> Iterator[tuple[str, bytes]]:
    body = chunk(b"IDAT") + chunk(b"IEND")
    yield "with a palette it has no use for", SIGNATURE + header(5, 6) + chunk(b"PLTE", bytes(3)) + body
    yield "without the palette it needs", SIGNATURE + header(5, 6, 8, PALETTE) + body
    yield "with an empty palette", palette_png(8, 0)
    yield "with more colours than its depth", palette_png(2, 5)
    yield "with more than 256 colours", palette_png(8, 257)
    yield "with a third of a colour", SIGNATURE + header(5, 6, 8, PALETTE) + chunk(b"PLTE", bytes(4)) + body
    yield "with a palette of 16 bits", palette_png(16, 4)
    late = chunk(b"IDAT") + chunk(b"PLTE", bytes(3)) + chunk(b"IEND")
    yield "with a palette behind its pixels", SIGNATURE + header(5, 6, 8, PALETTE) + late


def _bad_jpeg() -> Iterator[tuple[str, bytes]]:
    good = jpeg(frame(5, 6))
    yield "that does not begin as one", b"\xff\xd9" + good[2:]
    yield "of nothing but a beginning", good[:2]
    yield "cut inside a segment", good[:9]
    yield "cut before its end", good[:-1]
    yield "without its end", good[:-2]
    yield "with more behind", good + b"\0"
    yield "of a larger width", jpeg(frame(16384, 6))
    yield "of a larger height", jpeg(frame(5, 16384))
    yield "whose height comes later", jpeg(frame(5, 0))
    yield "of twelve bits", jpeg(frame(5, 6, 12))
    yield "in grey", jpeg(frame(5, 6, 8, 1, b"\x11"))
    yield "in four colours", jpeg(frame(5, 6, 8, 4, b"\x11\x11\x11\x11"))
    yield "that tells three components and has two", jpeg(frame(5, 6, 8, 3, b"\x11\x11"))
    yield "whose colours are subsampled", jpeg(frame(5, 6, 8, 3, b"\x22\x11\x11"))
    yield "without a frame", jpeg(b"")
    yield "with two frames", jpeg(frame(5, 6) + frame(5, 6))
    yield "that is progressive", jpeg(b"\xff\xc2" + frame(5, 6)[2:])
    yield "with a profile", jpeg(segment(0xE2, b"ICC_PROFILE") + frame(5, 6))
    yield "that would turn itself", jpeg(segment(0xE1, b"Exif") + frame(5, 6))
    yield "with restarts", jpeg(segment(0xDD, bytes(2)) + frame(5, 6))
    yield "of one component a scan", jpeg(frame(5, 6), segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"))
    yield "whose scan tells one component and has three", jpeg(frame(5, 6), segment(0xDA, b"\x01" + bytes(9)))
    yield "without a scan", good[: good.index(SCAN)]
    yield "with two scans", jpeg(frame(5, 6), packed=b"data" + SCAN + b"data")
    yield "of a segment without length", jpeg(b"\xff\xc0\0\1")
    yield "with bytes between its segments", jpeg(b"\0" + frame(5, 6))
    yield "that ends early and goes on", jpeg(frame(5, 6), packed=b"data\xff\xd9data")


def _bad_webp() -> Iterator[tuple[str, bytes]]:
    good = webp(5, 6)
    yield "that does not begin as one", b"RIFX" + good[4:]
    yield "of nothing but a header", good[:25]
    yield "cut inside its header", good[:19]
    yield "cut before its end", good[:-1]
    yield "with more behind", good + b"\0"
    yield "with a chunk behind", good + b"EXIF" + bytes(4)
    yield "of a larger width", webp(16384, 6)
    yield "of a larger height", webp(5, 16384)
    yield "with transparency", webp(5, 6, bits=1 << 28)
    yield "of an unknown version", webp(5, 6, bits=1 << 29)
    yield "with loss", webp(5, 6, name=b"VP8 ")
    yield "with chunks beside the picture", webp(5, 6, name=b"VP8X")
    yield "without its signature", good[:20] + b"\x2e" + good[21:]
    yield "that is something else in RIFF", good[:8] + b"WAVE" + good[12:]
    yield "that counts more than there is", good[:4] + pack("<I", len(good)) + good[8:]
    yield "whose chunk counts more than there is", good[:16] + pack("<I", 2**31) + good[20:]
    yield "whose chunk leaves two bytes over", good[:16] + pack("<I", len(good) - 22) + good[20:]
    yield "whose length is odd", webp(5, 6, b"odd")[:-1]
