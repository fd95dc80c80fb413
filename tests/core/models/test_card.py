"""The model card reads what it wrote and says what is wrong with one that somebody else wrote."""

import json
from pathlib import Path

import pytest

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.backbone import BackboneId
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.models.card import CARD_FILE, FORMAT, GENERATOR_FILE, ModelCard, ReaderCard
from oasis_studio.errors import StudioError


def make_card(**changes) -> ModelCard:
    palette = Palette("two", (SemanticClass(0, "sky", (1, 2, 3)), SemanticClass(1, "sea", (4, 5, 6))))
    fields = {
        "id": "coast",
        "name": "Küste",
        "architecture": "oasis",
        "generator": {"classes": 2},
        "discriminator": None,
        "palette": palette,
        "native_size": (256, 128),
        "noise_size": 8,
        "data": {"sources": ["my photos"], "terms": "mine"},
        "metrics": {"kid": 0.1},
        "sha256": {GENERATOR_FILE: "0" * 64},
        "parent": "outdoor",
        "description": "A test.",
    }
    return ModelCard(**(fields | changes))


def test_a_card_reads_what_it_wrote(tmp_path: Path) -> None:
    card = make_card(discriminator={"classes": 2}, first_seed=12)
    card.write(tmp_path)
    assert ModelCard.read(tmp_path) == card


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", None, '"name"'),
        ("name", 7, '"name"'),
        ("generator", [], '"generator"'),
        ("native_size", [256], '"native_size"'),
        ("native_size", [0, 10], '"native_size"'),
        ("native_size", [True, 10], '"native_size"'),
        ("noise_size", 0, '"noise_size"'),
        ("noise_size", True, '"noise_size"'),
        ("first_seed", -1, '"first_seed"'),
        ("first_seed", "1", '"first_seed"'),
        ("encoder", "yes", '"encoder"'),
        ("capabilities", [], '"capabilities"'),
        ("capabilities", {"region_noise": True}, '"capabilities"'),
        ("capabilities", Capabilities().to_json() | {"style_size": -1}, '"capabilities"'),
        ("capabilities", Capabilities().to_json() | {"critic": 1}, '"capabilities"'),
        ("sha256", {"generator.safetensors": "xyz"}, '"sha256"'),
        ("palette", {"name": "p", "classes": []}, "numbered"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object, words: str) -> None:
    data = make_card().to_json() | {field: value}
    with pytest.raises(StudioError) as caught:
        ModelCard.from_json(data)
    assert words in caught.value.message


def test_only_a_model_without_region_noise_has_no_noise(tmp_path: Path) -> None:
    silent = Capabilities(has_region_noise=False, style_size=256, reads_style=True, sees_instances=True)
    card = make_card(noise_size=0, capabilities=silent, encoder={"width": 4})
    card.write(tmp_path)
    assert ModelCard.read(tmp_path) == card


def test_a_card_from_before_capabilities_can_what_every_model_could() -> None:
    for discriminator in (None, {"classes": 2}):
        data = make_card(discriminator=discriminator).to_json()
        del data["capabilities"], data["encoder"]
        assert ModelCard.from_json(data).capabilities == Capabilities(has_critic=discriminator is not None)


def test_reader_and_backbone_are_kept_and_older_cards_have_neither(tmp_path: Path) -> None:
    reader = ReaderCard({"classes": 2, "width": 8}, (64, 96), {"photos": 7}, {"reading_mean_iou": 0.5})
    backbone = BackboneId("efficientnet_lite1", "ab" * 32)
    card = make_card(reader=reader, backbone=backbone, capabilities=Capabilities(has_reader=True))
    card.write(tmp_path)
    assert ModelCard.read(tmp_path) == card and card.capabilities.reads_photos
    older = make_card().to_json()
    del older["reader"], older["backbone"], older["capabilities"]["reader"]
    found = ModelCard.from_json(older)
    assert found.reader is None and found.backbone is None and not found.capabilities.has_reader


def test_a_missing_field_is_named() -> None:
    data = make_card().to_json()
    del data["architecture"]
    with pytest.raises(StudioError, match='lacks "architecture"'):
        ModelCard.from_json(data)


def test_a_card_of_a_newer_program_is_refused() -> None:
    data = make_card().to_json() | {"format": FORMAT + 1, "palette": "a thing of the future"}
    with pytest.raises(StudioError, match="newer version") as caught:
        ModelCard.from_json(data)
    assert "Update" in caught.value.hint


def test_what_is_no_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no model in"):
        ModelCard.read(tmp_path)
    for text in ("{", "[]", "null", "[" * 100_000):
        (tmp_path / CARD_FILE).write_text(text)
        with pytest.raises(StudioError):
            ModelCard.read(tmp_path)


def test_a_huge_card_is_not_read(tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).write_text(json.dumps(make_card().to_json()) + " " * 5_000_000)
    with pytest.raises(StudioError, match="too large"):
        ModelCard.read(tmp_path)


def test_a_card_that_cannot_be_written_is_an_expected_failure(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="could not be saved"):
        make_card().write(tmp_path / "missing")
