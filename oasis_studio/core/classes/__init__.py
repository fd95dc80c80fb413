"""Semantic classes, as a model declares them.

``palette``      the classes of a model with their ids, names and colours, and which of two lists have equal names
``extending``    a list made of another one and new classes
``lists``        the lists that come with the program, and others by name
``nearest``      which class a colour of a picture means
``safe_colors``  colours that people with a colour vision deficiency can tell apart
"""
