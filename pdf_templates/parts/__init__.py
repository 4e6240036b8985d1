"""What documents share: people, opinions, signatures, remedies, money; as facts and as set."""
