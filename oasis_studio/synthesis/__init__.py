"""Networks, weights and rendering: torch, and nothing of Qt.

The rooms, each importing only from those above it:

``backbone``   the frozen image network that critic, reader and evaluation look with
``networks``   generators, discriminators, encoder and reader as modules of torch
``models``     weights in files: checkpoints of our own, and published ones
``rendering``  a photo by the plain networks; devices and memory
``engine``     the same photo, many times faster
``photos``     photos read, judged and matched: labels from a photo, the critic, style from a photo
``service``    all of it as a process of its own, for the window

Tensor names carry a shape suffix: N batch, C channels, H height, W width, K hidden channels, R regions, Z noise size.
Parameter names inside the networks are those of the published OASIS checkpoints: they are a file format.
"""
