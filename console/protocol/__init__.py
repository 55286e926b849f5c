"""What a message is, wherever it travels (socket, MQTT, recording)."""
