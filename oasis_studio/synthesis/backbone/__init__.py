"""A frozen image network that was trained on a million photos, and the ways to look at pictures with it.

``network``  EfficientNet-lite1 as a pyramid of features, and as one vector of pooled features a picture
``shared``   opens the weights that come with the program, once for all of its users in a process

The network is never trained here: its weights take no gradient, belong to no module of their users and are written
into no model or training state. A model that was made with a backbone names it and its hash in its card.
"""
