"""Statistical disclosure control: what of a dataset may be shown so that no child is disclosed."""
