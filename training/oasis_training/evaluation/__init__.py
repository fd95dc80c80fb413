"""How good a model is, measured with two pretrained judges that no generator was trained to please.

The frozen backbone describes a whole picture by 1,280 numbers: :mod:`~oasis_training.evaluation.pooled_features` is the
space of KID-E, FD-E, precision, recall and coverage. A reader, :mod:`~oasis_training.evaluation.readers`, was fitted to
real photos alone; how it reads a picture gives the agreement with the label map. A critic on the same backbone trains
the starter, so its distances flatter such models somewhat; a person's own Inception file gives an independent number.
None of the numbers is comparable with a published FID, KID or mIoU.

Array suffixes as in :mod:`oasis_training`; D features.
"""
