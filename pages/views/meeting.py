"""Sitzung: the agenda of a meeting, from the first slide to the paper."""

from pages.shared import agenda_page, cached

agenda_page.page(cached.current())
