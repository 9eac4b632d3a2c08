"""Tools for tests of one's own adapters: the contract suite, a simulated peer, a hand clock."""
