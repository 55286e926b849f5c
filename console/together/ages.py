"""How long is somebody here who says nothing any more? A screen says what it sees every half minute."""

FADES_S, GONE_S = 45.0, 90.0
