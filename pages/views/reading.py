"""Daten einlesen: from a file to received data, for those who may."""

from pages.shared import reading_page

reading_page.page()
