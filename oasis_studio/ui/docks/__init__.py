"""The panels at the side: classes, seed, layers."""
