"""The fast, exact form of a generator.

SPADE's γ and β are read from the label map and the regions' noise, which are constant over large areas: they depend
on nothing but the 5×5 window of *entries* — distinct pairs (class, noise vector) — around a pixel (3×3 where γ and β
have a kernel of 1). So they are computed once per distinct window and gathered:

``arithmetic`` inner loops and convolutions; its ``folding`` makes plain weights of norms, statistics and "1 + γ"
``scene``    a request as a map of entries; the border of the image is an entry of its own, an outline part of one
``stem``     the coarsest features, of the label map or of SPADE's style code
``networks.windows`` numbers the distinct windows of a map, the same number as long as the model is in hand
``tables``   entry → hidden features → one row (A, B) per window, so that SPADE is x · A + B; ``level``: of one block
``dense``    the same for a level with about as many windows as pixels; ``label_path`` chooses between the two
``modulate`` one pass: double, gather, multiply-add, leaky ReLU
``compiled`` a generator made of these; ``editing`` computes only the patch that an edit touched, and ``drift`` tells
             how much around it
``spade_conv`` one of the main steps of a block, in floats or bytes; ``calibration`` finds the ranges of the bytes and
             whether the image bears them
``tiling``   what a tile needs of every level; ``footprint`` the memory for it; ``fitting`` one piece, or tiles
``renderer`` the engine as a Renderer

Tensor suffixes here: H height, W width, C channels, P pixels (H·W), E entries, N windows, K hidden channels.

Times as fast as the plain float32 network, CPU time, random calibrated weights, 28 regions (``tests/benchmarks``,
``--quick``, 2 idle cores of an AMD EPYC with avx512_bf16, torch 2.13):

==========================  =========  =========  =========  =========  ==============  =======
network                     fp32 cold  fp32 warm  bf16 cold  bf16 warm  max error fp32  bf16
==========================  =========  =========  =========  =========  ==============  =======
ADE20K 256×256              6.7        9.1        12.1       17.8       1.2e-5          51.0 dB
the same by torch alone                           11.5       16.2                       50.8 dB
Cityscapes 512×256          5.9        7.2        10.7       14.1       7.3e-6          52.0 dB
SPADE ADE20K 256×256        5.6        7.6        10.3       14.9       1.9e-5          47.1 dB
starter's sizes 256×256     4.5        4.8        8.2        8.9        3.8e-6          53.7 dB
==========================  =========  =========  =========  =========  ==============  =======

In wall time ADE20K takes 1,838 ms plain and 104 ms warm in bfloat16, the starter's sizes 251 and 28; between two days
all ratios move by a tenth, and a small network's more. Following an edit of a share of the picture in bfloat16: times
as fast, ms of wall time, closeness to the plain network:

====================  =====================  ===================  ==================  ==================
network               1 %, detail first      1 %                  5 %                 15 %
====================  =====================  ===================  ==================  ==================
ADE20K                443, 6.0 ms, 47 dB     193, 12 ms, 48 dB    35, 56 ms, 41 dB    17, whole, 51 dB
with He's γ and β     459, 5.4 ms, 45 dB     195, 11 ms, 47 dB    53, 38 ms, 42 dB    27, 66 ms, 41 dB
Cityscapes            557, 6.5 ms, 41 dB     149, 21 ms, 42 dB    63, 45 ms, 42 dB    31, 89 ms, 42 dB
SPADE ADE20K          416, 5.6 ms, 41 dB     131, 15 ms, 43 dB    14, whole, 47 dB    14, whole, 47 dB
starter's sizes       97, 4.0 ms, 46 dB      50, 7 ms, 47 dB      37, 9 ms, 45 dB     24, 13 ms, 44 dB
====================  =====================  ===================  ==================  ==================

The windows of these edits are known. With new ones a dab on ADE20K is 116 times as fast (20 ms), on Cityscapes 106, on
SPADE 87. The goals for ADE20K were 130, 90 and 50 times at 1, 5 and 15 %, with 40, 39 and 39 dB. At 5 and 15 % the
times and the closeness are not to be had together: the touched rectangle alone would be 88 and 51 times as fast, with
36 and 32 dB (He's: 40 and 37). Closeness goes first. In the real window sixty dabs with the starter showed 29 photos
a second, 62 ms at most without a new one, and 58 dB when the pen had rested.

Against generic runtimes (``tests/benchmarks/runtimes``, ADE20K 256×256, beside other work, each in turn with the
engine, CPU ms): in float32 OpenVINO 1,775, torch.compile 1,815 and ONNX Runtime 1,992, the engine 518–561 cold and
370–394 warm; in bfloat16 torch.compile 884 and OpenVINO 903, the engine 296–310 and 185–196. So it is 3.2 and 4.5 times
as fast as the best of them in float32, 2.9 and 4.6 times in bfloat16, in the worse of two runs.

What is missing lies outside of what is computed again, all of it: there the image is exact but for rounding. How much
that is depends on the weights and on the edit. The coarsest features, computed whole, which costs nothing, tell how far
the rest of the photo is off; how much of that shows in the image is learnt from whole photos (``drift``). So as much
around an edit is computed again as brings it to 40 dB: up to 48 pixels more on every side, or the whole photo where
that would not do, as for the first large edit of a model, whose weights are not known yet. Of 108 edits of 1, 5 and 15
% at twelve places of two random networks and the starter all had 39 dB against a whole render but one, which had 38.9.
A stroke of many small edits may drift to 30 dB before that, unless a whole photo takes less than a thirtieth of a
second: on the trained starter (``tests/benchmarks/drift``) sixty dabs without a rest keep 36–43 dB at worst, for up to
10 whole photos, and would end at 23–28 dB. SPADE has no noise, its features are of labels alone: an edit of 5 % moves
all of the photo (17 dB if only followed), and comes whole. Pictures of fewer than 32 of the coarsest pixels always do.
Everything else waits for the whole photo that comes as soon as the pen rests. Coarse blocks compute one pixel around a
change instead of two: a quarter of a dab's time, and nothing lost.

Rounding to bfloat16 leaves 50.5 dB on four ADE20K scenes together (49.9–51.0 each); that the errors of a kernel's taps
cancel (``rounding``) brought 0.3 dB there, 1 dB with Cityscapes and 0.5 dB with SPADE, for nothing.

In bfloat16 a warm SPADE render can hardly become faster: 165 of its 198 CPU ms are bfloat16 convolutions at 240 GMAC/s,
all that this processor gives, and 11 the shortcuts' products. Free of charge otherwise it would be 17.6 times as fast.

Tiles take about the time of one piece: a starter image of 1024² takes 1.9 s either way, in 715 or in 150 MB. A label
map of 8192² becomes a photo in 43 s, with 1.54 GiB resident and 8 GiB of addresses to be had.

The inner loops are plain C++ behind C functions, loaded by ctypes: there is no PyTorch in them, so that one library
serves every version, and GNU's function variants (AVX-512, AVX2, anything) let one file serve every x86-64; NEON comes
from the compiler. They are compiled when a wheel is built (``packaging/native.py``) where there is a compiler. numba
would bring a compiler of 100 MB and its start-up into every installation, an extension of PyTorch one binary per
version of it. They took a dab on ADE20K from 22 CPU ms (idle) to 18 (beside other work), a warm starter from 54 to 44.
Their threads are their own: a second OpenMP beside PyTorch's takes its processors. What is left of a warm render is
oneDNN's convolutions.

int8 is for photos in between: while somebody paints, and where that measures clearly faster, whole photos compute the
main convolutions in bytes, but for blocks with pixels of 16 and more; a dab is followed in bytes only beside float32
with AVX-512: AVX2's layouts fit few sizes (``convolution``), as much as 200 ms are lost on a wrong one. When the pen
rests, and in every file, they are floats. Both share tables and features, so that each goes on from what the other
left. Weights are scaled by output channel, and taps share their errors (``rounding``); values are scaled by layer, with
a zero that need not be 0: it is taken off the bias, and a frame of it stands around every map. The inner loop that
modulates writes the bytes. Ranges come from one scene per model (0.1 s for the starter, 0.5 for ADE20K); cutting off
harms more than coarse levels do, so they are a tenth wider. A model that has less than 38 dB then keeps its floats, as
the small fixture of the tests does (features of 150, 25–31 dB). Where sums of products overflow 16 bits (no VNNI),
weights have seven bits. Times as fast as the plain float32 network, cold and warm; ms of a warm photo in int8 and in
what is best else, here and with convolutions as of processors without bfloat16 (``ONEDNN_MAX_CPU_ISA``):

================  ==========  ==========  =======  ==========  ============  ===========
network           int8        bf16        int8     ms here     AVX-512 VNNI  AVX2 VNNI
================  ==========  ==========  =======  ==========  ============  ===========
ADE20K            15.6, 25.8  12.6, 18.2  41.3 dB  71, 96      102, 184      155, 333
SPADE ADE20K      12.6, 20.5  10.5, 15.4  40.3 dB  90, 109
starter's sizes   11.1, 12.6  8.9, 9.5    45.0 dB  21, 27      28, 47        38, 80
================  ==========  ==========  =======  ==========  ============  ===========

The trained starter keeps 49–54 dB on five scenes. A dab of 1 % on ADE20K takes 10.2 ms instead of 10.9 beside bfloat16,
15 instead of 19 beside float32 (AVX-512). In the real window sixty dabs with the starter leave 61 ms at most without a
new photo instead of 64, and 71 instead of 87 without bfloat16. Where a photo that follows takes more than 30 ms and the
pen is up, the photo at rest comes right after the details, without a draft in bytes between.
"""
