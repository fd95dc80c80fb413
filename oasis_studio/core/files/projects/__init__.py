"""Drawings as files.

``project``     the ``.oasis`` file: an OpenRaster zip with the exact ids beside
``manifest``    its JSON; ``entries`` its parts; ``region_json`` styles and locks; ``results`` kept photos
``thumbnail``   the small picture in it; ``autosave`` copies of unsaved work and their recovery
``openraster``  files of Krita, MyPaint and GIMP; ``psd`` layered Photoshop files; ``swatches`` named styles
"""
