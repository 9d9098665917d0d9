"""From answers to files: the same rows, the same words, the same source."""
