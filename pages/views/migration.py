"""Zuwanderung und Sprachförderung: the chain from arrival to training, places, shares by place."""

from pages.shared import blocks, cached, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Zuwanderung und Sprachförderung")
themes.section(release, region, "migration")
