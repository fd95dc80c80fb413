"""Threads and processes behind the window.

``background``  a thread that does one piece of work after the other; the one place that catches every exception
``workbench``   the thread for work beside the photo; ``mailbox`` hands over the newest request only
``tool_run``    long work in a process of its own: its progress, then its result or one sentence
"""
