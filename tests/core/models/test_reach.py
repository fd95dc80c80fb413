from dataclasses import replace

import pytest

from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.models.reach import FARTHEST, reach_of
from tests.app.scene import SMALL, card


def test_the_published_models_and_the_starter():
    small = card("small", "Small", SMALL)
    published = replace(small, generator={"widths": [1024, 1024, 1024, 512, 256, 128, 64], "modulation_kernel": 3})
    starter = replace(small, generator={"widths": [256, 256, 256, 128, 64, 32], "modulation_kernel": 1})
    assert (reach_of(published), reach_of(starter)) == (222, 94)
    assert reach_of(small) == FARTHEST


@pytest.mark.parametrize(("upsampling", "expected"), [("normal", 254), ("more", 446), ("most", 894), ("fully", None)])
def test_spade_reaches_as_far_as_its_convolutions(upsampling: str, expected: int | None) -> None:
    made = replace(card("small", "Small", SMALL), architecture="spade", generator={"upsampling": upsampling})
    assert reach_of(made) == expected
    outlined = replace(made, capabilities=Capabilities(has_region_noise=False, sees_instances=True))
    assert reach_of(outlined) == (None if expected is None else expected + 1)


def test_of_an_unknown_architecture_nothing_is_promised() -> None:
    assert reach_of(replace(card("small", "Small", SMALL), architecture="diffusion")) is None
