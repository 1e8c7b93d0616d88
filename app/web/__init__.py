"""The house's front: pages for people, an API for programs."""
