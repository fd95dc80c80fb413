"""What people exchange, as files: projects, label maps and pictures. Every write is atomic.

``pictures``    the pixels of pictures: one decoder for photos and label maps, writers for PNG, JPEG, WebP and TIFF
``label_maps``  what the pixels of a label map mean, and label maps written as files
``projects``    a drawing with everything in it, and the layered files of other painting programs
"""
