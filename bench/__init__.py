"""What the road costs beside the least that could do the same: `make bench`."""
