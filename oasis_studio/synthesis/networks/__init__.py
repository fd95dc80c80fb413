"""The networks, as modules of torch.

``network``          the protocol that every generator has; ``architectures`` the list of them
``generator``        OASIS; ``spade_generator`` SPADE; ``image_encoder`` SPADE's encoder of a photo
``spade``            the normalisation that reads the label map; ``label_windows`` computes its label path once for
                     every distinct window; ``windows`` numbers those windows; ``grain`` fine noise inside a region
``discriminator``    OASIS's U-Net; ``backbone_discriminator`` the same on the backbone; ``patch_discriminator`` SPADE's
``segmenter``        the reader: a light decoder on the backbone
``spectral``         spectral normalisation; ``convolution`` and ``tensors`` arithmetic they share
"""
