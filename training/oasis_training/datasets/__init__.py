"""Labelled photos in the forms that people have them, read as one: found, checked, and written as the trainer reads it.

A *reader* (:mod:`.readers`) knows one layout on disk and makes a :class:`~.model.Dataset` of it; nothing is decoded
before it is asked for. :mod:`.formats` finds the reader, :mod:`.check` looks for what is wrong, :mod:`.convert` writes
``images/``, ``labels/``, ``classes.json`` and ``manifest.csv``. Neither torch nor Qt is imported here.

Array suffixes: H height, W width; label maps hold class ids, :data:`~.model.NO_CLASS` where there is none.
"""
