"""The story of a training run.

``run``        a recipe, its data and its folder; ``trainer`` phases of steps; ``stepper`` steps in parts where the
               memory is short; ``keeper`` states, previews and models; ``publish`` a model that the editor can open
``held_out``   the number that decides which model is the best
``control``    what a person asks of a running training; ``clock``, ``tensorboard`` what is told about it
``launch``, ``priority``, ``freed_memory``  processes, priority and memory
``measure``    what a recipe would cost on this machine
"""
