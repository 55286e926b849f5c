"""What may a login of the console be granted, and no more? Written out for whoever administers a cache or a server."""
