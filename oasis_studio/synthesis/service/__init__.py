"""The networks at work for a window.

``workshop``    does the jobs of :mod:`oasis_studio.core.work.jobs`
``serving``     renders and does jobs in a process of its own, over pipes
``comparison``  how fast a model is on this machine
"""
