"""The program itself: its language, its streams, and a report for whoever helps.

``language``   which language is spoken; ``pseudo_language`` a test language of long words
``streams``    standard output and error that never fail on a letter
``manual``     its pages, and a search through them
``diagnosis``  versions, device, log and settings in one zip file
"""
