"""A small chat application whose every action is recorded in Livetrail."""
