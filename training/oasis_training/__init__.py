"""Training an OASIS or SPADE model: another process, one recipe in, JSON lines out.

The story is :mod:`oasis_training.trainer`. A step (:mod:`~oasis_training.step`) works on a plan of all its random
choices (:mod:`~oasis_training.plan`), with losses that an objective names (:mod:`~oasis_training.objective`): that of
OASIS or that of SPADE. What is read is :mod:`~oasis_training.dataset`; what stays of a run is
:mod:`~oasis_training.keeper`; processes that share a batch agree through :mod:`~oasis_training.ranks`.

Array suffixes: N batch, C channels, H height, W width, Z noise size, R regions; ``labels`` use 255 for "leave out".
"""
