"""What follows from answers: what is asked, what is calculated, what cannot stand."""
