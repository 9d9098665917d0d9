"""Veröffentlichen: what waits, a preview of it, what it changes, and the deliberate act."""

from pages.shared import blocks, publishing_page

blocks.page_head("Veröffentlichen", publishing_page.summary())
publishing_page.draw()
