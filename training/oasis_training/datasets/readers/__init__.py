"""One small class a layout; :mod:`oasis_training.datasets.formats` lists them all."""
