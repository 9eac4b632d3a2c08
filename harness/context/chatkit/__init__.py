"""ChatKit's hosted face: sessions, threads and items as its REST API shows them, without I/O."""
