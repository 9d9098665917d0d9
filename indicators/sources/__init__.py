"""Official files: read (one module per format, one neutral table out), received, downloaded."""
