"""The dialog in which the person looks for what to send: the system's own where Qt has it, over the prompt that asks for it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from host_client.desk.qt.on_top import stay_on_top


def look_for(above: QWidget, title: str, picked: Callable[[Path], None], *, folder: bool, managed: bool) -> QFileDialog:
    """Show it; it closes with the prompt. `picked` is called once, or not at all."""
    dialog = QFileDialog(above, title, str(Path.home()))
    dialog.setObjectName("pick")
    dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
    dialog.setOption(QFileDialog.Option.ReadOnly)
    stay_on_top(dialog, managed=managed)
    dialog.fileSelected.connect(lambda chosen: picked(Path(chosen)))
    dialog.open()
    return dialog
