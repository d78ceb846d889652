"""A GAN with a slot for each label, as a plugin of ganx."""
