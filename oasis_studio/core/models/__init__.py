"""A model as it lies on disk, and what can be said about it without opening its networks.

``card``          what a model is and which files it has; ``archive`` the same in one ``.oasismodel`` file
``library``       the models a person has; ``models_folder`` where they lie
``capabilities``  what a model can be asked for; ``reach`` how far an edit of its label map can show
``backbone``      the frozen image network that a model was made with
``calibration``   what its critic says of real photos; ``reading`` and ``surprise`` what it says of one photo
``style_noise``   from the styles of a document to the noise vectors of a request
"""
