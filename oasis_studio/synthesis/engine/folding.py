"""A generator as plain weights: spectral norms and batch statistics folded in, once, in float32."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.generator import Generator
from oasis_studio.synthesis.spade import Spade, SpadeBlock
from oasis_studio.synthesis.spectral import SpectralConv2d


@dataclass(frozen=True)
class FoldedConv:
    """``weight_OIHW`` and ``bias`` (O,) or None, float32."""

    weight_OIHW: Tensor
    bias: Tensor | None


@dataclass(frozen=True)
class FoldedNorm:
    """SPADE over C channels as x · A + B: a convolution of hidden map ``source`` gives the 2C channels [A | B].

    With s = 1/√(variance + ε) and mean μ: A = s(1 + γ), B = β − μA. Both are linear in the hidden map, so the
    statistics fold into the weights.
    """

    conv: FoldedConv
    source: int

    @property
    def channels(self) -> int:
        return self.conv.weight_OIHW.shape[0] // 2

    @property
    def kernel(self) -> int:
        return self.conv.weight_OIHW.shape[2]


@dataclass(frozen=True)
class FoldedBlock:
    """``shared`` gives the hidden maps of the block's norms side by side, before their ReLU."""

    shared: FoldedConv
    norm_0: FoldedNorm
    norm_1: FoldedNorm
    norm_s: FoldedNorm | None
    conv_0: FoldedConv
    conv_1: FoldedConv
    conv_s: FoldedConv | None

    @property
    def norms(self) -> list[FoldedNorm]:
        """norm_0, norm_1 and, where the block has one, norm_s."""
        return [norm for norm in (self.norm_0, self.norm_1, self.norm_s) if norm is not None]

    @property
    def width(self) -> int:
        """Channels of the block's output."""
        return self.conv_1.weight_OIHW.shape[0]


@dataclass(frozen=True)
class FoldedGenerator:
    stem: FoldedConv
    blocks: list[FoldedBlock]
    image: FoldedConv


@torch.no_grad()
def fold(generator: Generator) -> FoldedGenerator:
    """Plain float32 weights that compute what ``generator`` computes in evaluation mode.

    Raises StudioError naming the weights that are not numbers.
    """
    check_finite(generator)
    return FoldedGenerator(
        _conv(generator.fc),
        [_block(block) for block in generator.body if isinstance(block, SpadeBlock)],
        _conv(generator.conv_img),
    )


def check_finite(generator: nn.Module) -> None:
    """Raise StudioError naming the first tensor that holds NaN or infinity."""
    for name, tensor in generator.state_dict().items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise StudioError(
                _("The weights {name} hold values that are not numbers.").format(name=name),
                _("The file was damaged, or its training diverged."),
            )


def _conv(conv: nn.Module) -> FoldedConv:
    if isinstance(conv, SpectralConv2d):
        return FoldedConv(conv.weight().detach().float(), _detached(conv.bias))
    if isinstance(conv, nn.Conv2d):
        return FoldedConv(conv.weight.detach().float(), _detached(conv.bias))
    raise TypeError(f"{type(conv).__name__} is not a convolution")


def _detached(bias: Tensor | None) -> Tensor | None:
    return None if bias is None else bias.detach().float()


def _block(block: SpadeBlock) -> FoldedBlock:
    norms = [block.norm_0, block.norm_1] + ([block.norm_s] if block.has_shortcut else [])
    owners: list[nn.Module] = [block] if block.shares_hidden else list(norms)
    shared = [_conv(owner.mlp_shared[0]) for owner in owners]  # type: ignore[index] # a Sequential, by its name
    folded = [_norm(norm, 0 if block.shares_hidden else index) for index, norm in enumerate(norms)]
    return FoldedBlock(
        _stacked(shared),
        folded[0],
        folded[1],
        folded[2] if block.has_shortcut else None,
        _conv(block.conv_0),
        _conv(block.conv_1),
        _conv(block.conv_s) if block.has_shortcut else None,
    )


def _stacked(convs: list[FoldedConv]) -> FoldedConv:
    """Several convolutions of one input as one."""
    biases = [
        conv.bias if conv.bias is not None else conv.weight_OIHW.new_zeros(len(conv.weight_OIHW)) for conv in convs
    ]
    return FoldedConv(torch.cat([conv.weight_OIHW for conv in convs]), torch.cat(biases))


def _norm(norm: Spade, source: int) -> FoldedNorm:
    gamma, beta = _conv(norm.mlp_gamma), _stacked([_conv(norm.mlp_beta)])
    statistics = norm.first_norm
    mean, variance = statistics.running_mean, statistics.running_var
    if mean is None or variance is None:
        raise TypeError("a generator for rendering keeps running statistics")
    scale = (variance.float() + statistics.eps).rsqrt()
    mean = mean.float()
    gamma_bias = gamma.bias if gamma.bias is not None else torch.zeros_like(mean)
    scale_weight = scale[:, None, None, None] * gamma.weight_OIHW
    scale_bias = scale * (1 + gamma_bias)
    shift_weight = beta.weight_OIHW - mean[:, None, None, None] * scale_weight
    shift_bias = (beta.bias if beta.bias is not None else 0) - mean * scale_bias
    return FoldedNorm(FoldedConv(torch.cat([scale_weight, shift_weight]), torch.cat([scale_bias, shift_bias])), source)
