"""The pixels of picture files.

``picture``    opens any picture: the one decoder; ``bare`` removes what stands beside the pixels before it
``photo``      photos: written and read; ``png`` label and colour PNGs within limits; ``npy`` arrays without code
``animation``  photos in a row as GIF, WebP, MP4 or single files
``tips``       brush tips that a person keeps as PNG files
"""
