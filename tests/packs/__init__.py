"""Industry packs: they load, they are complete, and small histories walk through their stages."""
