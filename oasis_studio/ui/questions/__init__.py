"""Questions to the person, and answers.

``messages``  every message box; ``notice`` a sentence with buttons; ``waiting`` until files are written
``name``, ``number``, ``file_names``  one value asked for; ``places`` where the person's files are
``form``      the frame of a dialog; ``asking`` shows a dialog; ``careful`` asks before something would be lost
"""
