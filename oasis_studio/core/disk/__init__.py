"""Files of the person's disk, whatever is in them.

``atomic``       writes a file whole or not at all
``whole_files``  reads bytes, text, JSON and tables, with one sentence for everything that can be wrong
``distinct``     refuses to write over a file that is also read
``listing``      the files of a folder that are meant; ``endings`` which endings are photos and which are label maps
``openable``     which files the window opens; ``container`` reads zip files of layers within limits
"""
