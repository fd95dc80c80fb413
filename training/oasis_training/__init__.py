"""Training an OASIS model: another process, one recipe in, JSON lines out.

The story is :mod:`oasis_training.trainer`; what a step computes is :mod:`oasis_training.losses`,
:mod:`oasis_training.augment` and :mod:`oasis_training.draws`; what it reads is :mod:`oasis_training.dataset`.

Array suffixes: N batch, C channels, H height, W width, Z noise size, R regions; ``labels`` use 255 for "leave out".
"""
