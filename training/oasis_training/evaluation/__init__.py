"""How good a model is, measured without anybody's pretrained weights.

Two judges look at pictures. :mod:`~oasis_training.evaluation.segmenter` is a small network trained on real photos
only, with another architecture and start than any discriminator, because a generator was trained to please that one;
its features are those of KID-S and FD-S, its reading of a picture gives the agreement with the label map.
:mod:`~oasis_training.evaluation.random_features` has fixed random weights and needs no training. None of the numbers
is comparable with a published FID, KID or mIoU, only with numbers of the same judge, whose hash stands beside them.

Array suffixes as in :mod:`oasis_training`; D features.
"""
