from dataclasses import replace

from oasis_studio.core.reach import FARTHEST, reach_of
from tests.app.scene import SMALL, card


def test_the_published_models_and_the_starter():
    small = card("small", "Small", SMALL)
    published = replace(small, generator={"widths": [1024, 1024, 1024, 512, 256, 128, 64], "modulation_kernel": 3})
    starter = replace(small, generator={"widths": [256, 256, 256, 128, 64, 32], "modulation_kernel": 1})
    assert (reach_of(published), reach_of(starter)) == (222, 94)
    assert reach_of(small) == FARTHEST and reach_of(replace(small, architecture="spade")) is None
