"""What is defined: words, datasets, indicators and how they are arranged, read from TOML."""
