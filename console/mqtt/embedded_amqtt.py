"""amqtt as it is used here: it listens nowhere itself, and keeps only what a door has let through."""

from __future__ import annotations

from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session


class LetIn(BaseAuthPlugin):  # type: ignore[misc]  # amqtt says nothing of its types
    """Whoever comes this far was let in at the door."""

    async def authenticate(self, *, session: Session) -> bool:
        return bool(session.username)


class _Amqtt(Broker):  # type: ignore[misc]  # amqtt says nothing of its types
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """To those who have asked for it: amqtt sends it to each new client for everybody's subscriptions."""
        if any(each is session for each, _ in self.subscriptions.get(subscription[0], ())):
            await super()._publish_retained_messages_for_subscription(subscription, session)


async def started() -> Broker:
    """Running. No plug-in that judges topics: amqtt waits for it while it walks over its subscriptions."""
    plugins: dict[str, Any] = {f"{__name__}.{LetIn.__name__}": {}}
    nowhere = ListenerConfig(type=ListenerType.EXTERNAL, bind="nowhere")
    broker = _Amqtt(BrokerConfig(listeners={"default": nowhere}, plugins=plugins))
    await broker.start()
    return broker
