"""Reports: pages of answers, as Documents, and a site of them."""
