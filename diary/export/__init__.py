"""What leaves the diary as a document."""
