"""Debug mode: shows recorded activities and requests on the standard error output."""

import logging
import os

_OFF = {"", "0", "false", "no", "off"}


def show(debug: bool | None) -> None:
    """Switches it on if `debug` is true, or if it is None and `LIVETRAIL_DEBUG` is set."""
    if debug is None:
        debug = os.environ.get("LIVETRAIL_DEBUG", "").strip().lower() not in _OFF
    if not debug:
        return
    log = logging.getLogger("livetrail")
    log.setLevel(logging.DEBUG)
    # An application that has set up its logging decides where it goes.
    if not log.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("livetrail: %(message)s"))
        log.addHandler(handler)
