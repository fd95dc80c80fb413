from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def tiny_readers() -> None:
    """The tests of readers choose the sizes of theirs themselves."""
