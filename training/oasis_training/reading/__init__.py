"""Readers: segmenters on the backbone that read photos in a model's classes, fitted to labelled photos.

``recipe``    what decides such a fitting
``fitting``   the loop: resumable, minutes on a processor
``measured``  how well a reader reads held-out photos
``__main__``  ``oasis-studio model reader``
"""
