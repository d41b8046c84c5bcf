"""The replay uses the same server and people as the road's own tests."""

from tests.road.conftest import app, client_for, server_clock

__all__ = ["app", "client_for", "server_clock"]
