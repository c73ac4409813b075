"""Figures of the survival analyses: each a function from a tidy frame to a Picture (SVG, PNG and what is drawn)."""
