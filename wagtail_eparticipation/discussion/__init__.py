"""What the public reads of a topic: published participations as comments."""
