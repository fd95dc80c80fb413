"""Readers: segmenters on the backbone that read photos in a model's classes, fitted to labelled photos.

``recipe``       what decides such a fitting
``fitting``      the loop: resumable, minutes on a processor
``measured``     how well a reader reads held-out photos
``publishing``   a reader fitted when a training is published
``calibration``  what a critic says of real photos, and how well it reads them
"""
