"""What this program is."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from oasis_studio import __version__
from oasis_studio.i18n import _


def show_about(parent: QWidget) -> None:
    """Name, version, licence."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("About OASIS Studio"), f"OASIS Studio {__version__}", parent=parent)
    box.setInformativeText(
        _(
            "Paint a label map, see a photo. Everything happens on this computer.\n\n"
            "Free software under the MIT licence. Built on PySide6 (LGPL), PyTorch, NumPy, OpenCV and Pillow."
        )
    )
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
