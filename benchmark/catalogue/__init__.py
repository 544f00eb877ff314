"""What there is to run: tasks and models of the rooms, of plugins and of installed distributions."""
