"""What a person is painting, as values: the document and everything it consists of.

``document``   size, palette, layers, seed and what helps to paint
``layer``      one layer of class ids; ``selection`` the pixels that tools are limited to
``regions``    the pixels of one class that one layer contributes; ``region_key`` names such a region
``style``      where a region's look comes from; ``noise`` vectors from seeds; ``lock`` pixels that must stay
``snapshot``   a state to come back to; ``result`` a photo that was kept
``guides``     lines that help to aim; ``reference`` a photo under the labels

A document changes only inside a command of :mod:`oasis_studio.core.history`, or under an open stroke.
"""
