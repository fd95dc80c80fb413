"""The two canvases: labels to paint on and the photo, with one shared zoom and pan."""
