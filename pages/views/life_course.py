"""Lebensphasen: all indicators of a region along the life course or in another order."""

from pages.shared import blocks, cached, life_course, regions

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Lebensphasen")
life_course.ladder(release, region)
