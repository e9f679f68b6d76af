"""Case 98, the pixels: neither a window nor a place that the site hides is ever in the technician's canvas, while the screen changes its
size and the pointer its shape, and while the site hides more in the middle of the visit. Under a mask nothing can be clicked, and the
host's log says so.
"""

import asyncio
from contextlib import closing

from PIL import Image
from Xlib import X, Xcursorfont
from Xlib.display import Display

from host_client.screen.masks import INK, PAPER
from host_client.screen.x_display import open_display
from tests.helpers.house import House
from tests.helpers.notebook import FIELD, notebook
from tests.helpers.pictures import canvas_picture
from tests.helpers.site_rules import ALL, site_text
from tests.helpers.technician import Technician
from tests.helpers.visits import SETTLE_SECONDS, control, view

SETTINGS = {"CHAPERONE_HOST_SITE_POLICY": "{root}/site.toml"}
MASK = '[[mask]]\nname = "notes"\ntitle = "Notebook*"\n'
GREYS = {(grey >> 16, grey >> 8 & 255, grey & 255) for grey in (PAPER, INK)}
PLACE = '[[mask]]\nname = "corner"\nregion = { left = 900, top = 500, width = 100, height = 100 }\n'
CORNER = (900, 500, 1000, 600)
SMALLER = (1024, 768)


async def shown(technician: Technician) -> Image.Image:
    """The picture, once a frame was drawn."""
    await technician.page.wait_for_selector("#screen[data-frame]")
    async with asyncio.timeout(SETTLE_SECONDS):
        while (picture := await canvas_picture(technician.page, "#screen")) is None:
            pass
    return picture


def colours(picture: Image.Image, box: tuple[int, int, int, int]) -> set[object]:
    return {colour for _, colour in picture.crop(box).getcolors(box[2] * box[3]) or ()}


def resize(display: str) -> None:
    """As a person does in the settings of the desktop."""
    with closing(open_display(display)) as changer:
        root = changer.screen().root
        info = root.xrandr_get_screen_info()
        sizes = [(size["width_in_pixels"], size["height_in_pixels"]) for size in info.sizes]
        root.xrandr_set_screen_config(sizes.index(SMALLER), 1, info.config_timestamp)
        changer.sync()


async def hidden(technician: Technician, box: tuple[int, int, int, int]) -> None:
    """Wait until nothing but stripes is there."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while colours(await shown(technician), box) != GREYS:
            pass


async def cursor_of(technician: Technician) -> str:
    found: str = await technician.page.evaluate("() => document.querySelector('#screen').style.cursor")
    return found


async def test_a_hidden_window_never_shows_while_the_screen_and_the_pointer_change(home: House) -> None:
    home.write_site_policy(site_text(ALL + MASK, 1))
    async with home.technician() as technician, notebook(home.desktop) as note:
        field = await home.person.see(FIELD)
        box = (field.x, field.y, field.x + field.width, field.y + field.height)
        await view(home, technician)
        assert colours(await shown(technician), box) == GREYS
        await home.person.hand.move(*field.middle)
        await technician.page.wait_for_selector("#pointer", state="hidden")
        await home.person.hand.move(700, 200)
        await technician.page.wait_for_selector("#pointer[data-x='700'][data-y='200']", state="visible")
        await control(home, technician)
        await technician.click_at(*field.middle, home.desktop.screen.width, home.desktop.screen.height)
        await technician.page.wait_for_selector("#notice[data-notice='input_masked']")
        assert note.text == ""
        assert not colours(await shown(technician), CORNER) & GREYS
        home.write_site_policy(site_text(ALL + MASK + PLACE, 2))
        await hidden(technician, CORNER)
        assert colours(await shown(technician), box) == GREYS
        await technician.page.wait_for_function("() => document.querySelector('#screen').style.cursor.includes('url')")
        before = await cursor_of(technician)
        with closing(open_display(home.desktop.screen.display)) as other:
            root = other.screen().root
            window = root.create_window(600, 150, 300, 200, 0, X.CopyFromParent, override_redirect=True, cursor=caret(other))
            window.map()
            other.sync()
            await home.person.hand.move(700, 200)
            await technician.page.wait_for_function("(before) => document.querySelector('#screen').style.cursor !== before", arg=before)
        await asyncio.to_thread(resize, home.desktop.screen.display)
        await technician.page.wait_for_selector(f"#screen[data-width='{SMALLER[0]}'][data-height='{SMALLER[1]}']")
        assert colours(await shown(technician), box) == colours(await shown(technician), CORNER) == GREYS
        await technician.end()
        await technician.summary("technician_ended")  # the person's hand went with the old size of the screen: RFB closes
    said = await home.shown("host")
    assert "were not carried out" in said
    assert "own rules, version 2, are in force" in said


def caret(display: Display) -> object:
    """The shape that stands over text."""
    font = display.open_font("cursor")
    return font.create_glyph_cursor(font, Xcursorfont.xterm, Xcursorfont.xterm + 1, (0, 0, 0), (65535, 65535, 65535))
