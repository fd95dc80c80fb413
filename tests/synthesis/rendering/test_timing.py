"""The comparison that benchmarks print."""

import time

import numpy as np

from oasis_studio.synthesis.rendering.timing import Variant, compare

GREY = np.zeros((4, 4, 3), np.float32)


def pause(seconds: float, image: np.ndarray) -> np.ndarray:
    time.sleep(seconds)
    return image


def test_rows_tell_ratios_and_errors_of_interleaved_runs() -> None:
    order: list[str] = []
    slow = Variant("slow", lambda: pause(0.04, GREY), lambda: order.append("slow"))
    fast = Variant("fast", lambda: pause(0.01, GREY + 0.1), lambda: order.append("fast"))
    first, second = compare("case", [slow, fast], rounds=3)
    assert order == ["slow", "fast"] * 5
    assert (first.ratio_wall, first.max_error, first.psnr) == (1.0, 0.0, None)
    assert 1.5 < second.ratio_wall < 8 and 10 <= second.wall_min_ms <= second.wall_ms
    assert abs(second.max_error - 0.1) < 1e-6 and second.psnr == 26.0


def test_a_variant_may_have_a_truth_of_its_own() -> None:
    edited = Variant("edited", lambda: GREY + 0.5, truth=GREY + 0.5)
    assert compare("case", [Variant("plain", lambda: GREY), edited], rounds=1)[1].max_error == 0
