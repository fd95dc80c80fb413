"""Networks, weights and rendering: torch, and nothing of Qt.

Tensor names carry a shape suffix: N batch, C channels, H height, W width, K hidden channels, R regions, Z noise size.
Parameter names inside the networks are those of the published OASIS checkpoints: they are a file format.
"""
