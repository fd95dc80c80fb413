import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import (
    IMAGE_SEED,
    MOST_KEPT,
    MOST_STEPS,
    NO_TRAIL,
    PLAIN,
    Brushed,
    Linear,
    Mix,
    Origin,
    OwnSeed,
    Paint,
    Radial,
    RegionStyle,
    StoredVector,
    StyleTrail,
    amounts,
    slerp,
)
from oasis_studio.core.models.style_noise import Styling, noise_table, seed_of
from oasis_studio.core.pixels.box import Box
from tests.core import painters
from tests.core.drawn_styles import styles

SIZE = 16


def _two_halves():
    """A document of two regions: class 1 above, class 2 below."""
    document = painters.blank(40, 32)
    document.layers[0].labels[:16], document.layers[0].labels[16:] = 1, 2
    layer = document.layers[0].id
    return document, RegionKey(layer, 1), RegionKey(layer, 2)


def _noise(document, styles):
    """(H, W, SIZE): the noise of every pixel."""
    table = noise_table(RegionMap(document), Styling(document.seed, "m", styles), SIZE)
    assert table.regions_HW.dtype == np.uint16 and table.noise_RZ.dtype == np.float32
    return table.noise_RZ[table.regions_HW]


def test_without_styles_every_pixel_has_the_noise_of_the_seed():
    document, _above, _below = _two_halves()
    document.seed = 7
    assert (_noise(document, {}) == noise_vector(7, SIZE)).all()


def test_a_region_with_a_seed_of_its_own():
    document, above, _below = _two_halves()
    noise = _noise(document, {above: RegionStyle(OwnSeed(3))})
    assert (noise[:16] == noise_vector(3, SIZE)).all() and (noise[16:] == noise_vector(0, SIZE)).all()


def test_strength_scales_and_the_style_of_the_image_reaches_plain_regions():
    document, above, below = _two_halves()
    noise = _noise(document, {above: RegionStyle(OwnSeed(3), 0.5), WHOLE_IMAGE: RegionStyle(OwnSeed(9), 0.25)})
    assert np.allclose(noise[:16], noise_vector(3, SIZE) / 2) and np.allclose(noise[16:], noise_vector(9, SIZE) / 4)
    mixed = Mix(IMAGE_SEED, OwnSeed(4), 0.5)
    noise = _noise(document, {WHOLE_IMAGE: RegionStyle(mixed), below: RegionStyle(IMAGE_SEED, 0.0)})
    assert np.allclose(noise[:16], slerp(noise_vector(0, SIZE), noise_vector(4, SIZE), 0.5))
    assert not noise[16:].any()


def test_a_stored_vector_of_another_model_is_a_seed():
    document, above, _below = _two_halves()
    vector = noise_vector(123, SIZE)
    own, foreign = (StoredVector.of(vector, model, Origin.SWATCH, "dusk") for model in ("m", "other"))
    assert np.array_equal(_noise(document, {above: RegionStyle(own)})[0, 0], vector)
    stand_in = noise_vector(seed_of(foreign), SIZE)
    assert np.array_equal(_noise(document, {above: RegionStyle(foreign)})[0, 0], stand_in)
    with pytest.raises(ValueError, match="finite"):
        StoredVector.of(np.array([1.0, np.nan]), "m", Origin.SWATCH)


def test_a_gradient_runs_from_one_style_to_the_other_in_at_most_64_steps():
    document, above, _below = _two_halves()
    first, second = noise_vector(1, SIZE), noise_vector(2, SIZE)
    style = RegionStyle(OwnSeed(1), 1.0, (Paint(OwnSeed(2), Linear((0.5, 0), (39.5, 0))),))
    table = noise_table(RegionMap(document), Styling(0, "m", {above: style}), SIZE)
    noise = table.noise_RZ[table.regions_HW]
    assert np.allclose(noise[3, 0], first) and np.allclose(noise[3, 39], second, atol=1e-5)
    assert np.allclose(noise[3, 20], slerp(first, second, 20 / 39), atol=0.05)
    assert len(np.unique(table.regions_HW[:16])) == 40 and (noise[16:] == noise_vector(0, SIZE)).all()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_styles_make_a_table_that_fits(data):
    document = painters.document(data.draw(st.integers(16, 40)), 24, data.draw(st.integers(0, 3)))
    regions = RegionMap(document)
    keys = [*(region.key for region in regions.regions), WHOLE_IMAGE]
    chosen = {key: data.draw(styles()) for key in data.draw(st.lists(st.sampled_from(keys), max_size=3))}
    size = data.draw(st.sampled_from([0, 4]))
    table = noise_table(regions, Styling(0, "", chosen), size)
    assert table.regions_HW.max() < len(table.noise_RZ) and table.noise_RZ.shape[1] == size
    assert np.isfinite(table.noise_RZ).all()
    for region in regions.regions:
        assert len(np.unique(table.regions_HW[regions.ids_HW == region.number])) <= MOST_STEPS
    noise = table.noise_RZ[table.regions_HW]
    styling = Styling(0, "", chosen)
    for region in regions.regions:
        style = styling.in_use(region.key)
        if not style.paints and size:
            expected = styling.vector(style.source, size) * np.float32(style.strength)
            assert np.array_equal(np.unique(noise[regions.ids_HW == region.number], axis=0)[0], expected + 0)


