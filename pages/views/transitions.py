"""Übergänge: the gates from Kita to training, each as a flow, over time and by place."""

from pages.shared import blocks, cached, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Übergänge")
gate = themes.gate(release)
blocks.card(themes.passage(release, region, gate), key="passage", height=360)
