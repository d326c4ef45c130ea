"""Patents and other rights: read from exports, checked, and counted for a firm on a day."""
