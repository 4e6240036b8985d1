"""What every command shares: who acts, Chinese words, progress."""
