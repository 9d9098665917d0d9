"""Demografie: school starters of the next years, pyramid, age groups, births, migration."""

from pages.shared import blocks, cached, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Demografie")
themes.section(release, region, "demografie")
