"""Which words of a window cannot be read in full."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

_SLACK = 1
"""Pixels that fractions of a font's advance may cost."""


def cut_texts(window: QWidget) -> list[str]:
    """What is shown of ``window`` with fewer pixels than its words need."""
    cut = []
    for kind, needs in ((QLabel, _label), (QAbstractButton, _button), (QComboBox, _chooser), (QTabBar, _tabs)):
        for widget in window.findChildren(kind):
            if widget.isVisible() and not widget.visibleRegion().isEmpty() and needs(widget):
                words = getattr(widget, "text", lambda: "")() if not isinstance(widget, QTabBar | QComboBox) else ""
                name = widget.objectName() or type(widget).__name__
                cut.append(f"{type(widget).__name__} {name}: {words or getattr(widget, 'currentText', str)()!r}")
    return cut


def _label(label: QLabel) -> bool:
    if not label.text() or not label.pixmap().isNull():
        return False
    inside = label.contentsRect()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + _SLACK
    document = QTextDocument()
    document.setDefaultFont(label.font())
    document.setDocumentMargin(0)
    document.setPlainText(label.text().replace("&", "") if label.buddy() else label.text())
    size = document.size()
    return size.width() > inside.width() + 2 * label.margin() + _SLACK


def _button(button: QAbstractButton) -> bool:
    if not button.text():
        return False
    needed: QSize = button.sizeHint()
    return needed.width() > button.width() + _SLACK or needed.height() > button.height() + 4


def _chooser(chooser: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    chooser.initStyleOption(option)
    room = chooser.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, chooser
    )
    icon = 0 if chooser.itemIcon(chooser.currentIndex()).isNull() else chooser.iconSize().width() + 4
    return QFontMetrics(chooser.font()).horizontalAdvance(chooser.currentText()) + icon > room.width() + _SLACK


def _tabs(bar: QTabBar) -> bool:
    seen = bar.visibleRegion().boundingRect()
    tabs = [(bar.tabSizeHint(number), bar.tabRect(number)) for number in range(bar.count())]
    return any(hint.width() > rect.width() + _SLACK or not seen.contains(rect) for hint, rect in tabs)
