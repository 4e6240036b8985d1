"""The sync protocol on the wire: /sync/v1."""

from inspect_server.api.sync.views import create_sync_blueprint

__all__ = ["create_sync_blueprint"]
