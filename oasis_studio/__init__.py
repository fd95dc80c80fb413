"""OASIS Studio: paint a label map, see a photo.

The packages and the one import direction between them::

    core  ←  app | synthesis  ←  api  ←  ui | cli  ←  __main__

``core`` is the document and everything a file can hold (no Qt, no torch), ``synthesis`` the networks and the
rendering engine (torch, no Qt), ``app`` the session and its threads (QtCore), ``api`` what scripts call (no Qt,
nothing of ``app``; torch when a network is needed), ``ui`` the window, ``cli`` the verbs.
``__main__`` is the only place where concrete classes meet.
"""

__version__ = "0.1.0"
