"""Which data a piece may carry: what is refused before any decoder sees it, and that what real writers make is not."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.vector_sets.tiles import bad_tiles, good_tiles
from wire.schema import MalformedMessage
from wire.sealed.tiles import Codec, check_tile


@pytest.mark.parametrize("tile", list(good_tiles()), ids=lambda tile: f"{tile[0].name} {tile[1]} x {tile[2]}")
def test_a_picture_of_its_size_may_be_sent(tile: tuple[Codec, int, int, bytes]) -> None:
    check_tile(*tile)


@pytest.mark.parametrize("tile", list(bad_tiles()), ids=lambda tile: tile[0])
def test_what_a_decoder_would_obey_is_refused(tile: tuple[str, Codec, int, int, bytes]) -> None:
    with pytest.raises(MalformedMessage, match="not a picture of its size"):
        check_tile(*tile[1:])


@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_a_png_of_another_writer_passes_at_its_size_alone(mode: str) -> None:
    made = BytesIO()
    Image.effect_noise((31, 17), 80).convert("RGB").convert(mode).save(made, "PNG")
    check_tile(Codec.PNG, 31, 17, made.getvalue())
    with pytest.raises(MalformedMessage):
        check_tile(Codec.PNG, 17, 31, made.getvalue())


@pytest.mark.parametrize(("options", "passes"), [({}, True), ({"subsampling": "4:2:0"}, False), ({"progressive": True}, False)])
def test_a_jpeg_of_another_writer_passes_as_we_write_it_alone(options: dict[str, object], passes: bool) -> None:
    made = BytesIO()
    picture = Image.effect_noise((31, 17), 80).convert("RGB")
    picture.save(made, "JPEG", **{"subsampling": "4:4:4", **options})
    if passes:
        check_tile(Codec.JPEG, 31, 17, made.getvalue())
    else:
        with pytest.raises(MalformedMessage):
            check_tile(Codec.JPEG, 31, 17, made.getvalue())


@pytest.mark.parametrize(("options", "passes"), [({"lossless": True}, True), ({"quality": 80}, False)])
def test_a_webp_of_another_writer_passes_without_loss_alone(options: dict[str, object], passes: bool) -> None:
    for seed in range(4):
        made = BytesIO()
        Image.effect_noise((31 + seed, 17), 80).convert("RGB").save(made, "WEBP", **options)
        if passes:
            check_tile(Codec.WEBP, 31 + seed, 17, made.getvalue())
        else:
            with pytest.raises(MalformedMessage):
                check_tile(Codec.WEBP, 31 + seed, 17, made.getvalue())


@given(st.sampled_from(list(good_tiles())), st.data())
def test_a_changed_byte_gives_a_tile_or_a_refusal_and_nothing_else(tile: tuple[Codec, int, int, bytes], data: st.DataObject) -> None:
    codec, width, height, good = tile
    place = data.draw(st.integers(0, len(good)))
    bent = good[:place] + data.draw(st.binary(max_size=6)) + good[place + data.draw(st.integers(0, 6)) :]
    try:
        check_tile(codec, width, height, bent)
    except MalformedMessage:
        return
