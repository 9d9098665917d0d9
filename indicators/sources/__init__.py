"""Readers of the files officials hand out: one module per format, one neutral table out."""
