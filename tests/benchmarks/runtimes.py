"""Generic runtimes as opponents: the same network with its spectral norms folded, run by somebody else's compiler.

torch.compile is always there; ONNX Runtime and OpenVINO take part where they are installed (``onnx`` and
``onnxscript`` with them). Each returns the image of one condition, or None where it is not there or cannot run it.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from oasis_studio.synthesis.networks.network import AnyNetwork
from oasis_studio.synthesis.rendering.opening import folded

Run = Callable[[], np.ndarray]


class Whole(nn.Module):
    """The network as one function of the condition."""

    def __init__(self, generator: AnyNetwork) -> None:
        super().__init__()
        self.generator = folded(deepcopy(generator)).eval()

    def forward(self, condition_NCHW: Tensor) -> Tensor:
        return self.generator(condition_NCHW)


def opponents(generator: AnyNetwork, condition_NCHW: Tensor) -> dict[str, Run]:
    """By name and precision, those that can run here."""
    whole = Whole(generator)
    found: dict[str, Run] = {}
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        found[f"torch.compile, {name}"] = compiled(whole, condition_NCHW, dtype)
    if importlib.util.find_spec("onnx") and importlib.util.find_spec("onnxscript"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.onnx"
            export(whole, condition_NCHW, path)
            if importlib.util.find_spec("onnxruntime"):
                found["ONNX Runtime, fp32"] = by_onnxruntime(path, condition_NCHW)
            if importlib.util.find_spec("openvino"):
                for name in ("fp32", "bf16"):
                    found[f"OpenVINO, {name}"] = by_openvino(path, condition_NCHW, name)
    return found


def compiled(whole: Whole, condition_NCHW: Tensor, dtype: torch.dtype) -> Run:
    """torch.compile over channels-last weights; statistics stay float32, as in the program's own network."""
    network = deepcopy(whole).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.to(dtype)
    seen = condition_NCHW.to(dtype).contiguous(memory_format=torch.channels_last)
    torch._inductor.config.freezing = True  # type: ignore[attr-defined] # weights are constants: they may be packed
    function: Any = torch.compile(network)
    return lambda: as_image(function(seen))


def export(whole: Whole, condition_NCHW: Tensor, path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(whole, (condition_NCHW,), str(path), dynamo=True, input_names=["x"], verbose=False)


def by_onnxruntime(path: Path, condition_NCHW: Tensor) -> Run:
    import onnxruntime  # type: ignore[import-not-found] # an opponent, not a dependency

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    seen = condition_NCHW.numpy()
    return lambda: session.run(None, {"x": seen})[0][0].transpose(1, 2, 0)


def by_openvino(path: Path, condition_NCHW: Tensor, precision: str) -> Run:
    import openvino  # type: ignore[import-not-found] # an opponent, not a dependency

    os.environ.setdefault("OPENVINO_TELEMETRY", "0")
    settings = {
        "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision],
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
    }
    model = openvino.Core().compile_model(str(path), "CPU", settings)
    seen = condition_NCHW.numpy()
    return lambda: next(iter(model([seen]).values()))[0].transpose(1, 2, 0)


def as_image(image_13HW: Tensor) -> np.ndarray:
    return image_13HW[0].permute(1, 2, 0).float().numpy()
