"""Where are the embedded estate's caches? As AWS tells it, and as one node calls another."""

from __future__ import annotations

from collectors.readings import ResourceId

DOMAIN = "x7ekzq.euw1.cache.amazonaws.com"
PORT = 6379


def host(about: ResourceId) -> str:
    return f"{about}.{DOMAIN}"


def primary_host(group: str) -> str:
    return f"master.{group}.{DOMAIN}"


def reader_host(group: str) -> str:
    return f"replica.{group}.{DOMAIN}"
