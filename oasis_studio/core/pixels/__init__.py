"""Arithmetic on the pixel grid. Nothing here knows a document, a layer or a class.

``box``        an axis-aligned rectangle of pixels
``raster``     polygons, ellipses and lines with hard edges
``tip_shape``  the masks that a brush stamps; ``sweep`` what a tip covers between two points
``gaps``       flood fill that does not leak through small openings of an outline
"""
