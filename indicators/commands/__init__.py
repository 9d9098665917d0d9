"""Groups of commands that would make the command line too long; each adds its parsers and names
what runs them. Like there, what a command needs it imports itself."""
