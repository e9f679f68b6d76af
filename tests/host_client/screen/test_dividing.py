"""When the monitors are told."""

from host_client.screen.dividing import Dividing
from wire.sealed.scene import Monitor, Monitors
from wire.sealed.screen import FrameEnd, Layout, Picture, decode_picture, encode_picture

LEFT, RIGHT = Monitor(0, 0, 5, 5, 1), Monitor(5, 0, 5, 5, 0)
LAYOUT, END = Layout(10, 5), FrameEnd(1, 1)


def told(dividing: Dividing, monitors: tuple[Monitor, ...] | None, *pictures: Picture) -> list[Picture]:
    return [decode_picture(each) for each in dividing.messages(monitors, map(encode_picture, pictures))]


def test_monitors_are_told_behind_a_layout_and_when_they_change() -> None:
    dividing = Dividing()
    assert told(dividing, (LEFT, RIGHT), LAYOUT, END) == [LAYOUT, Monitors((LEFT, RIGHT)), END]
    assert told(dividing, (LEFT, RIGHT), END) == [END]
    assert told(dividing, None, END) == [END]
    assert told(dividing, None, LAYOUT) == [LAYOUT, Monitors((LEFT, RIGHT))]
    assert told(dividing, (RIGHT, LEFT), END) == [Monitors((RIGHT, LEFT)), END]
    assert told(dividing, (), END) == [Monitors(()), END]
    assert told(dividing, (), LAYOUT, END) == [LAYOUT, END]
    assert told(dividing, (), END) == [END]
