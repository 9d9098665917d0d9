"""Pickers bound to the URL (stub; the real ones follow)."""


def region_picker() -> None:
    """Choose the education region."""
