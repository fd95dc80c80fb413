"""Small SPADE checkpoints for tests: keys, shapes and reference numbers as for :mod:`official_weights`."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch

from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.patch_discriminator import PatchConfig, PatchDiscriminator
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from tests.synthesis.official_weights import DATA, state_dict

CLASSES = 6
Table = dict[str, list[int]]


def tables() -> dict[str, Any]:
    """By name: ``config`` of the training and the keys and shapes of ``generator``, ``discriminator``, ``encoder``."""
    return json.loads((DATA / "spade_state_dict.json").read_text())


def golden() -> dict[str, torch.Tensor]:
    """Inputs and outputs of the reference implementation for the small configurations."""
    with np.load(DATA / "golden_spade.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def configs(name: str) -> tuple[SpadeConfig, PatchConfig, EncoderConfig | None]:
    """Our configurations for a table."""
    facts = tables()[name]["config"]
    has_edges = not facts["no_instance"]
    style = facts["z_dim"] if facts["use_vae"] else 0
    generator = SpadeConfig(
        classes=facts["semantic_nc"] - has_edges,
        has_edges=has_edges,
        width=facts["ngf"],
        upsampling=facts["num_upsampling_layers"],
        style=style,
        native_width=facts["crop_size"],
        native_height=round(facts["crop_size"] / facts["aspect_ratio"]),
    )
    judge = PatchConfig(facts["semantic_nc"], facts["ndf"], facts["n_layers_D"], facts["num_D"])
    return generator, judge, EncoderConfig(facts["ngf"], style) if style else None


def networks(name: str) -> tuple[SpadeGenerator, PatchDiscriminator, ImageEncoder | None]:
    """The networks of a small table with their weights, in evaluation mode."""
    generator_config, judge_config, encoder_config = configs(name)
    generator, judge = SpadeGenerator(generator_config), PatchDiscriminator(judge_config)
    encoder = ImageEncoder(encoder_config) if encoder_config else None
    table = tables()[name]
    for part, network in (("generator", generator), ("discriminator", judge), ("encoder", encoder)):
        if network is not None:
            network.load_state_dict(state_dict(table[part]))
            network.eval()
    return generator, judge, encoder
