"""Search: what a reader types becomes hits and, where it is a question, a view. By rule, offline.

`words` reads German (folding, endings, compounds, typos), `index` holds what can be found in a
release, `places` and `times` find regions and periods in a question, `question` puts them together.
"""
