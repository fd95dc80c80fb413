"""Published checkpoints: plain state dicts of torch, by the keys that their authors' programs gave them.

``torch_file`` reads a ``.pth`` or safetensors file without running what is in it
``containers`` finds the networks among other things, and takes wrappers' names off their keys
``weights``    tells by the keys which network it is, and gives its weights to ours
``oasis``      OASIS: ``*_EMA.pth``, ``*_G.pth``, ``*_D.pth``
``spade``      SPADE: ``*_net_G.pth``, ``*_net_D.pth``, ``*_net_E.pth``
``model``      all parts of a model at once, and into the library

Nothing is folded or dropped: the spectral norms' vectors stay, so that an imported model can be trained further.
"""
