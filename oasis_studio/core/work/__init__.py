"""Work that is done elsewhere: values that go to another thread or process, and values that come back.

``request``      one photo to render, and the protocol of whoever renders it
``jobs``         work beside the photo: reading, judging, finding styles; ``verdict`` a critique, region by region
``wire``         both as bytes for another process
``child``        how our packages are started as processes; ``environment`` and ``probe`` another Python for them
``run_folder``   the folder through which a training run and the window talk
"""
