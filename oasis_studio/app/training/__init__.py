"""Training from the window, and the photos for it.

``plan``       what a person decides before a training; ``data_findings`` and ``class_choices`` parts of it
``preparation``  from the plan to a folder in which a training can start
``process``    the training as a process; ``progress`` what its events said; ``runs`` the runs in the person's folder
``training``   the one training of the window and the open scene as it learns
``labelling``  photos labelled one after the other; ``dataset_doctor`` regions that are probably mislabelled
"""
