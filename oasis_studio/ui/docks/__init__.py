"""The panels at the side of the window and below the canvases.

``dock``, ``layout``          the card that all of them are, and how they lie
``classes``, ``class_chip``   the classes to paint with
``regions``                   list of regions; ``region_items`` its model, ``region_row`` a row, ``region_fields``
``region_texts``              names of regions; ``whole_style`` what is said and offered above the sliders
``layers``                    list of layers; ``layer_items`` its model, ``layer_row``, ``reference_row``
``history``                   steps to go back to
``results``                   photos that were kept; ``result_items`` its model, ``result_row`` a row, ``result_texts``
``variations``                the strip of variations
``dataset``, ``suspects``     photos that are being labelled, and what may be wrong in their labels
"""
