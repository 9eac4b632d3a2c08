"""The network between the two ends of a call: a relay that passes packets or drops them."""
