"""The screens that other tests stand on."""

import select

from Xlib import X

from host_client.screen.x_display import open_display
from tests.helpers.x_server import READY_SECONDS, hand, openbox, xvfb, xvnc


async def test_an_rfb_hand_presses_where_it_points() -> None:
    with xvnc(640, 480) as screen:
        watch = open_display(screen.display)
        window = watch.screen().root.create_window(0, 0, 640, 480, 0, X.CopyFromParent, event_mask=X.ButtonPressMask)
        window.change_attributes(override_redirect=True)
        window.map()
        watch.sync()
        async with hand(screen) as person:
            await person.click(123, 45)
            assert select.select([watch.fileno()], [], [], READY_SECONDS)[0]
        event = watch.next_event()
        assert (event.type, event.root_x, event.root_y) == (X.ButtonPress, 123, 45)
        watch.close()


def test_a_window_manager_announces_itself_on_a_fresh_screen() -> None:
    with xvfb(640, 480) as screen:
        with openbox(screen):
            watch = open_display(screen.display)
            supporting = watch.intern_atom("_NET_SUPPORTING_WM_CHECK")
            assert watch.screen().root.get_full_property(supporting, X.AnyPropertyType) is not None
            watch.close()
        assert screen.process.poll() is None
    assert screen.process.poll() is not None
