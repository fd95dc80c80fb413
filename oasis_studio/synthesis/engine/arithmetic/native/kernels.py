"""What :class:`~oasis_studio.synthesis.engine.arithmetic.kernels.TorchKernels` does, in machine code on the CPU."""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Levels, Take, TorchKernels
from oasis_studio.synthesis.engine.arithmetic.native.windows import NativeWindows
from oasis_studio.synthesis.networks.windows import TAPS, WindowDictionary


class NativeKernels:
    """float32 and bfloat16; on as many threads as torch uses."""

    name = "native"

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library
        self._torch = TorchKernels()

    def modulate(
        self,
        x_HWC: Tensor,
        coefficients: Coefficients,
        out_HWC: Tensor,
        factor: int,
        corner: tuple[int, int],
        leak: float,
        take: Take,
        levels: Levels | None = None,
    ) -> None:
        rows, index = coefficients.rows, coefficients.index_HW
        height, width, channels = out_HWC.shape
        if not (
            _is_dense(x_HWC)
            and _is_dense(out_HWC)
            and _is_dense(rows)
            and (index is None or _is_dense(index[..., None]))
        ):
            self._torch.modulate(x_HWC, coefficients, out_HWC, factor, corner, leak, take, levels)
            return
        numbers = () if levels is None else (1 / levels.scale, levels.zero)
        sweep = self.library.oasis_modulate if levels is None else self.library.oasis_modulate_u8
        sweep(
            rows.dtype == torch.bfloat16,
            x_HWC.data_ptr(),
            x_HWC.stride(0),
            factor,
            *corner,
            rows.data_ptr(),
            rows.stride(0),
            None if index is None else index.data_ptr(),
            0 if index is None else index.stride(0),
            out_HWC.data_ptr(),
            out_HWC.stride(0),
            height,
            width,
            channels,
            leak,
            *numbers,
            torch.get_num_threads(),
        )

    def sum_rows(
        self, table_MC: Tensor, windows_N9: Tensor | None, bias_C: Tensor, out_NC: Tensor, is_activated: bool
    ) -> None:
        assert table_MC.stride(1) == out_NC.stride(1) == 1 and bias_C.dtype == torch.float32
        assert windows_N9 is None or (windows_N9.is_contiguous() and windows_N9.dtype == torch.int32)
        self.library.oasis_sum_rows(
            table_MC.dtype == torch.bfloat16,
            out_NC.dtype == torch.bfloat16,
            table_MC.data_ptr(),
            table_MC.stride(0),
            None if windows_N9 is None else windows_N9.data_ptr(),
            1 if windows_N9 is None else TAPS,
            bias_C.data_ptr(),
            is_activated,
            out_NC.data_ptr(),
            out_NC.stride(0),
            *out_NC.shape,
            torch.get_num_threads(),
        )

    def windows(self) -> WindowDictionary:
        return NativeWindows(self.library)


def _is_dense(map_HWC: Tensor) -> bool:
    """Do the channels of a pixel, and the pixels of a row, lie side by side?"""
    _height, width, channels = map_HWC.shape if map_HWC.dim() == 3 else (1, *map_HWC.shape)
    return (channels == 1 or map_HWC.stride(-1) == 1) and (width == 1 or map_HWC.stride(-2) == channels)
