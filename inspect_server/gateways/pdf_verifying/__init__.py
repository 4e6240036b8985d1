"""Looking at PDF files that anybody may have made: their signatures and what they prove."""
