"""The inspectors' side: phones as processes of their own, and what happens on a visit."""
