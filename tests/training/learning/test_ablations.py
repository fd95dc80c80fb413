"""The ablations are switches of a recipe: each changes what its name says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from oasis_training.learning.oasis_objective import OasisObjective
from oasis_training.learning.perception import Vgg19
from oasis_training.learning.plan import Plan, Sizes, draw_plan
from oasis_training.learning.ranks import ALONE
from oasis_training.recipe import Recipe
from oasis_training.run.trainer import Trainer
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.models.checkpoint import open_generator
from tests.training.run.test_spade_training import spade  # noqa: F401 - a fixture
from tests.training.run.test_trainer import StopAfter, make


def switched(recipe: Recipe, **switches: object) -> Recipe:
    return Recipe.from_json(recipe.to_json() | {"diversity": 0.0} | switches)


def steps(trainer: Trainer, count: int = 2) -> list[dict[str, Tensor]]:
    """The losses of some steps of the last phase."""
    phase = trainer.recipe.phases[-1]
    return [trainer.stepper.step(trainer.feed.photos(phase), phase, trainer.progress) for _step in range(count)]


def planned(trainer: Trainer) -> Plan:
    """A batch of the last phase, as a step makes it."""
    phase, config = trainer.recipe.phases[-1], trainer.networks.generator.config
    draws = torch.Generator().manual_seed(5)
    batch = trainer.feed.photos(phase).draw(phase.batch, draws, ALONE.rows(phase.batch))
    sizes = Sizes(config.classes, config.noise, trainer.networks.style)
    return draw_plan(batch, sizes, trainer.recipe, phase, draws, ALONE)


def published(trainer: Trainer, folder: Path) -> tuple[ModelCard, torch.nn.Module]:
    trainer.run(StopAfter(2))
    card = ModelCard.read(folder / "model")
    return card, open_generator(folder / "model", card)


def test_without_noise_oasis_gives_one_photo_of_a_label_map(recipe, data, tmp_path) -> None:
    labels = torch.randint(0, 8, (1, 32, 32))
    for is_on in (True, False):
        folder = tmp_path / str(is_on)
        _card, generator = published(make(switched(recipe, uses_noise=is_on), data, folder), folder)
        a, b = (generator(generator.condition(labels, labels * 0, torch.randn(1, 1, 4))) for _index in range(2))
        assert torch.equal(a, b) is not is_on


def test_without_noise_spade_reads_the_label_map_in_place_of_a_code(spade, data, tmp_path) -> None:  # noqa: F811
    for is_on in (True, False):
        trainer = make(switched(spade, uses_noise=is_on), data, tmp_path / str(is_on))
        card, _generator = published(trainer, tmp_path / str(is_on))
        assert (card.capabilities.style_size, card.capabilities.reads_style) == (8 * is_on, is_on)
        assert (trainer.networks.encoder is not None) is is_on
        assert ("code" in steps(trainer, 1)[0]) is is_on


def test_without_balance_every_pixel_of_a_photo_counts_the_same(recipe, data, tmp_path) -> None:
    found = {}
    for is_on in (True, False):
        trainer = make(switched(recipe, balances_classes=is_on), data, tmp_path / str(is_on))
        objective, plan = trainer.stepper.objective, planned(trainer)
        assert isinstance(objective, OasisObjective)
        objective.prepare(plan)
        trainer.networks.discriminator.eval()  # its spectral norms move with every pass otherwise
        with torch.no_grad():
            _weight, found[is_on] = objective.discriminator_terms(plan, None, recipe.phases[-1])["real"]
            logits = trainer.networks.discriminator(plan.seen(plan.image, 1))
    target = plan.geometry.apply(plan.labels)
    valid = plan.geometry.apply(plan.valid) & plan.geometry.valid
    plain = (F.cross_entropy(logits, target + 1, reduction="none") * valid).mean()
    torch.testing.assert_close(found[False], plain)
    assert not torch.isclose(found[True], plain, rtol=1e-3)


def test_without_labelmix_its_term_is_gone_and_the_others_stay(recipe, data, tmp_path) -> None:
    on, off = (
        steps(make(switched(recipe, uses_labelmix=is_on), data, tmp_path / str(is_on)), 1)[0] for is_on in (True, False)
    )
    assert on.keys() - off.keys() == {"labelmix"} and not off.keys() - on.keys()
    for name in ("generator", "real", "fake"):
        assert torch.equal(on[name], off[name]), "the first step begins with the same networks and numbers"


def test_what_spade_does_not_have_changes_nothing_in_it(spade, data, tmp_path) -> None:  # noqa: F811
    """Class balance and LabelMix belong to the discriminator that names classes."""
    plain = steps(make(switched(spade), data, tmp_path / "plain"))
    off = steps(make(switched(spade, balances_classes=False, uses_labelmix=False), data, tmp_path / "off"))
    for ours, theirs in zip(plain, off, strict=True):
        assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("architecture", ["oasis", "spade"])
def test_vgg_is_on_with_the_persons_own_weights_alone(
    architecture: str,
    recipe,
    spade,  # noqa: F811
    data,
    tmp_path,
) -> None:
    base = recipe if architecture == "oasis" else spade
    file = tmp_path / "vgg19.safetensors"
    asked = {"vgg": 10.0, "vgg_weights": str(file)}
    with pytest.raises(StudioError) as caught:
        make(switched(base, **asked), data, tmp_path / "none")
    assert caught.value.message == f'The recipe asks for a VGG term, but there is no weights file "{file}".'
    torch.manual_seed(0)
    save_file(Vgg19().state_dict(), file)
    off, on = (steps(make(switched(base, **more), data, tmp_path / str(len(more))), 1)[0] for more in ({}, asked))
    assert on.keys() - off.keys() == {"vgg"} and not off.keys() - on.keys()
    assert on["vgg"] > 0 and on["gradient_generator"] != off["gradient_generator"], "and it teaches the generator"
