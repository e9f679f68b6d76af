"""The parts of windows: text is text, notes keep their room, facts keep their words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from host_client.desk.qt.parts import Facts, Note, TimeLeft, breakable, button, label


def test_text_is_never_mark_up(qt: QApplication) -> None:
    made = label("<b>Allow</b>")
    assert made.textFormat() is Qt.TextFormat.PlainText
    assert made.text() == "<b>Allow</b>"


def test_a_long_word_can_be_broken_and_loses_no_letter() -> None:
    word = "x" * 100
    broken = breakable(f"case {word}")
    assert broken.replace("\u200b", "") == f"case {word}"
    assert max(len(part) for part in broken.replace("\u200b", " ").split(" ")) <= 32
    assert breakable("an ordinary line") == "an ordinary line"


def test_a_button_says_its_own_words(qt: QApplication) -> None:
    made = button("Get help", "get-help", first=True)
    assert (made.accessibleName(), made.objectName(), made.property("rank")) == ("Get help", "get-help", "first")


def test_a_note_keeps_its_room_so_that_nothing_moves(qt: QApplication) -> None:
    window = QWidget()
    note, below = Note(), label("below")
    column = QVBoxLayout(window)
    for part in (note, below):
        column.addWidget(part)
    window.resize(600, 200)
    window.show()
    column.activate()
    before = below.geometry()
    note.tell("Only the mouse or keyboard at this PC can allow this.")
    column.activate()
    assert note.isVisible()
    assert below.geometry() == before
    note.tell("")
    assert not note.isVisible()
    window.hide()


def test_remaining_time_is_a_bar_and_words(qt: QApplication) -> None:
    left = TimeLeft()
    left.tell("12 seconds", 12, 60)
    assert (left.words, left._bar.value(), left._bar.maximum(), left._bar.isHidden()) == ("12 seconds", 12, 60, False)
    left.tell("over")
    assert (left.words, left._bar.isHidden()) == ("over", True)


def test_facts_show_every_word_and_tell_each_line_whole(qt: QApplication) -> None:
    facts = Facts(("old: gone",))
    facts.fill(("Who: Dana Ortiz, Example Instruments", "You can end the visit at any moment."))
    shown = [each.text() for each in facts.findChildren(QLabel) if not each.isHidden()]
    assert shown == ["Who:", "Dana Ortiz, Example Instruments", "You can end the visit at any moment."]
    names = {each.accessibleName() for each in facts.findChildren(QLabel)}
    assert "Who: Dana Ortiz, Example Instruments" in names
