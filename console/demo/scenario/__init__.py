"""What happens in the embedded estate, and when: incidents as files."""
