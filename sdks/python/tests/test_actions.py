"""The constants, which the server's own tests compare with the catalogue."""

from livetrail import actions


def test_a_constant_is_its_key() -> None:
    assert (actions.USER_LOGIN, actions.API_OPERATION) == ("user_login", "api_operation")
