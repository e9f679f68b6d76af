"""The window in which the person writes to the technician. It opens when the person asks for it and never by itself.

1. What came is plain text: nothing in it is a link, a picture or mark-up, and each message runs in its own direction.
2. Only what a device typed is sent (touches.py): a technician with control cannot answer for the person.
3. What was written is gone with the visit.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QFont, QGuiApplication, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import BODY, GAP, LEAD, Note, button, dress, label
from host_client.desk.qt.touches import Counts, PersonsField, TouchButton
from host_client.link import ChatClosed, ChatLine, ChatNotSent, ChatOpened, ChatSaid
from runtime.catalogues import Catalogue
from wire.limits import CHAT_TEXT_MAX
from wire.sealed.plain_text import cleaned

_WIDTH, _HEIGHT, _AROUND, _FIELD, _TITLE_BAR = 460, 520, 16, 84, 32
_KEPT_BLOCKS = 4000
"""Lines of text that the window keeps; the oldest go first."""


class ChatWindow(QWidget):
    """One conversation. `unread_changed` hears how many messages nobody has seen yet."""

    def __init__(self, words: Catalogue, report: Report, counts: Counts, unread_changed: Callable[[int], None], *, managed: bool) -> None:
        super().__init__()
        self._words, self._report, self._counts, self._unread_changed = words, report, counts, unread_changed
        self._who = ""
        self._unread = 0
        self._waiting = False
        stay_on_top(self, managed=managed)
        self._build()

    def _build(self) -> None:
        self._title = label(points=LEAD, bold=True)
        self._told = QTextEdit()
        self._told.setReadOnly(True)
        self._told.setAcceptRichText(False)
        self._told.document().setMaximumBlockCount(_KEPT_BLOCKS)
        self._told.setAccessibleName(self._words.text("desk-chat-told"))
        self.field = PersonsField(self._counts)
        self.field.setFixedHeight(_FIELD)
        self.field.setAccessibleName(self._words.text("desk-chat-field"))
        self.field.setPlaceholderText(self._words.text("desk-chat-field"))
        for each in (self._told, self.field):
            _in_its_own_direction(each)
        self.field.entered.connect(self._send)
        self.field.blocked.connect(self._blocked)
        self._note = Note()
        self.send = TouchButton(self._words.text("desk-chat-send"))
        dress(self.send, "chat-send", first=True)
        self.send.clicked.connect(self._send_pressed)
        self.away = button(self._words.text("desk-chat-close"), "chat-close")
        self.away.clicked.connect(self.hide)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(_AROUND, _AROUND, _AROUND, _AROUND)
        inside.setSpacing(GAP)
        inside.addWidget(self._title)
        inside.addWidget(self._told, 1)
        inside.addWidget(self._note)
        inside.addWidget(self.field)
        buttons = QHBoxLayout()
        buttons.addWidget(self.away)
        buttons.addStretch(1)
        buttons.addWidget(self.send)
        inside.addLayout(buttons)

    # ---- what the guardian says

    def begin(self, shown: ChatOpened) -> None:
        """A visit in which people may write to each other."""
        self.forget()
        self._who = shown.technician
        title = self._words.text("desk-chat-title", technician=shown.technician)
        self._title.setText(title)
        self.setWindowTitle(title)
        self._set_writable(writable=True)

    def line(self, shown: ChatLine) -> None:
        """One message went or came."""
        if shown.mine:
            self._waiting = False
            self.field.clear()
            self._note.tell("")
        else:
            self._count(0 if self.isVisible() else self._unread + 1)
        self._add(self._words.text("desk-chat-you") if shown.mine else self._who, shown.text)

    def not_sent(self, shown: ChatNotSent) -> None:
        """The person's message did not go: it is still in the field."""
        self._waiting = False
        self._note.tell(self._words.text_at_host(f"reason-{shown.reason.value}"))

    def closed(self, shown: ChatClosed) -> None:
        """Nothing more may be written; what was written can still be read until the end of the visit."""
        self._note.tell(self._words.text("desk-chat-closed", reason=self._words.text_at_host(f"reason-{shown.reason.value}")))
        self._set_writable(writable=False)

    def forget(self) -> None:
        """The visit is over: nothing of it is left."""
        self.hide()
        self._told.clear()
        self._told.setAccessibleName(self._words.text("desk-chat-told"))
        self.field.clear()
        self.field.document().clearUndoRedoStacks()
        self._note.tell("")
        self._waiting = False
        self._count(0)

    # ---- what the person does

    def bring(self) -> None:
        """Open it, at the lower right of the first monitor."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        width, height = min(_WIDTH, room.width()), min(_HEIGHT, room.height())
        self.resize(width, height)
        self.move(room.right() - width - _AROUND, room.bottom() - height - _AROUND - _TITLE_BAR)
        self._count(0)
        self.show()
        self.raise_()
        self.activateWindow()
        self.field.setFocus()

    def _send_pressed(self) -> None:
        touches = self.send.taken()
        if touches and self._counts(touches):
            self._send()
        else:
            self._blocked()

    def _send(self) -> None:
        text = cleaned(self.field.toPlainText()).strip()
        if self._waiting or not text:
            return
        if len(text.encode()) > CHAT_TEXT_MAX:
            self._note.tell(self._words.text("desk-chat-too-long"))
            return
        self._waiting = True
        self._report(ChatSaid(text))

    def _blocked(self) -> None:
        self._note.tell(self._words.text("desk-chat-injected"))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Put away; it can be opened again."""
        event.ignore()
        self.hide()

    # ---- how it looks

    def _set_writable(self, *, writable: bool) -> None:
        self.field.setEnabled(writable)
        self.send.setEnabled(writable)

    def _count(self, unread: int) -> None:
        self._unread = unread
        self._unread_changed(unread)

    def _add(self, who: str, text: str) -> None:
        """The name on a line of its own, bold; every line of the message indented, so that none can pass for a name."""
        cursor = QTextCursor(self._told.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        named, said = QTextCharFormat(), QTextCharFormat()
        named.setFontWeight(QFont.Weight.Bold)
        if not self._told.document().isEmpty():
            cursor.insertBlock(_block(0, above=GAP), named)
        cursor.setCharFormat(named)
        cursor.insertText(who, named)
        for line in text.split("\n"):
            cursor.insertBlock(_block(1), said)
            cursor.insertText(line, said)
        self._told.setAccessibleName(f"{who}: {text}")  # what a screen reader says now
        bar = self._told.verticalScrollBar()
        bar.setValue(bar.maximum())


def _block(indent: int, above: int = 0) -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setIndent(indent)
    made.setTopMargin(above)
    return made


def _in_its_own_direction(field: QPlainTextEdit | QTextEdit) -> None:
    font = QFont(field.font())
    font.setPointSize(BODY)
    field.setFont(font)
    option = QTextOption(field.document().defaultTextOption())
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    field.document().setDefaultTextOption(option)
