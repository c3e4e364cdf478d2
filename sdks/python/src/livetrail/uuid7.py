"""UUIDs of version 7 (RFC 9562): a millisecond clock, then random bits. Python has them from 3.14 on."""

import os
import time
from uuid import UUID


def uuid7() -> str:
    """48 bits of Unix milliseconds, 4 of version, 12 random, 2 of variant, 62 random; as text."""
    milliseconds = time.time_ns() // 1_000_000
    # The random bits come from the operating system, so that two children of a fork never make the same id.
    bits = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    return str(UUID(int=bits & ~(0xF << 76 | 0b11 << 62) | 0x7 << 76 | 0b10 << 62))
