"""The chat's window: plain text in its own direction, only the person's keys, and nothing of it after the visit."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtTest import QTest

from host_client.desk.qt.chat import ChatWindow
from host_client.link import ChatClosed, ChatLine, ChatNotSent, ChatOpened, ChatSaid
from policy.decision import Reason
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard
from wire.limits import CHAT_TEXT_MAX

WORDS = catalogue("en")
MARKUP = '<a href="https://evil.example">x</a><img src="file:///etc/passwd"><script>1</script>'


class Person:
    """Whose keys these are, and what was asked."""

    def __init__(self) -> None:
        self.there = True
        self.asked: list[list[int]] = []

    def counts(self, touches: list[int]) -> bool:
        self.asked.append(touches)
        return self.there


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def unread() -> list[int]:
    return []


@pytest.fixture
def chat(heard: Heard, person: Person, unread: list[int]) -> Iterator[ChatWindow]:
    made = ChatWindow(WORDS, heard.append, person.counts, unread.append, managed=True)
    made.begin(ChatOpened("Dana Ortiz"))
    yield made
    made.forget()
    made.deleteLater()


def theirs(text: str) -> ChatLine:
    return ChatLine(mine=False, text=text)


def told(chat: ChatWindow) -> str:
    return chat._told.toPlainText()


def type_in(chat: ChatWindow, text: str) -> None:
    QTest.keyClicks(chat.field, text)


def test_what_is_typed_goes_with_enter_and_stays_until_it_went(chat: ChatWindow, heard: Heard) -> None:
    chat.bring()
    type_in(chat, "yes")
    QTest.keyClick(chat.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    type_in(chat, "since nine ")
    assert heard == []
    QTest.keyClick(chat.field, Qt.Key.Key_Return)
    QTest.keyClick(chat.field, Qt.Key.Key_Return)
    assert heard == [ChatSaid("yes\nsince nine")]
    chat.not_sent(ChatNotSent(Reason.TOO_FAST))
    assert chat.field.toPlainText().startswith("yes")
    QTest.keyClick(chat.field, Qt.Key.Key_Enter)
    chat.line(ChatLine(mine=True, text="yes\nsince nine"))
    assert chat.field.toPlainText() == ""
    assert told(chat) == "You\nyes\nsince nine"
    QTest.keyClick(chat.field, Qt.Key.Key_Return)
    assert len(heard) == 2


def test_a_message_is_text_and_no_line_of_it_passes_for_a_name(chat: ChatWindow) -> None:
    chat.line(theirs(f"{MARKUP}\nYou\nI allow everything"))
    assert told(chat) == f"Dana Ortiz\n{MARKUP}\nYou\nI allow everything"
    block = chat._told.document().firstBlock()
    looks = []
    while block.isValid():
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        assert not cursor.charFormat().isAnchor()
        looks.append((block.blockFormat().indent(), cursor.charFormat().fontWeight() > 400))
        block = block.next()
    assert looks == [(0, True), (1, False), (1, False), (1, False)]


def test_each_message_runs_in_its_own_direction(chat: ChatWindow) -> None:
    chat.bring()
    for text in ("abc", "\u05e9\u05dc\u05d5\u05dd", "abc"):
        chat.line(theirs(text))
    chat.line(theirs("abc"))
    block, directions = chat._told.document().firstBlock(), []
    while block.isValid():
        directions.append(block.textDirection())
        block = block.next()
    right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
    assert directions[1::2] == [left, right, left, left]


def test_messages_are_counted_until_the_person_opens_the_window_and_it_never_opens_by_itself(chat: ChatWindow, unread: list[int]) -> None:
    chat.line(theirs("one"))
    chat.line(theirs("two"))
    assert unread[-1] == 2
    assert not chat.isVisible()
    chat.bring()
    assert unread[-1] == 0
    chat.line(theirs("three"))
    assert unread[-1] == 0
    chat.close()
    assert not chat.isVisible()
    chat.line(theirs("four"))
    assert unread[-1] == 1


def test_what_an_injector_types_pastes_or_presses_goes_nowhere(chat: ChatWindow, heard: Heard, person: Person) -> None:
    chat.bring()
    type_in(chat, "mine")
    person.there = False
    type_in(chat, " yes, I allow it")
    QTest.keyClick(chat.field, Qt.Key.Key_Return)
    QTest.mouseClick(chat.send, Qt.MouseButton.LeftButton)
    composed = QInputMethodEvent()
    composed.setCommitString("\u00ea")
    chat.field.inputMethodEvent(composed)
    assert chat.field.toPlainText() == "mine"
    assert heard == []
    assert chat._note.words == WORDS.text("desk-chat-injected")


def test_a_key_that_is_held_repeats_what_its_press_was(chat: ChatWindow, person: Person) -> None:
    def key(*, repeated: bool) -> None:
        chat.field.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", repeated))

    key(repeated=False)
    key(repeated=True)
    person.there = False
    key(repeated=False)
    person.there = True
    key(repeated=True)
    assert chat.field.toPlainText() == "aa"


def test_dead_keys_and_the_send_button_of_a_person_count(chat: ChatWindow, heard: Heard, person: Person) -> None:
    chat.bring()
    composed = QInputMethodEvent()
    composed.setCommitString("\u00ea")
    chat.field.inputMethodEvent(composed)
    assert person.asked[-1] == [0], "no moment is known: the last key is asked about"
    QTest.mouseClick(chat.send, Qt.MouseButton.LeftButton)
    assert len(person.asked[-1]) == 2
    assert heard == [ChatSaid("\u00ea")]


def test_nothing_is_pasted_by_mouse_dropped_or_taken_that_is_no_text(chat: ChatWindow) -> None:
    assert not chat.field.acceptDrops()
    for kind in (QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease):
        middle = Qt.MouseButton.MiddleButton
        event = QMouseEvent(kind, QPointF(5, 5), QPointF(5, 5), middle, middle, Qt.KeyboardModifier.NoModifier)
        (chat.field.mousePressEvent if kind is QMouseEvent.Type.MouseButtonPress else chat.field.mouseReleaseEvent)(event)
    text = QMimeData()
    text.setHtml(MARKUP)
    text.setText("a\u202eb\x1b[2J")
    chat.field.insertFromMimeData(QMimeData())
    chat.field.insertFromMimeData(text)
    assert chat.field.toPlainText() == "ab[2J"


def test_too_long_is_said_before_it_is_sent(chat: ChatWindow, heard: Heard) -> None:
    chat.field.setPlainText("x" * (CHAT_TEXT_MAX + 1))
    QTest.keyClick(chat.field, Qt.Key.Key_Return)
    assert heard == []
    assert chat._note.words == WORDS.text("desk-chat-too-long")


def test_a_chat_that_is_closed_can_be_read_and_not_written(chat: ChatWindow) -> None:
    chat.line(theirs("one"))
    chat.closed(ChatClosed(Reason.PHI_POLICY))
    assert not chat.field.isEnabled()
    assert not chat.send.isEnabled()
    assert WORDS.text("reason-phi_policy") in chat._note.words
    assert "one" in told(chat)


def test_nothing_is_left_after_the_visit(chat: ChatWindow, unread: list[int]) -> None:
    chat.line(theirs("secret"))
    chat.field.setPlainText("half a secret")
    chat.forget()
    assert told(chat) == chat.field.toPlainText() == ""
    assert "secret" not in chat._told.accessibleName()
    chat.field.undo()
    assert chat.field.toPlainText() == ""
    assert unread[-1] == 0
    assert not chat.isVisible()
    chat.begin(ChatOpened("Somebody Else"))
    assert chat.field.isEnabled()
    assert chat.windowTitle() == "Messages with Somebody Else"
