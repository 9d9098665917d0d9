"""Figures that one office passes to another: a package of datasets that the other one reads like
any delivery.

A package is a zip archive after the Frictionless Data Package standard: one tidy table a dataset,
`datapackage.json` with checksums, and the definitions that read the tables again. `making` makes
one of a release, protected as published; `unprotected` of the deliveries themselves, encrypted for
a named office; `taking` receives one. `package` is what they share: the form itself.
"""
