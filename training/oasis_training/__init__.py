"""Training an OASIS or SPADE model: another process, one recipe in, JSON lines out.

The rooms, each importing only from those above it; ``recipe``, ``events`` and ``state`` are values that all may use:

``datasets``    labelled photos in the forms that people have them, found, checked and converted
``pairs``       the same as tensors of one size, as a training reads them
``learning``    one step: losses, networks, augmentation, and the random choices of it
``reading``     readers: fitted to labelled photos, measured, stored beside a model; the critic's calibration
``evaluation``  how good a model is
``doctor``      labels of a data set that are probably wrong
``run``         the story of a training: phases, previews, saved states, the published model
``commands``    every command line of the package

Array suffixes: N batch, C channels, H height, W width, Z noise size, R regions; ``labels`` use 255 for "leave out".
"""
