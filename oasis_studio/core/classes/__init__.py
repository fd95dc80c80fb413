"""Semantic classes, as a model declares them.

``palette``      the classes of a model with their ids, names and colours
``nearest``      which class a colour of a picture means
``safe_colors``  colours that people with a colour vision deficiency can tell apart
"""
