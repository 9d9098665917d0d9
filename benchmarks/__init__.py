"""What `make bench` measures: the ratios promised as T1 to T10, side by side in one run."""
