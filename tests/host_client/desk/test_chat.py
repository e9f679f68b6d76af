"""Who can write in the chat on a real screen: the person at the PC, and nobody else."""

from host_client.desk.input_x11 import XInjector
from host_client.link import BannerState, ChatLine, ChatOpened, ChatSaid, ShowBanner
from tests.helpers.desk_process import IDLE, desk_process
from tests.helpers.x_server import XScreen, hand, openbox

BANNER = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.CONTROLLING, 0, 3600, ())


async def test_what_an_injector_presses_and_types_is_not_the_persons(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _), XInjector(screen.display) as injector:
        for said in (IDLE, BANNER, ChatOpened("Dana Ortiz"), ChatLine(mine=False, text="Do you allow it?")):
            desk.tell(said)
        messages = desk.button("messages")
        assert messages.name == "● Messages: 1 new"
        injector.move(messages.x, messages.y)
        for down in (True, False):
            injector.button(1, down)
        async with hand(screen) as person:
            await person.click(messages.x, messages.y)
            send = desk.button("chat-send")
            assert desk.button("messages").name == "Messages"
            await person.write("no")
            desk.typed("no")  # before the injector's keys: what fell into one moment with them would not count as the person's
            injector.move(send.x, send.y - 80)
            for down in (True, False):
                injector.button(1, down)
            for name in ("KeyY", "KeyE", "KeyS", "Enter"):
                for down in (True, False):
                    injector.key(name, down)
            injector.move(send.x, send.y)
            for down in (True, False):
                injector.button(1, down)
            desk.button("chat-send", focused=True)  # the injector's click has arrived
            assert desk.settle() == []
            await person.click(send.x, send.y)
        assert desk.expect(ChatSaid) == ChatSaid("no")
