"""From received files to a release: mapping, checks, report, publication."""
