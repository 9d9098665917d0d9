"""From an unknown file to received data: proposes how a town's own table is to be read, asks what
is ambiguous, and writes of the answers an ordinary mapping. Knows nothing of pages."""
