"""Pages of the catalogue, and the office's pages about its people."""
