"""One module per kind of view: from a view to figure, table, text, notes and source.

Kinds stand on context.py, and on lines.py or places.py where they show a time or compare places;
the school starters, a method with its own assumptions, have a room. What is told where there is no
answer: nearest.py, wanted.py, obtainable.py, unpublished.py, uncollected.py.
"""
