"""The independent audit: can anybody work out what a release hides?"""
