"""Spatially-adaptive normalisation and the residual block built of it (Park et al., CVPR 2019, §3.1)."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.synthesis.networks.grain import Grain
from oasis_studio.synthesis.networks.label_windows import BlockCondition
from oasis_studio.synthesis.networks.spectral import SpectralConv2d

LEAK = 0.2


def shared_conv(inputs: int, hidden: int) -> nn.Sequential:
    """Condition → hidden map; a Sequential because the published keys end in ``.0``."""
    return nn.Sequential(nn.Conv2d(inputs, hidden, 3, padding=1), nn.ReLU())


class Spade(nn.Module):
    """out = normalised(x) · (1 + γ) + β, with γ and β read from the condition at every pixel.

    With ``inputs=None`` the hidden map comes from outside (shared by the norms of a block). Grain is added to the
    normalised features, so that the class, through γ, decides how much of it shows.
    """

    def __init__(self, channels: int, inputs: int | None, hidden: int, kernel: int, has_grain: bool = False) -> None:
        super().__init__()
        self.first_norm = nn.BatchNorm2d(channels, affine=False)
        self.grain = Grain(channels) if has_grain else nn.Identity()
        if inputs is not None:
            self.mlp_shared = shared_conv(inputs, hidden)
        self.mlp_gamma = nn.Conv2d(hidden, channels, kernel, padding=kernel // 2)
        self.mlp_beta = nn.Conv2d(hidden, channels, kernel, padding=kernel // 2)

    @property
    def norm(self) -> nn.BatchNorm2d:
        """The batch norm, whatever key it is stored under."""
        return self.first_norm

    def forward(self, x_NCHW: Tensor, condition: BlockCondition, hidden: Tensor | None) -> Tensor:
        """``condition`` has the size of ``x_NCHW``."""
        hidden = condition.hidden(self.mlp_shared) if hidden is None else hidden
        normal = self.grain(self.norm(x_NCHW))
        return condition.modulated(normal, hidden, self.mlp_gamma, self.mlp_beta)


class ParamFreeSpade(Spade):
    """The same under the keys of the published SPADE networks."""

    def __init__(self, channels: int, inputs: int | None, hidden: int, kernel: int, has_grain: bool = False) -> None:
        super().__init__(channels, inputs, hidden, kernel, has_grain)
        self.param_free_norm = self.first_norm
        del self.first_norm

    @property
    def norm(self) -> nn.BatchNorm2d:
        return self.param_free_norm


class SpadeBlock(nn.Module):
    """Two SPADE–activation–convolution stages beside a shortcut; the shortcut has no activation."""

    def __init__(
        self,
        fan_in: int,
        fan_out: int,
        inputs: int,
        hidden: int,
        kernel: int = 3,
        shares_hidden: bool = False,
        has_grain: bool = False,
        spade: type[Spade] = Spade,
    ) -> None:
        super().__init__()
        middle = min(fan_in, fan_out)
        own_inputs = None if shares_hidden else inputs
        if shares_hidden:
            self.mlp_shared = shared_conv(inputs, hidden)
        self.shares_hidden = shares_hidden
        self.has_shortcut = fan_in != fan_out
        self.conv_0 = SpectralConv2d(fan_in, middle, 3)
        self.conv_1 = SpectralConv2d(middle, fan_out, 3)
        self.norm_0 = spade(fan_in, own_inputs, hidden, kernel)
        self.norm_1 = spade(middle, own_inputs, hidden, kernel, has_grain)
        if self.has_shortcut:
            self.conv_s = SpectralConv2d(fan_in, fan_out, 1, bias=False)
            self.norm_s = spade(fan_in, own_inputs, hidden, kernel)

    def forward(self, x_NCHW: Tensor, condition: BlockCondition) -> Tensor:
        hidden = condition.hidden(self.mlp_shared) if self.shares_hidden else None
        main = self.conv_0(F.leaky_relu(self.norm_0(x_NCHW, condition, hidden), LEAK, inplace=True))
        main = self.conv_1(F.leaky_relu(self.norm_1(main, condition, hidden), LEAK, inplace=True))
        if self.has_shortcut:
            x_NCHW = self.conv_s(self.norm_s(x_NCHW, condition, hidden))
        return x_NCHW + main
