"""The pages of a draw on the day of the ceremony and afterwards."""
