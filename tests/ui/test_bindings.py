from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot be lost since Python 3.12")
def test_calls_without_a_result_keep_none_alive() -> None:
    """Bindings built for newer Pythons lose a reference per call; after some thousand calls Python dies."""
    thing = QObject()
    thing.setObjectName("first")
    before = sys.getrefcount(None)
    for _call in range(1000):
        thing.setObjectName("again")
    assert abs(sys.getrefcount(None) - before) < 100
