"""Vectors that differ are found, and put together again."""

from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.api.requests import distinct_rows


@pytest.mark.parametrize("collides", [False, True])
def test_distinct_vectors(monkeypatch: pytest.MonkeyPatch, collides: bool) -> None:
    vectors = np.random.default_rng(1).standard_normal((5, 4)).astype(np.float32)[[0, 3, 3, 1, 0, 2, 4, 4]]
    if collides:
        monkeypatch.setattr(np, "einsum", lambda *_given: np.zeros(len(vectors)))
    rows, numbers = distinct_rows(vectors)
    assert len(rows) == 5 and rows.flags.c_contiguous and np.array_equal(rows[numbers], vectors)
