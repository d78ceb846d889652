"""InfoGAN for ganx."""
