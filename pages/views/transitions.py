"""Übergänge: the gates from Kita to training, each as a flow, over time and by place."""

from pages.shared import blocks, cached, controls, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Übergänge")
view = controls.settled(release, themes.gates(release, region))
blocks.card(view, key="passage", height=360)
