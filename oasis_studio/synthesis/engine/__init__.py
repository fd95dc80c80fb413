"""The fast, exact form of a generator.

SPADE's γ and β are read from the label map and the regions' noise, which are constant over large areas: they depend
on nothing but the 5×5 window of *entries* — distinct pairs (class, noise vector) — around a pixel (3×3 where γ and β
have a kernel of 1). So they are computed once per distinct window and gathered:

``folding``  spectral norms, batch statistics, grain and "1 + γ" folded into plain weights
``scene``    a request as a map of entries; the border of the image is an entry of its own
``windows``  numbers the distinct windows of a map, the same number as long as the model is in hand
``tables``   entry → hidden features → one row (A, B) per window, so that SPADE is x · A + B; ``level``: of one block
``dense``    the same for a level with about as many windows as pixels; ``label_path`` chooses between the two
``modulate`` one pass: double, gather, multiply-add, leaky ReLU
``compiled`` a generator made of these; ``editing`` computes only the patch that an edit touched
``tiling``   what a tile needs of every level; ``footprint`` the memory for it; ``fitting`` one piece, or tiles
``renderer`` the engine as a Renderer

Tensor suffixes here: H height, W width, C channels, P pixels (H·W), E entries, N windows, K hidden channels.

Times as fast as the plain float32 network, CPU time, random calibrated weights, 28 regions (``tests/benchmarks``,
2 cores of a Zen 4 with avx512_bf16, torch 2.13; idle, but for the row of Cityscapes); a *dab* changes 1 % of the
picture. In wall time ADE20K takes 1,947 ms plain and 141 ms warm in bfloat16, the starter 253 and 42, its dab 12 ms:

=====================  ==========  ==========  ==========  ==========  =======  =============  =========
network                fp32 cold   fp32 warm   bf16 cold   bf16 warm   bf16 dab max error fp32  bf16
=====================  ==========  ==========  ==========  ==========  =======  =============  =========
ADE20K 256×256         6.7         8.6         11.6        16.0        84–92    1e-5           50.6 dB
Cityscapes 512×256     6.1         6.9         11          13          100      8e-6           50.8 dB
starter 256×256        3.5         3.9         5.7         6.7         33–36    4e-6           54.5 dB
=====================  ==========  ==========  ==========  ==========  =======  =============  =========

Following an edit, CPU ms (detail first: blocks of 8 pixels and coarser wait) and closeness to the exact image:

=================  ==============  ==============  ==============
network, bf16      1 %             5 %             15 %
=================  ==============  ==============  ==============
ADE20K             26, 48.3 dB     45, 35.8 dB     90, 32.4 dB
ADE20K, detail     9, 47.2 dB      17, 34.8 dB     45, 30.7 dB
starter            8, 47.6 dB      11, 45.2 dB     19, 44.2 dB
starter, detail    6, 45.9 dB      8, 41.2 dB      14, 38.2 dB
=================  ==============  ==============  ==============

What is missing lies outside the touched rectangle, all of it: under the brush the image is exact but for rounding. With
random weights at ADE20K's size it is fine structure: a halo of 4 brings 0.3 dB, and the network run on at 16×16 from
whole coarse features brings less than nothing; from 64×64 it brings 4 dB for the time of a whole render. So it waits
for the whole photo, which comes as soon as the pen rests.

Tiles take about the time of one piece: a starter image of 1024² takes 1.9 s either way, in 715 or in 150 MB.

There are no kernels of our own: three quarters of a warm render are oneDNN's convolutions, and a fused modulate would
save some 15 of 200 ms. numba would bring a compiler of 100 MB and its start-up into every installation; if the rest is
ever wanted, a small C++ extension built with the wheel is the way, with these operations as the fallback.
"""
