"""Windows over the window, for what needs more than a question.

``new_document``, ``resize``, ``animate``      numbers for a drawing, its size, and a loop of it
``import_labels``, ``photo_labels``            from a label map or a photo to labels; ``photo_style`` to a style
``models``, ``import_model``                   the models there are, and bringing one in; ``model_details`` of one
``preferences``                                and its pages ``device_page``, ``key_editor`` and ``models_place``
``command_palette``, ``key_sheet``             every command by its name, and all keys
``popup_palette``                              what one changes all the time, at the pointer
``variation_grid``, ``report_view``, ``notes`` variations in a grid, a report of measures, words about a drawing
``welcome``, ``tour``, ``recovery``            the first start, the parts of the window, and what a crash left
"""
