"""Files of the open drawing.

``drawings``   drawings from and to files and samples; ``jobs`` writes them behind the window
``autosaver``  copies of unsaved work; ``incoming`` what a dropped file probably is
``photo_export``  the photo as a file; ``photo_labels`` labels read from a photo
``single_instance``  a second start hands its file to the first; ``log_file`` the program's log
"""
