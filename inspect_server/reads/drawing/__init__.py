"""What pages about draws show beyond the lists in `reads.draws`."""
