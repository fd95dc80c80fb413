"""Arithmetic of the engine: inner loops, products and convolutions, each with weights laid out once.

``kernels``      the inner loops by torch; ``native`` the same in C++; ``kernel_choice`` measures which to use
``convolution``  convolutions of channels-last maps; ``matrix`` products; ``quantised`` convolutions of bytes, and
                 ``int8_choice`` whether the processor gains by them; ``rounding`` weights in fewer bits
``folding``      norms and statistics folded into plain weights
``rows``, ``workspace``  memory that lasts between renders
"""
