"""The command line of ganx: one file a command, loaded when it is called."""
