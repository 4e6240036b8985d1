"""Documents by which evidence is taken: interviews, the scene, samples, preserved things."""
