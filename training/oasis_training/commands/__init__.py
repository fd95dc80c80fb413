"""Every command line of the package, as ``python -m oasis_training.commands.NAME``.

``training``     one run; ``python -m oasis_training`` is the same
``fine_tuning``  a recipe from a base model and a person's photos, with the ``presets`` of how long it lasts
``datasets``     check, convert and examine labelled photos
``relabel``      label maps for photos that have none
``reading``      a reader for a model
``evaluation``   how good models are
"""
