"""The fast, exact form of a generator.

SPADE's γ and β are read from the label map and the regions' noise, which are constant over large areas: they depend
on nothing but the 5×5 window of *entries* — distinct pairs (class, noise vector) — around a pixel (3×3 where γ and β
have a kernel of 1). So they are computed once per distinct window and gathered:

``folding``  spectral norms, batch statistics and "1 + γ" folded into plain weights
``scene``    a request as a map of entries; the border of the image is an entry of its own
``windows``  numbers the distinct windows of a map, the same number as long as the model is in hand
``tables``   entry → hidden features → one row (A, B) per window, so that SPADE is x · A + B
``dense``    the same for a level with about as many windows as pixels
``modulate`` one pass: double, gather, multiply-add, leaky ReLU
``compiled`` a generator made of these; ``cache`` recomputes the rectangle that an edit touched
``renderer`` the engine as a Renderer

Tensor suffixes here: H height, W width, C channels, P pixels (H·W), E entries, N windows, K hidden channels.
"""
