"""One module per kind of view: from a view to figure, table, text, notes and source."""
