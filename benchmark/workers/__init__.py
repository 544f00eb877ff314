"""Where cells run: processes of their own here, or workers of a cluster; nothing here knows what a result is."""
