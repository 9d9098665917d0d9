"""Pure arithmetic on frames and numbers: no files, no database, no display."""
