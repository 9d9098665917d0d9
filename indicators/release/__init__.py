"""What is published: a release, every question to it, and the values made of its counts."""
