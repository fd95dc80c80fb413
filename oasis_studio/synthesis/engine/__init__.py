"""The fast, exact form of a generator.

SPADE's γ and β are read from the label map and the regions' noise, which are constant over large areas: they depend
on nothing but the 5×5 window of *entries* — distinct pairs (class, noise vector) — around a pixel (3×3 where γ and β
have a kernel of 1). So they are computed once per distinct window and gathered:

``folding``  spectral norms, batch statistics, grain and "1 + γ" folded into plain weights
``scene``    a request as a map of entries; the border of the image is an entry of its own, an outline part of one
``stem``     the coarsest features, of the label map or of SPADE's style code
``windows``  numbers the distinct windows of a map, the same number as long as the model is in hand
``tables``   entry → hidden features → one row (A, B) per window, so that SPADE is x · A + B; ``level``: of one block
``dense``    the same for a level with about as many windows as pixels; ``label_path`` chooses between the two
``modulate`` one pass: double, gather, multiply-add, leaky ReLU
``kernels``  the inner loops by torch; ``native`` the same in C++; ``kernel_choice`` measures which to use
``compiled`` a generator made of these; ``editing`` computes only the patch that an edit touched
``tiling``   what a tile needs of every level; ``footprint`` the memory for it; ``fitting`` one piece, or tiles
``renderer`` the engine as a Renderer

Tensor suffixes here: H height, W width, C channels, P pixels (H·W), E entries, N windows, K hidden channels.

Times as fast as the plain float32 network, CPU time, random calibrated weights, 28 regions (``tests/benchmarks``, 2
cores of an AMD EPYC of family 26 with avx512_bf16, torch 2.13; ADE20K and SPADE beside much other work; Cityscapes and
the starter idle and without compiled inner loops):

==========================  ==========  ==========  ==========  ==========  ==============  =========
network                     fp32 cold   fp32 warm   bf16 cold   bf16 warm   max error fp32  bf16
==========================  ==========  ==========  ==========  ==========  ==============  =========
ADE20K 256×256              6.5–6.7     9.2–9.4     10.8–12.4   17.2–18.3   1.2e-5          50.7 dB
the same by torch alone                             11.1        16.0                        50.6 dB
Cityscapes 512×256          6.1         6.9         11          13          8e-6            50.8 dB
SPADE ADE20K 256×256        5.6         7.6         10.5        15.6        1.9e-5          46.6 dB
starter 256×256             3.5         3.9         5.7         6.7         4e-6            54.5 dB
==========================  ==========  ==========  ==========  ==========  ==============  =========

Following an edit of a share of the picture, CPU ms and closeness to the engine's own whole image:

==========================================  ==============  ==============  ==============
network, bf16                               1 %             5 %             15 %
==========================================  ==============  ==============  ==============
ADE20K, random weights                      19, 50.0 dB     40, 35.8 dB     68, 32.3 dB
SPADE ADE20K, random weights                26, 43.2 dB     47, 17.4 dB     78, 15.2 dB
starter, trained, the worst of 3 scenes     6, 37.7 dB      10, 31.6 dB     17, 29.7 dB
starter, trained, the best of them          6, 52.9 dB      10, 45.1 dB     17, 36.7 dB
==========================================  ==============  ==============  ==============

On ADE20K these are 177, 84 and 50 times as fast as the plain network. The first frame of a dab (blocks of 8 pixels and
coarser wait) is 380–400 times as fast and has 48.6 dB; idle, it took 8 ms, before there were compiled inner loops.

What is missing lies outside the touched rectangle, all of it: under the brush the image is exact but for rounding. How
much that is depends on the weights and the picture: with γ and β three times as large the random network has 40.9
instead of 35.8 dB at 5 %. No wider rectangle helps (a halo of 8: 0.3 dB; all levels up to 64×64 whole: nothing), since
what changes there are the fine levels outside of it. So it waits for the whole photo, which comes as soon as the pen
rests. Coarse blocks compute one pixel around a change instead of two: a quarter of a dab's time, and nothing lost.

Tiles take about the time of one piece: a starter image of 1024² takes 1.9 s either way, in 715 or in 150 MB. A label
map of 8192² becomes a photo in 119 s beside other work, with 1.75 GB resident and 8 GB of addresses to be had.

The inner loops are plain C++ behind C functions, loaded by ctypes: there is no PyTorch in them, so that one library
serves every version, and GNU's function variants (AVX-512, AVX2, anything) let one file serve every x86-64; NEON comes
from the compiler. They are compiled when a wheel is built (``packaging/native.py``) where there is a compiler. numba
would bring a compiler of 100 MB and its start-up into every installation, an extension of PyTorch one binary per
version of it. They took a dab on ADE20K from 22 CPU ms (idle) to 18 (beside other work), a warm starter from 54 to 44.
Their threads are their own: a second OpenMP beside PyTorch's takes its processors. What is left of a warm render is
oneDNN's convolutions.

int8 is not there: it needs the range of every layer's values, measured for each model, and was not tried.
"""
