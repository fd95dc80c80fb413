"""A judgement as a person reads it.

``table``  in a terminal; ``page`` as one HTML file, made of ``page_style``, ``page_pictures``, ``scale`` and
``variety_page``
"""
