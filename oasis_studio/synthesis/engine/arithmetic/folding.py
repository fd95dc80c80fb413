"""The parts of a generator as plain weights: spectral norms and batch statistics folded in, in float32."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.grain import Grain
from oasis_studio.synthesis.networks.network import AnyNetwork
from oasis_studio.synthesis.networks.spade import Spade
from oasis_studio.synthesis.networks.spectral import SpectralConv2d


@dataclass(frozen=True)
class FoldedConv:
    """``weight_OIHW`` and ``bias`` (O,) or None, float32."""

    weight_OIHW: Tensor
    bias: Tensor | None


@dataclass(frozen=True)
class FoldedNorm:
    """SPADE over C channels as x · A + B: a convolution of hidden map ``source`` gives the 2C channels [A | B].

    With s = 1/√(variance + ε) and mean μ: A = s(1 + γ), B = β − μA. Both are linear in the hidden map (a bias
    included), so the statistics fold into the weights.
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
class FoldedGrain:
    """What is added after conv_0: ``strength_C`` times the ``field_TT``, repeated over the map."""

    strength_C: Tensor
    field_TT: Tensor


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
    grain: FoldedGrain | None

    @property
    def norms(self) -> list[FoldedNorm]:
        """norm_0, norm_1 and, where the block has one, norm_s."""
        return [norm for norm in (self.norm_0, self.norm_1, self.norm_s) if norm is not None]

    @property
    def width(self) -> int:
        """Channels of the block's output."""
        return self.conv_1.weight_OIHW.shape[0]


@torch.no_grad()
def fold_stem(generator: AnyNetwork) -> FoldedConv:
    """The first convolution; its features come minus the mean that the first norm takes off."""
    return _shifted(_conv(generator.get_submodule("fc")), -centre(generator, 0))


@torch.no_grad()
def fold_image(generator: AnyNetwork) -> FoldedConv:
    """The last convolution."""
    return _conv(generator.get_submodule("conv_img"))


@torch.no_grad()
def fold_block(generator: AnyNetwork, index: int) -> FoldedBlock:
    """Block ``index`` as plain weights that compute what it computes in evaluation mode.

    Features are kept minus the mean that the next norm takes off (the offset sits in the convolution's bias): so
    B = β − μA does not cancel against x · A, which would cost digits.
    """
    block = generator.residual_blocks[index]
    before, after = centre(generator, index), centre(generator, index + 1)
    middle = _mean(block.norm_1)
    norms = [(block.norm_0, before), (block.norm_1, middle)] + ([(block.norm_s, before)] if block.has_shortcut else [])
    owners: list[nn.Module] = [block] if block.shares_hidden else [norm for norm, _offset in norms]
    shared = [_conv(owner.mlp_shared[0]) for owner in owners]  # type: ignore[index] # a Sequential, by its name
    folded = [_norm(norm, offset, 0 if block.shares_hidden else place) for place, (norm, offset) in enumerate(norms)]
    return FoldedBlock(
        _stacked(shared),
        folded[0],
        folded[1],
        folded[2] if block.has_shortcut else None,
        _shifted(_conv(block.conv_0), -middle),
        _shifted(_conv(block.conv_1), -after if block.has_shortcut else before - after),
        _conv(block.conv_s) if block.has_shortcut else None,
        _grain(block.norm_1),
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


def centre(generator: AnyNetwork, index: int) -> Tensor:
    """What is taken off the features before block ``index``; after the last block, nothing."""
    body = generator.residual_blocks
    return _mean(body[index].norm_0) if index < len(body) else torch.zeros(generator.config.widths[-1])


def deviation(generator: AnyNetwork) -> float:
    """Typical deviation of the coarsest block's output, by the statistics of the norm that reads it; never 0."""
    _first, *others = generator.residual_blocks
    variance = others[0].norm_0.norm.running_var if others else None
    return 1.0 if variance is None else float((variance.float().mean() + others[0].norm_0.norm.eps).sqrt())


def _mean(norm: Spade) -> Tensor:
    mean = norm.norm.running_mean
    if mean is None:
        raise TypeError("a generator for rendering keeps running statistics")
    return mean.detach().float()


def _shifted(conv: FoldedConv, offset: Tensor) -> FoldedConv:
    """The convolution plus ``offset`` (O,)."""
    offset = offset.to(conv.weight_OIHW.device)
    return FoldedConv(conv.weight_OIHW, offset if conv.bias is None else conv.bias + offset)


def _grain(norm: Spade) -> FoldedGrain | None:
    """The norm's grain, which comes after its normalisation, as one that comes before."""
    grain, variance = norm.grain, norm.norm.running_var
    if not isinstance(grain, Grain) or variance is None:
        return None
    deviation = (variance.float() + norm.norm.eps).sqrt()
    return FoldedGrain(grain.strength.detach().float() * deviation, grain.field[0, 0].float())


def _stacked(convs: list[FoldedConv]) -> FoldedConv:
    """Several convolutions of one input as one."""
    biases = [
        conv.bias if conv.bias is not None else conv.weight_OIHW.new_zeros(len(conv.weight_OIHW)) for conv in convs
    ]
    return FoldedConv(torch.cat([conv.weight_OIHW for conv in convs]), torch.cat(biases))


def _norm(norm: Spade, offset: Tensor, source: int) -> FoldedNorm:
    """For features that come minus ``offset``: x · A + B with A = s(1 + γ), B = β − (μ − offset)A."""
    gamma, beta = _conv(norm.mlp_gamma), _conv(norm.mlp_beta)
    variance = norm.norm.running_var
    assert variance is not None and gamma.bias is not None and beta.bias is not None
    scale = (variance.float() + norm.norm.eps).rsqrt()
    rest = _mean(norm) - offset
    a_weight = scale[:, None, None, None] * gamma.weight_OIHW
    a_bias = scale * (1 + gamma.bias)
    b_weight = beta.weight_OIHW - rest[:, None, None, None] * a_weight
    b_bias = beta.bias - rest * a_bias
    return FoldedNorm(FoldedConv(torch.cat([a_weight, b_weight]), torch.cat([a_bias, b_bias])), source)
