"""Forms: built by staff, filled in by visitors, on a page of their own or within others."""
