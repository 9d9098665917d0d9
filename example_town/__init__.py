"""The invented town: a seeded simulation of its people and the files its offices would deliver.

A tool of the project, not part of the installed package. `python -m example_town` writes
`data/example/received` and `data/example/boundaries` again, byte for byte.
"""