def test_what_was_brushed_lies_where_it_was_brushed():
    document, above, _below = _two_halves()
    brushed = Brushed(Box(30, 10, 50, 20), np.full((10, 20), 255, np.uint8))
    noise = _noise(document, {above: RegionStyle(OwnSeed(1), 1.0, (Paint(OwnSeed(2), brushed),))})
    expected = np.broadcast_to(noise_vector(1, SIZE), (16, 40, SIZE)).copy()
    expected[10:16, 30:] = noise_vector(2, SIZE)
    assert np.allclose(noise[:16], expected, atol=1e-5)


def test_paints_lie_over_each_other_in_order():
    document, above, _below = _two_halves()
    everywhere = Linear((-9, 0), (-8, 0))
    paints = (Paint(OwnSeed(2), everywhere), Paint(OwnSeed(3), everywhere))
    assert np.allclose(_noise(document, {above: RegionStyle(OwnSeed(1), 1.0, paints)})[0, 0], noise_vector(3, SIZE))
    half = Brushed(Box(0, 0, 40, 32), np.full((32, 40), 0, np.uint8))
    paints = (Paint(OwnSeed(2), everywhere), Paint(OwnSeed(3), half))
    assert np.allclose(_noise(document, {above: RegionStyle(OwnSeed(1), 1.0, paints)})[0, 0], noise_vector(2, SIZE))


def test_a_radial_gradient():
    found = amounts(Radial((10.5, 10.5), 5), Box(10, 10, 20, 11))
    assert np.allclose(found[0], [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1])


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.floats(0, 1))
def test_slerp_stays_between_the_lengths_of_its_ends(one, two, share):
    first, second = noise_vector(one, 64), noise_vector(two, 64)
    lengths = sorted((np.linalg.norm(first), np.linalg.norm(second)))
    assert 0.85 * lengths[0] <= np.linalg.norm(slerp(first, second, share)) <= 1.01 * lengths[1]
    assert np.allclose(slerp(first, second, 0), first) and np.allclose(slerp(first, second, 1), second, atol=1e-5)


def test_slerp_of_nothing_and_of_opposites_is_a_line():
    zero, one = np.zeros(4, np.float32), np.ones(4, np.float32)
    assert np.allclose(slerp(zero, one, 0.25), 0.25) and np.allclose(slerp(one, -one, 0.25), 0.5)


def test_a_trail_goes_back_and_forth():
    trail = NO_TRAIL
    assert trail.style is PLAIN and not trail.can_step_back and not trail.can_step_forth
    for seed in range(3):
        trail = trail.after(RegionStyle(OwnSeed(seed)))
    assert trail.after(trail.style) is trail, "the same style is no step"
    back = trail.stepped(-2)
    assert back.style.source == OwnSeed(0) and back.can_step_back and back.can_step_forth
    assert back.stepped(9).style.source == OwnSeed(2) and back.stepped(-9).style is PLAIN
    assert back.after(RegionStyle(OwnSeed(8))).styles == (PLAIN, RegionStyle(OwnSeed(0)), RegionStyle(OwnSeed(8)))
    for seed in range(100, 200):
        trail = trail.after(RegionStyle(OwnSeed(seed)))
    assert len(trail.styles) == MOST_KEPT and trail.style.source == OwnSeed(199)


def test_gradients_move_with_the_canvas():
    brushed = Brushed(Box(4, 4, 8, 8), np.full((4, 4), 99, np.uint8))
    shapes = (Linear((0, 0), (10, 20)), Radial((10, 10), 4), brushed)
    style = RegionStyle(IMAGE_SEED, 1.0, tuple(Paint(IMAGE_SEED, shape) for shape in shapes))
    moved = StyleTrail((style,)).placed(2, 2, -3, 5).style
    linear, radial, painted = (paint.shape for paint in moved.paints)
    assert linear == Linear((-3, 5), (17, 45)) and radial == Radial((17, 25), 8)
    assert isinstance(painted, Brushed) and painted.box == Box(5, 13, 13, 21) and painted.amounts_hw.shape == (8, 8)
