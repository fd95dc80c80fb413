"""Weights in files.

``checkpoint``  reads and writes the networks of a model, in safetensors
``official``    published checkpoints of OASIS and SPADE
"""
