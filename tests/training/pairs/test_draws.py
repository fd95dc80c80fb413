from __future__ import annotations

import torch
from oasis_training.learning import augment
from oasis_training.pairs.draws import draw_bits, draw_noise, labelmix_mask


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_half_of_the_images_have_one_vector_and_half_one_per_class() -> None:
    noise = draw_noise(2000, 3, 4, 0.5, seeded())
    is_whole = (noise == noise[:, :1]).all(dim=(1, 2))
    assert 0.45 < is_whole.float().mean() < 0.55
    assert abs(noise.mean()) < 0.05 and abs(noise.std() - 1) < 0.05


def test_labelmix_bits_are_fair_and_independent_between_images_and_classes() -> None:
    labels = torch.arange(3).repeat(4000, 1, 2)
    mask = labelmix_mask(labels, draw_bits(4000, 3, seeded()))[:, 0, 0]
    assert torch.equal(mask[:, :3], mask[:, 3:])  # one bit per class
    bits = mask[:, :3].float()
    assert ((bits.mean(dim=0) - 0.5).abs() < 0.04).all()
    same = (bits[:, 0] == bits[:, 1]).float().mean()
    assert abs(same - 0.5) < 0.04


def test_geometry_moves_photo_and_labels_together() -> None:
    size = 40
    labels = torch.randint(0, 200, (6, size, size), generator=seeded(1))
    image = labels[:, None].float().expand(-1, 3, -1, -1)
    geometry = augment.draw_geometry(6, size, 1.0, seeded(2))
    assert torch.equal(geometry.apply(image)[:, 0].long(), geometry.apply(labels))
    assert 0.4 < geometry.valid.float().mean() < 0.95  # something is cut out, most stays
    for index in range(6):  # what counts really came from inside: the rows are distinct there
        rows = geometry.rows[index][geometry.valid[index].any(dim=1)]
        assert len(rows.unique()) == len(rows)


def test_probability_zero_changes_nothing() -> None:
    image = torch.rand(3, 3, 16, 16)
    geometry = augment.draw_geometry(3, 16, 0.0, seeded())
    assert torch.equal(geometry.apply(image), image) and geometry.valid.all()
    torch.testing.assert_close(augment.colour(image, 0.0, seeded()), image)
    labels = torch.randint(0, 5, (3, 16, 16))
    assert torch.equal(augment.warp_labels(labels, augment.draw_warp(3, 0.0, seeded())), labels)


def test_colour_is_differentiable_and_bounded() -> None:
    image = torch.zeros(4, 3, 8, 8, requires_grad=True)
    augment.colour(image, 1.0, seeded()).sum().backward()
    assert image.grad is not None and image.grad.isfinite().all() and image.grad.any()


def test_warped_labels_keep_their_classes_and_most_of_their_pixels() -> None:
    labels = torch.zeros(8, 64, 64, dtype=torch.long)
    labels[:, 32:] = 3
    warped = augment.warp_labels(labels, augment.draw_warp(8, 1.0, seeded(4)))
    assert set(warped.unique().tolist()) == {0, 3}
    assert 0.7 < (warped == labels).float().mean() < 1.0
