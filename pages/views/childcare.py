"""Kita und Ganztag: places against need, care by age, all-day care for the legal claim, staff."""

from pages.shared import blocks, cached, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Kita und Ganztag")
themes.section(release, region, "fruehkindlich")
