"""One step of training, and what it changes.

``step``       generator, then discriminator, on one batch; ``plan`` all random choices of it, made before
``objective``  what a step optimises; ``objectives`` which architecture has which: ``oasis_objective`` with ``losses``,
               ``spade_objective`` with ``spade_losses``; ``perception`` perceptual distances;
               ``appearance`` ties noise to how regions look
``networks``   the networks of a run with their optimisers; ``average`` the generator's moving average
``warm_start`` weights of a published model; ``affinity`` first weights of classes it does not know
``augment``    augmentation, ``adaptive`` as strong as overfitting asks for; ``guard`` stops at numbers that are none
``ranks``      several processes that share a batch; ``shared_norms`` their batch statistics
"""
