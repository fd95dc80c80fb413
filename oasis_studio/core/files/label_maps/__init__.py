"""Label maps as files.

``pixels``   the values of a label map as its file has them
``meaning``  what those values mean: ids, grey values of a palette, or colours of classes
``reading``  what is in a file that should become a label map, before the person decides what each value means
``files``    label maps in a model's classes, read and written
"""
