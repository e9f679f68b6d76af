"""The application that journeys type into, and the two ways of reading a picture."""

from tests.helpers.browser import chromium, fresh_context
from tests.helpers.desktop import desktop
from tests.helpers.notebook import FIELD, notebook
from tests.helpers.pictures import canvas_picture, differing, screenshot


async def test_what_a_person_types_arrives_in_the_field() -> None:
    async with desktop(800, 600) as place, notebook(place) as note:
        field = await place.person.see(FIELD)
        await place.person.hand.click(*field.middle)
        await place.person.hand.write("pH 7")
        await note.reads("pH 7")
        picture = screenshot(place.screen.display)
        assert picture.size == (800, 600)
        assert len(picture.getcolors(1 << 20) or ()) > 2


async def test_a_canvas_is_read_pixel_for_pixel() -> None:
    async with chromium([]) as browser, fresh_context(browser) as (context, _):
        page = await context.new_page()
        await page.set_content("<canvas width=3 height=2></canvas>")
        await page.evaluate("const p = document.querySelector('canvas').getContext('2d'); p.fillStyle='#0a141e'; p.fillRect(0, 0, 3, 2)")
        picture = await canvas_picture(page, "canvas")
        assert picture is not None
        assert picture.getcolors() == [(6, (10, 20, 30))]
        other = picture.copy()
        assert differing(picture, other) is None
        other.putpixel((2, 1), (10, 20, 31))
        assert differing(picture, other) == (2, 1, 3, 2)
        assert await canvas_picture(page, "#none") is None
