"""The document and everything a file can hold: plain values, numpy arrays, no Qt and no torch.

The rooms, each importing only from those above it:

``pixels``    shapes, boxes and brush tips on the pixel grid, with no idea of a document
``disk``      reading and writing whole files with care; which files of a folder are meant
``classes``   semantic classes and their colours
``document``  what a person paints: layers, regions, styles, locks, selection, noise
``work``      values that go to another thread or process and come back: requests, jobs, a training run's folder
``models``    a model on disk: its card, the library of models, what a model can do
``history``   everything that can be undone, as commands
``tools``     from a press of the mouse to a command; operations on layers and regions
``files``     projects, label maps and pictures in the formats that people exchange
``program``   the language, the standard streams and the report for whoever helps

Array names carry a shape suffix: H height, W width, 3 or 4 colour channels, R regions, Z noise size, N classes.
"""
