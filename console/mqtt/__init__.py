"""The protocol by way of an MQTT broker: what publishers and viewers have in common."""
