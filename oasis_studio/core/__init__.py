"""The document and everything a file can hold: plain values, numpy arrays, no Qt and no torch.

Array names carry a shape suffix: H height, W width, 3 or 4 colour channels, R regions, Z noise size, N classes.
"""
